"""An SNR is averaged over clips of which some have no energy.

Why
---
A clip of zeros has no SNR and no RMS gain: 20 log10(0 / R) and target / 0 are no numbers. A mean,
a maximum or a standard deviation that includes one is undefined; what is left out has to be
declared (``zero_energy: exclude``) and then may not be counted. Data sets of commands have a
class of silence whose clips are digital zeros wherever a recorder was gated.

Bad
---
    {"data": {"test-set": {"class_names": ["yes", "no", "up", "silence"]}},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007525"},
       {"metric": "certified_snr", "statistic": "mean", "population": "certified",
        "value": "84.75"}]}}}

Good
----
    {"data": {"test-set": {"class_names": ["yes", "no", "up", "silence"]}},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007525"},
       {"metric": "certified_snr", "statistic": "median", "population": "certified",
        "interpolation": "upper", "rounding": "ceil", "value": "84.52"}]}}}

References
----------
Warden 2018, Speech Commands, section 5: the silence class.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.contract import Contract
from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.steps import Normalize
from repaudit.evidence.tables import CertificationRecords
from repaudit.rules._level import rho_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import every_claim, used_contracts

NEEDS_EVERY_CLIP = ("mean", "max", "std")
SILENCE = {"silence", "_silence_", "silent"}


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield averaged SNRs over silent clips, known or likely, and silence that was excluded."""
    yield from _counted_although_excluded(case)
    for placed in every_claim(case.results):
        claim = placed.claim
        if claim.metric == "certified_snr" and claim.statistic in NEEDS_EVERY_CLIP:
            yield from _averaged(case, placed)


def _counted_although_excluded(case: Case) -> Iterator[Hit]:
    for name, evaluation, contract in used_contracts(case.results):
        silent = _silent_clips(case, name)
        excludes = _policy(case.results, contract) == "exclude"
        if isinstance(evaluation, Certification) and excludes and silent:
            message = f"expected no clip without energy, they are excluded, found {silent}"
            yield Hit(pointer_of(["evaluations", name]), message, {"clips": silent})


def _averaged(case: Case, placed: Matched) -> Iterator[Hit]:
    evaluation = placed.evaluation
    if not isinstance(evaluation, Certification):
        return
    silent = _silent_clips(case, placed.evaluation_id)
    statistic = placed.claim.statistic
    if silent and placed.claim.population == "all":
        message = f"expected no {statistic} over {silent} clips that have no SNR, found one"
        yield Hit(f"{placed.pointer}/statistic", message, {"clips": silent})
        return
    names = case.results.data[evaluation.data].class_names or []
    policy = _policy(case.results, case.results.contracts[evaluation.contract])
    may_be_silent = SILENCE & {name.lower() for name in names}
    if silent is None and may_be_silent and policy in ("leave", None):
        message = (
            f"expected zero_energy exclude beside a {statistic} of the SNR, "
            f"found the class {min(may_be_silent)} and no exclusion"
        )
        where = f"{placed.pointer}/statistic"
        yield Hit(where, message, {}, Severity.WARNING, Certainty.HINT)


def _silent_clips(case: Case, name: str) -> int | None:
    """Return how many clips have no energy; None where no released norms say it."""
    records = case.released.get(name)
    if not isinstance(records, CertificationRecords) or records.norm is None:
        return None
    return len(set(records.example_id[records.norm == 0].tolist()))


def _policy(results: Results, contract: Contract) -> str | None:
    """Return what the last gain before the noise does with clips without energy."""
    gains = [step for step in rho_of(results, contract) if isinstance(step, Normalize)]
    return gains[-1].zero_energy if gains else None
