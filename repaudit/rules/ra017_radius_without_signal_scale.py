"""A waveform radius stands without the level of the signal.

Why
---
A radius of .008 is 84 dB below one signal and 20 dB below another: scaling the clip by c moves
its meaning by 20 log10 c. Where the steps before the noise do not bring every clip to one level,
the radius needs a scale that is relative to the signal beside it: the certified SNR or the radius
on the recording.

Bad
---
    {"pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"}]},
     "contracts": {"waveform": {"perturbation": {"location": "crop_pad"},
       "scale": ["certified_radius"]}},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007525"}]}}}

Good
----
    {"contracts": {"waveform": {"scale": ["certified_radius"]}},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007525"}]}}}

References
----------
Representation-aware smoothing, failure mode 2: a raw radius omits the signal scale.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Certification
from repaudit.contract.positions import pointer_of
from repaudit.rules._level import level_of, rho_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import used_contracts

RELATIVE = {"certified_snr", "recording_radius"}


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every waveform contract whose radii are reported on no scale of the signal."""
    seen: set[str] = set()
    for _, evaluation, contract in used_contracts(case.results):
        if not isinstance(evaluation, Certification) or evaluation.contract in seen:
            continue
        claimed = {
            claim.metric
            for other in case.results.evaluations.values()
            if isinstance(other, Certification) and other.contract == evaluation.contract
            for claim in other.claims
        }
        is_absolute = "certified_radius" in claimed and not claimed & RELATIVE
        if contract.object != "waveform" or not is_absolute or RELATIVE & set(contract.scale):
            continue
        if level_of(rho_of(case.results, contract)) is None:
            seen.add(evaluation.contract)
            message = (
                "expected certified_snr or recording_radius beside the radius of clips of any "
                "level, found neither"
            )
            where = pointer_of(["contracts", evaluation.contract, "scale"])
            yield Hit(where, message)
