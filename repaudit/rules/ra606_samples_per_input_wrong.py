"""The points averaged per input are not those that the defence describes.

Why
---
Post-averaging moves the input along K directions, both ways, by every step size: 2 x 3 x K points
with three step sizes, and the input itself when it is included. Another count is another
defence, or another cost.

Bad
---
    {"defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fresh"}},
     "evaluations": {"averaged": {"kind": "empirical", "data": "test-set",
       "model": "keyword-cnn", "pipeline": "keyword-spotter", "attacks": [],
       "defence": "averaged",
       "claims": [{"metric": "samples_per_input", "classifier": "defended", "value": "90"}]}}}

Good
----
    {"defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": false, "domain": "softmax",
       "location": "normalize", "randomness": "fresh"}},
     "evaluations": {"averaged": {"kind": "empirical", "data": "test-set",
       "model": "keyword-cnn", "pipeline": "keyword-spotter", "attacks": [],
       "defence": "averaged",
       "claims": [{"metric": "samples_per_input", "classifier": "defended", "value": "90"}]}}}

References
----------
Lin et al. 2019, Bandlimiting neural networks against adversarial attacks, equation 8 and section
4.3: 15 x 2 x 3 + 1 = 91.
"""

from collections.abc import Iterator
from functools import partial

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.attack import Defence
from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Empirical
from repaudit.rules._counts import Read, severity_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import every_claim


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield every count of samples of a defended input that its defence excludes."""
    for placed in every_claim(case.results):
        evaluation, claim = placed.evaluation, placed.claim
        if claim.metric != "samples_per_input" or not isinstance(evaluation, Empirical):
            continue
        if evaluation.defence is None or claim.classifier == "base":
            continue
        expected = _samples(case.results.defences[evaluation.defence])
        if expected is None:
            continue
        severity = severity_of(partial(_fits, claim, expected), Severity.ERROR)
        if severity is not None:
            message = f"expected {expected} samples per input, found {claim.value}"
            yield Hit(f"{placed.pointer}/value", message, {"expected": expected}, severity)


def _fits(claim: Claim, expected: int, read: Read) -> bool:
    interval = read(claim)
    return interval is None or interval[0] <= expected <= interval[1]


def _samples(defence: Defence) -> int | None:
    """Return 2 S K, and 1 for the input itself; None where the defence leaves one open."""
    if defence.directions == "unstated" or defence.includes_input == "unstated":
        return None
    if defence.steps == "unstated":
        return None
    return 2 * len(defence.steps) * defence.directions + int(defence.includes_input)
