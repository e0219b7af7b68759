"""A median SNR seems to be computed from the median radius and one norm.

Why
---
Where clips differ in level, the median of 20 log10(norm / R) is not 20 log10 of one norm over the
median of R: loud clips and large radii are different clips. Rows of one data set whose median SNR
and median radius give one and the same norm, although the radii are below the ceiling and the
declared steps fix no level, were transformed after the median was taken.

Bad
---
    {"pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "peak", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"}]},
     "evaluations": {
      "spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007525"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "value": "66.43"}]},
      "sigma-0.005": {"kind": "certification", "data": "test-set", "model": "keyword-cnn",
       "contract": "waveform", "sigma": 0.005, "sampling": "monte-carlo", "claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".014551"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "value": "60.70"}]},
      "sigma-0.01": {"kind": "certification", "data": "test-set", "model": "keyword-cnn",
       "contract": "waveform", "sigma": 0.01, "sampling": "monte-carlo", "claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".028843"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "value": "54.76"}]}}}

Good
----
    {"pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "peak", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"}]},
     "evaluations": {
      "spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007525"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "value": "66.43"}]},
      "sigma-0.005": {"kind": "certification", "data": "test-set", "model": "keyword-cnn",
       "contract": "waveform", "sigma": 0.005, "sampling": "monte-carlo", "claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".014551"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "value": "60.91"}]},
      "sigma-0.01": {"kind": "certification", "data": "test-set", "model": "keyword-cnn",
       "contract": "waveform", "sigma": 0.01, "sampling": "monte-carlo", "claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".028843"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "value": "54.52"}]}}}

References
----------
Representation-aware smoothing, equation 6.
"""

from collections import defaultdict
from collections.abc import Iterator
from math import inf

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._level import level_of, rho_of
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._setting import Key, content, data_key
from repaudit.rules._snr import ceiling_of, db, floats, radius_beside
from repaudit.rules._walk import every_claim

AT_LEAST = 3
"""Rows that agree: two do by chance in a few of a hundred tables, three in a few of a thousand."""


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield the first row of each data set whose rows all give one norm."""
    groups: defaultdict[Key, list[tuple[Matched, float, float]]] = defaultdict(list)
    for placed in every_claim(case.results):
        found = _norm_db(case.results, placed)
        if found is not None:
            groups[_key(case.results, placed)].append((placed, *found))
    for rows in groups.values():
        low, high = max(row[1] for row in rows), min(row[2] for row in rows)
        if len(rows) >= AT_LEAST and low <= high:
            message = (
                f"expected median SNRs of clips, found {len(rows)} rows that are all "
                f"20 log10 of one norm, {10 ** ((low + high) / 40):.4g}, over the median radius"
            )
            evidence = {"rows": ", ".join(placed.evaluation_id for placed, _, _ in rows)}
            yield Hit(f"{rows[0][0].pointer}/value", message, {**evidence})


def _key(results: Results, placed: Matched) -> Key:
    evaluation = placed.evaluation
    assert isinstance(evaluation, Certification)
    contract = results.contracts[evaluation.contract]
    return data_key(results, evaluation.data), content(evaluation.contract, contract)


def _norm_db(results: Results, placed: Matched) -> tuple[float, float] | None:
    """Return 20 log10 of the norm that a row implies; None where nothing follows from it."""
    evaluation = placed.evaluation
    if not isinstance(evaluation, Certification) or placed.claim.metric != "certified_snr":
        return None
    level = level_of(rho_of(results, results.contracts[evaluation.contract]))
    beside = radius_beside(results, placed)
    snr, radius = interval_of(placed.claim), interval_of(beside.claim) if beside else None
    if level is not None or snr is None or radius is None:
        return None
    low, high = floats(radius)
    ceiling = ceiling_of(results, evaluation)
    # At the ceiling every clip has one radius, and the norm is the median clip's.
    if low <= 0 or ceiling == inf or high >= ceiling:
        return None
    return float(snr[0]) - db(1.0, low), float(snr[1]) - db(1.0, high)
