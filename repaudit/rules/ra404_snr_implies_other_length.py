"""Two SNRs of one data set imply two lengths of its clips.

Why
---
A gain moves every SNR by 20 log10 of it: SNR(c x, R) = SNR(x, R) + 20 log10 c. So the number of
samples that an SNR, its radius and the declared RMS imply is the same in every row of a data set,
also where the file leaves it open. Rows that need two numbers do not have the levels they declare.

Bad
---
    {"pipelines": {"keyword-spotter": [
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "exclude"}],
      "quiet": [
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 0.5, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "exclude"}]},
     "contracts": {"quiet": {"pipeline": "quiet", "object": "waveform", "transform": [],
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius", "certified_snr"]}},
     "evaluations": {"quiet": {"kind": "certification", "data": "test-set",
       "model": "keyword-cnn", "contract": "quiet", "sigma": 0.0025, "sampling": "monte-carlo",
       "claims": [{"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007996"},
        {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"pipelines": {"keyword-spotter": [
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "exclude"}],
      "quiet": [
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 0.5, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "exclude"}]},
     "contracts": {"quiet": {"pipeline": "quiet", "object": "waveform", "transform": [],
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "normalize",
        "dtype": "float32"},
       "scale": ["certified_radius", "certified_snr"]}},
     "evaluations": {"quiet": {"kind": "certification", "data": "test-set",
       "model": "keyword-cnn", "contract": "quiet", "sigma": 0.0025, "sampling": "monte-carlo",
       "claims": [{"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007996"},
        {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "77.97"}]}}}

References
----------
Representation-aware smoothing, equation 6 and what follows it.
"""

from collections import defaultdict
from collections.abc import Iterator
from math import inf, log10

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.results import Results
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._setting import Key, content, data_key
from repaudit.rules._snr import FLOAT_DB, Row, db, floats, middle_radii, rows


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each row whose length agrees with that of no earlier row of its data set."""
    seen: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows(case.results):
        if row.radius is None or row.level.samples is not None or not row.level.is_certain:
            continue
        known = seen[_clips(case.results, row)]
        for other in known:
            severity = _severity(row, other)
            if severity is not None:
                yield _hit(row, other, severity)
                break
        known.append(row)


def _clips(results: Results, row: Row) -> Key:
    """Return what fixes the length of the certified vector: the data, the steps, the gain aside."""
    contract = results.contracts[row.evaluation.contract]
    steps = results.pipelines[contract.pipeline]
    before = [step for step in steps if step.step in ("mix_down", "resample", "crop_pad")]
    return data_key(results, row.evaluation.data), content(contract.pipeline, before)


def _severity(row: Row, other: Row) -> Severity | None:
    def agree(read: Read) -> bool:
        one, two = _length_db(row, read), _length_db(other, read)
        return one[0] <= two[1] + FLOAT_DB and two[0] <= one[1] + FLOAT_DB

    return severity_of(agree, Severity.ERROR)


def _length_db(row: Row, read: Read) -> tuple[float, float]:
    """Return 10 log10 of the number of samples that a row implies, smallest and largest."""
    assert row.radius is not None
    snr, radius = read(row.snr.claim), read(row.radius.claim)
    if snr is None or radius is None:
        return -inf, inf
    radii = list(middle_radii(row, floats(radius)))
    smallest, largest = min(low for low, _ in radii), max(high for _, high in radii)
    low, high = floats(snr)
    # Clips without energy only make a median SNR larger.
    least = low - db(row.level.rms, smallest) if row.level.drops_silence else -inf
    return least, high - db(row.level.rms, largest)


def _hit(row: Row, other: Row, severity: Severity) -> Hit:
    assert other.radius is not None
    change = 20 * log10(row.level.rms / other.level.rms)
    message = (
        f"expected the SNR {other.snr.claim.value} of {other.snr.evaluation_id} at its radius "
        f"{other.radius.claim.value} moved by the gain {change:+.2f} dB and by the radius, "
        f"found {row.snr.claim.value}"
    )
    return Hit(f"{row.snr.pointer}/value", message, {"other": other.snr.pointer}, severity)
