"""A suppression has no effect.

Why
---
Only warnings and notes can be accepted by their author; an error stays an error. A suppression
that matches nothing hides the next finding at that place from a reader who has not looked.

Bad
---
    {"suppressions": [{"code": "RA048", "pointer": "/evaluations/spoken-words/claims",
       "reason": "left over from an earlier version"}]}

Good
----
    {"suppressions": []}

References
----------
The results file: only warnings and notes can be suppressed, never an error or a verdict.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.positions import pointer_of
from repaudit.rules._registry import registry
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.NOTE, certainty=Certainty.PROVED, last=True)
def check(case: Case) -> Iterator[Hit]:
    """Yield the suppressions that suppressed nothing, where their rule ran; never its own."""
    known = registry().keys()
    for i, entry in enumerate(case.results.suppressions):
        if entry.code in known and entry.code not in case.judged | {"RA052"}:
            continue
        matching = [f for f in case.findings if (f.code, f.pointer) == (entry.code, entry.pointer)]
        if all(finding.suppressed is None for finding in matching):
            found = _found(entry.code in known, [finding.severity for finding in matching])
            message = f"expected a warning or a note of {entry.code} there, found {found}"
            yield Hit(pointer_of(["suppressions", i]), message)


def _found(is_known: bool, severities: list[Severity]) -> str:
    if severities:
        return f"an {severities[0]}"
    return "nothing" if is_known else "no such rule"
