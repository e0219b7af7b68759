"""Every median SNR follows from clip length, sigma and budget alone.

Why
---
Under RMS gain the norm is t sqrt(T); when the median clip also has the largest radius that the
budget certifies, its SNR is 20 log10(t sqrt(T) / (sigma z)), whatever the classifier does. A
column of such values over clips of several lengths compares the lengths: one and five seconds
differ by 10 log10(5) dB, the models not at all.

Bad
---
    {"pipelines": {"five-seconds": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 80000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"}]},
     "contracts": {"five-seconds": {"pipeline": "five-seconds", "object": "waveform",
       "transform": [], "scale": ["certified_radius", "certified_snr"],
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"}}},
     "evaluations": {
      "spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "mean", "population": "all",
        "rounding": "floor", "value": ".0072"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]},
      "sounds": {"kind": "certification", "data": "test-set", "model": "keyword-cnn",
       "contract": "five-seconds", "sigma": 0.0025, "sampling": "monte-carlo", "claims": [
       {"metric": "certified_radius", "statistic": "mean", "population": "all",
        "rounding": "floor", "value": ".0061"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "90.98"}]}}}

Good
----
    {"pipelines": {"five-seconds": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 80000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"}]},
     "contracts": {"five-seconds": {"pipeline": "five-seconds", "object": "waveform",
       "transform": [], "scale": ["certified_radius", "certified_snr"],
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"}}},
     "evaluations": {
      "spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "mean", "population": "all",
        "rounding": "floor", "value": ".0072"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]},
      "sounds": {"kind": "certification", "data": "test-set", "model": "keyword-cnn",
       "contract": "five-seconds", "sigma": 0.0025, "sampling": "monte-carlo", "claims": [
       {"metric": "certified_radius", "statistic": "mean", "population": "all",
        "rounding": "floor", "value": ".0061"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "91.20"}]}}}

References
----------
Representation-aware smoothing, table 1: 83.98 and 90.97 dB differ by 10 log10(5).
"""

from collections.abc import Iterator
from math import inf

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._snr import FLOAT_DB, Row, db, rows


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield the first median SNR when all, over clips of several lengths, are at the floor."""
    medians = [
        row
        for row in rows(case.results)
        if row.snr.claim.statistic == "median" and row.snr.claim.value is not None
    ]
    lengths = sorted({row.level.samples for row in medians if row.level.samples is not None})
    if len(lengths) < 2 or not all(_is_at_floor(row) for row in medians):
        return
    message = (
        f"expected an SNR that depends on the classifier, found all {len(medians)} medians at "
        "20 log10(norm / largest radius), which clip length, sigma and budget give alone"
    )
    evidence = {
        "rows": ", ".join(dict.fromkeys(row.snr.evaluation_id for row in medians)),
        "clip_lengths": ", ".join(map(str, lengths)),
    }
    yield Hit(f"{medians[0].snr.pointer}/value", message, {**evidence})


def _is_at_floor(row: Row) -> bool:
    printed = interval_of(row.snr.claim)
    if printed is None or row.level.norm is None or row.ceiling == inf:
        return False
    floor = db(row.level.norm, row.ceiling)
    return float(printed[0]) - FLOAT_DB <= floor <= float(printed[1]) + FLOAT_DB
