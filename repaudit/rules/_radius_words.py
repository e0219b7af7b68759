"""What is impossible about a claimed radius, in words and numbers."""

from collections.abc import Iterator

from repaudit.rules._radius_faults import CODE_OF_KIND, Fault, Kind, faults_of
from repaudit.rules._rule import Case, Hit

WORDS: dict[Kind, str] = {
    "above": "expected a radius of at most {top}, found {value}",
    "below": "expected 0 or a radius of at least {least}, found {value}",
    "zero": "expected radii of at least {least} among the certified, found {value}",
    "off": "expected a radius that some count of {n} gives, found {value}",
    "signature": "expected a radius that the declared budget makes likely, found {value}",
}


def hits_of(case: Case, code: str) -> Iterator[Hit]:
    """Yield the faults of one rule as its hits."""
    for fault in faults_of(case):
        if fault.code == code:
            where = fault.radius.placed.pointer
            yield Hit(where, _message(fault), _evidence(fault), fault.severity, fault.certainty)


def _message(fault: Fault) -> str:
    radius = fault.radius
    words = WORDS[fault.kind].format(
        top=_digits(radius.sigma * radius.ceiling),
        least=_digits(radius.sigma * radius.lowest),
        n=radius.settings[0].n,
        value=radius.placed.claim.value,
    )
    if fault.explanation is None or fault.code == CODE_OF_KIND.get(fault.kind):
        return words
    return f"{words}, the ceiling under {fault.explanation.by}"


def _evidence(fault: Fault) -> dict[str, str | int | float | bool | None]:
    radius = fault.radius
    evidence: dict[str, str | int | float | bool | None] = {
        "ceiling": float(_digits(radius.sigma * radius.ceiling)),
        "n": radius.settings[0].n,
        "alpha": radius.settings[0].alpha,
    }
    if fault.explanation is not None and fault.chance is not None:
        evidence["explained_by"] = fault.explanation.by
        evidence["chance"] = float(f"{fault.chance:.2g}")
    return evidence


def _digits(value: float) -> str:
    return f"{value:.7g}"
