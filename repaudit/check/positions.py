"""Line and column of everything that is said about a place in the results file."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from repaudit.audit.comparison import Comparison
from repaudit.audit.finding import Finding, Severity
from repaudit.contract.load import Document

Pointed = TypeVar("Pointed", Finding, Comparison)
ORDER = list(Severity)


def located(document: Document, said: Sequence[Pointed]) -> list[Pointed]:
    """Return the same objects with line and column; one walk over the text for all of them."""
    places = document.places({one.pointer for one in said})
    return [
        one.model_copy(
            update={
                "line": places[one.pointer].value.line,
                "column": places[one.pointer].value.column,
            }
        )
        for one in said
    ]


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, the worst first, then in the order of the file."""
    return sorted(
        findings, key=lambda f: (ORDER.index(f.severity), f.line or 0, f.column or 0, f.code)
    )
