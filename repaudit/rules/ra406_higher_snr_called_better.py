"""A higher certified SNR is treated as the stronger certificate.

Why
---
SNR = 20 log10(norm / R) falls as the radius grows: 66 dB certifies a perturbation eight times as
large as 84 dB. A table that picks the largest SNR as its best shows the weakest certificate, and
a sentence that calls a rise an improvement says the opposite of its numbers.

Bad
---
    {"statements": [{"source": "section 5",
       "quote": "Our certified SNR of at least 80 dB is higher, hence stronger, than theirs.",
       "asserts": [{"of": {"metric": "certified_snr"}, "relation": "at_least", "value": "80"}]}]}

Good
----
    {"statements": [{"source": "section 5",
       "quote": "The certified SNR is at most 84 dB, stronger than theirs.",
       "asserts": [{"of": {"metric": "certified_snr"}, "relation": "at_most", "value": "84"}]}]}

References
----------
The results file, metrics: stronger means lower for ``certified_snr``.
"""

import re
from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import matching_claims
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.statement import Assert
from repaudit.rules._rule import Case, Hit, rule

BETTER = re.compile(
    r"\b(better|stronger|strongest|best|improv\w+|more robust|gains?)\b", re.IGNORECASE
)
WORSE = re.compile(r"\b(worse\w*|weaker|weakest|worst|degrad\w+|less robust)\b", re.IGNORECASE)
RISES = {"increasing", "greater", "at_least"}
FALLS = {"decreasing", "less", "at_most"}


@rule(severity=Severity.WARNING, certainty=Certainty.HINT, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield tables that pick the largest SNR and sentences that praise a rise or blame a fall."""
    yield from _tables(case.results)
    for i, statement in enumerate(case.results.statements):
        praised, blamed = BETTER.search(statement.quote), WORSE.search(statement.quote)
        for j, claimed in enumerate(statement.asserts):
            if not _is_of_snr(case.results, claimed):
                continue
            word = praised if claimed.relation in RISES else blamed
            other = blamed if claimed.relation in RISES else praised
            if claimed.relation in RISES | FALLS and word is not None and other is None:
                message = (
                    "expected a lower certified SNR called the stronger one, "
                    f'found "{word[0]}" beside {claimed.relation}'
                )
                yield Hit(pointer_of(["statements", i, "asserts", j, "relation"]), message)


def _is_of_snr(results: Results, claimed: Assert) -> bool:
    metrics = {match.claim.metric for match in matching_claims(results, claimed.of)}
    return metrics == {"certified_snr"}


def _tables(results: Results) -> Iterator[Hit]:
    for name, table in results.tables.items():
        for side, lines, across in (
            ("rows", table.rows, table.columns),
            ("columns", table.columns, table.rows),
        ):
            for i, line in enumerate(lines):
                selects = [(table.select, line.select, other.select) for other in across]
                found = {m.claim.metric for s in selects for m in matching_claims(results, *s)}
                if line.pick == "max" and found == {"certified_snr"}:
                    message = "expected the smallest certified SNR picked as the strongest"
                    pointer = pointer_of(["tables", name, side, i, "pick"])
                    yield Hit(pointer, f"{message}, found the largest", {})
