"""Aliasing is said to make a network vulnerable.

Why
---
That networks with less aliasing withstand attacks better is a correlation over a handful of
networks that differ in their training too. A measure above zero proves that a spectrum was
folded, not that an attack succeeds; whether it does, an attack says.

Bad
---
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "am", "layer": "blocks.2.pool", "value": "0.74"}]}},
     "statements": [{"source": "section 5", "asserts": [],
       "quote": "Because of its aliasing the network is vulnerable to attacks."}]}

Good
----
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "am", "layer": "blocks.2.pool", "value": "0.74"}]}},
     "statements": [{"source": "section 5", "asserts": [],
       "quote": "Aliasing and vulnerability to attacks are highly correlated."}]}

References
----------
Grabinski et al. 2022, Aliasing coincides with CNNs vulnerability towards adversarial attacks:
"coincides", in its title.
"""

import re
from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Aliasing
from repaudit.contract.positions import pointer_of
from repaudit.rules._rule import Case, Hit, rule

ALIASING = re.compile(r"alias|\bAM\b", re.IGNORECASE)
OUTCOME = re.compile(r"vulnerab|attack|robust", re.IGNORECASE)
CAUSE = re.compile(
    r"\b(because|due to|causes?|caused|leads? to|makes?|explains?|expect\b.*\bto be)\b",
    re.IGNORECASE | re.DOTALL,
)
CAUTION = re.compile(
    r"hypothes|\b(may|might|could|question|correlat\w*|coincid\w*|associat\w*)\b", re.IGNORECASE
)


@rule(severity=Severity.WARNING, certainty=Certainty.HINT)
def check(case: Case) -> Iterator[Hit]:
    """Yield every quoted sentence, in a file about aliasing, that concludes an attack from it."""
    if not any(isinstance(e, Aliasing) for e in case.results.evaluations.values()):
        return
    for i, statement in enumerate(case.results.statements):
        if _is_causal(statement.quote):
            message = "expected aliasing and attacks reported side by side, found one as the cause"
            yield Hit(pointer_of(["statements", i, "quote"]), message)


def _is_causal(quote: str) -> bool:
    says = all(pattern.search(quote) for pattern in (ALIASING, OUTCOME, CAUSE))
    return says and CAUTION.search(quote) is None
