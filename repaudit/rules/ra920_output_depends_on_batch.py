"""The output for one input depends on what else is in the batch.

Why
---
A certificate is about a function of x. BatchNorm in training mode, a dynamic range counted from
the loudest clip of the batch or a normalisation over the batch make it a function of the company:
another batch size, order or neighbour, another vote. Rounding may move logits by a millionth;
an error says that the change exceeds what decides the vote.

Bad
---
    {"x-probes": [{"name": "batch_dependence", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked", "numbers": {"batch_sizes": "1, 2, 16",
       "one_row": 3.1, "votes_changed": 2, "loud_companions": 4.0}}]}

Good
----
    {"x-probes": [{"name": "batch_dependence", "evaluation": "spoken-words",
       "checkpoint": "seed0", "status": "asked", "numbers": {"batch_sizes": "1, 2, 16",
       "one_row": 0.0004, "votes_changed": 0, "loud_companions": 0.0004}}]}

References
----------
pytorch/audio issues 994 and 3448 (top_db over the batch); pytorch issue 58128 (rounding).
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._asked import Asked, asked
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules.ra922_output_drawn_at_random import is_random

SEEN = 1e-3
"""of the margin: a thousand times what rounding moves"""
DECIDES = 1.0
"""of the margin: votes go elsewhere"""
COMPANY = {
    "other_companions": "other companions",
    "other_order": "another order",
    "one_row": "a batch of one",
    "two_rows": "a batch of two",
    "usual_rows": "a block of the certification's size",
}
UNUSUAL = {"loud_companions": "companions 36 dB louder and softer"}


@rule(severity=Severity.ERROR, certainty=Certainty.LIKELY, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every classifier that is no function of its input, randomness of its own aside."""
    for batch in asked(case, "batch_dependence"):
        if any(
            is_random(other) for other in asked(case, "internal_randomness") if _same(other, batch)
        ):
            continue
        severity, found = _judged(batch)
        if severity is not None:
            message = f"{batch.who}expected logits that depend on the input alone, found {found}"
            evidence = batch.evidence("change_over_margin", "votes_changed", *COMPANY, *UNUSUAL)
            yield Hit(batch.pointer, message, evidence, severity)


def _same(one: Asked, other: Asked) -> bool:
    this, that = one.probe, other.probe
    return (this.evaluation, this.checkpoint) == (that.evaluation, that.checkpoint)


def _judged(batch: Asked) -> tuple[Severity | None, str]:
    """Return how bad it is and what was found; companions of unusual level are never an error."""
    for company in (COMPANY, UNUSUAL):
        change, words = max((batch.number(key) or 0.0, words) for key, words in company.items())
        if change > SEEN:
            is_error = company is COMPANY and change > DECIDES
            severity = Severity.ERROR if is_error else Severity.WARNING
            return severity, f"a change of {change:.2g} margins with {words}"
    votes = (batch.number("votes_changed") or 0) + (batch.number("loud_votes_changed") or 0)
    if votes:
        return Severity.WARNING, f"{votes:.0f} votes that change with the batch"
    refused = batch.probe.numbers.get("refused_sizes")
    return (Severity.WARNING, f"no output for batches of {refused}") if refused else (None, "")
