"""A setting that moves the numbers is unstated.

Why
---
There are no defaults for anything that moves a number, so a number without its settings cannot be
checked. Who types in somebody else's table may not know them; who made the numbers does, and
neither reads them off a figure nor infers them.

Bad
---
    {"sampling": {"monte-carlo": {"alpha": "unstated"}}}

Good
----
    {"sampling": {"monte-carlo": {"alpha": "0.001"}}}

References
----------
The types of the results file: ``"unstated"`` is never legal in an original study or a plan.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.positions import pointer_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import every_claim

Path = tuple[str | int, ...]


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED)
def check(case: Case) -> Iterator[Hit]:
    """Yield every unstated setting of an author's file; one hit per object of a transcription."""
    unstated: dict[Path, list[str]] = {}
    for path, field in _unstated(case.results, ()):
        unstated.setdefault(path, []).append(field)
    if case.is_transcription:
        for path, fields in unstated.items():
            message = f"expected every setting stated, {', '.join(fields)} unstated"
            yield Hit(pointer_of(path), message, {"unstated": ", ".join(fields)}, Severity.WARNING)
        return
    for path, fields in unstated.items():
        for field in fields:
            message = f"expected {field} stated by the author, found unstated"
            yield Hit(pointer_of([*path, field]), message)
    yield from _not_an_authors(case)


def _not_an_authors(case: Case) -> Iterator[Hit]:
    """Yield what only somebody who reads the numbers in a source can mean."""
    for placed in every_claim(case.results):
        if placed.claim.reading_error is not None:
            message = "expected the author's own digits, found a value read off a figure"
            yield Hit(f"{placed.pointer}/reading_error", message)
    for i, note in enumerate(case.results.annotations):
        if note.kind == "inferred":
            message = "expected a note, found a setting that the author inferred"
            yield Hit(pointer_of(["annotations", i, "kind"]), message)


def _unstated(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the path of every object with an unstated setting, and the setting's key."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            key, member = field.alias or name, getattr(value, name)
            annotation: Any = field.annotation
            if member == "unstated" and _admits_unstated(annotation):
                yield path, key
            else:
                yield from _unstated(member, (*path, key))
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _unstated(member, (*path, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _unstated(member, (*path, index))


@cache
def _admits_unstated(annotation: object) -> bool:
    """Whether a field may be unstated, which tells it from a text that happens to say so."""
    if get_origin(annotation) is Literal:
        return "unstated" in get_args(annotation)
    return any(_admits_unstated(part) for part in get_args(annotation))
