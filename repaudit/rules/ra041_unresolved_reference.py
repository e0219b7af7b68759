"""A name, location or pointer leads nowhere.

Why
---
An evaluation says what it ran by naming it. A name that leads nowhere leaves the number without a
definition, a location that is no step leaves the certified vector unknown, and a declared object
that the steps do not produce makes the certificate speak of something else.

Bad
---
    {"evaluations": {"spoken-words": {"model": "keyword_cnn"}}}

Good
----
    {"evaluations": {"spoken-words": {"checkpoints": ["seed0"]}}}

References
----------
[RFC 6901] for the pointers of annotations and suppressions.
"""

from collections import Counter
from collections.abc import Iterator

from repaudit._core.text import closest, shorten
from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.coordinates import END, START, object_of, split_at
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.rules._pointers import exists
from repaudit.rules._references import Reference, references
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import used_contracts

SHOWN = 8
"""Most names listed in a message."""


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, structural=True)
def check(case: Case) -> Iterator[Hit]:
    """Yield every reference that does not resolve, and every object the steps do not produce."""
    broken = {
        reference.pointer: _missing(reference)
        for reference in references(case.results)
        if reference.found not in reference.known
    }
    yield from broken.values()
    yield from _repeated_names(case.results)
    yield from _pointers(case)
    if not broken:
        yield from _objects(case.results)


def _missing(reference: Reference) -> Hit:
    near = closest(reference.found, reference.known)
    known = ", ".join(map(shorten, sorted(reference.known)[:SHOWN])) or "none declared"
    hint = f", the nearest is {shorten(near)}" if near else f" ({known})"
    message = f"expected the name of {reference.what}{hint}, found {shorten(reference.found)}"
    return Hit(reference.pointer, message, {"suggestion": near} if near else {})


def _repeated_names(results: Results) -> Iterator[Hit]:
    for name, steps in results.pipelines.items():
        seen = Counter([START, END])
        for i, step in enumerate(steps):
            seen[step.location] += 1
            if seen[step.location] > 1:
                found = shorten(step.location)
                message = f"expected an id that no other location has, found {found} again"
                yield Hit(pointer_of(["pipelines", name, i]), message)
    for name, model in results.models.items():
        ids: set[str] = set()
        for i, checkpoint in enumerate(model.checkpoints):
            if checkpoint.id in ids:
                where = pointer_of(["models", name, "checkpoints", i, "id"])
                found = shorten(checkpoint.id)
                yield Hit(where, f"expected an id that no other checkpoint has, found {found}")
            ids.add(checkpoint.id)


def _pointers(case: Case) -> Iterator[Hit]:
    pointers = {
        "annotations": [note.pointer for note in case.results.annotations],
        "suppressions": [entry.pointer for entry in case.results.suppressions],
    }
    for key, entries in pointers.items():
        for i, pointer in enumerate(entries):
            if not exists(case.document, pointer):
                found = shorten(pointer)
                message = f"expected the JSON pointer of a value in this file, found {found}"
                yield Hit(pointer_of([key, i, "pointer"]), message)


def _objects(results: Results) -> Iterator[Hit]:
    wrong: dict[str, Hit] = {}
    for _, evaluation, contract in used_contracts(results):
        steps, _ = split_at(results.pipelines[contract.pipeline], contract.perturbation.location)
        produced = object_of(results.data[evaluation.data], steps)
        if produced != contract.object:
            where = pointer_of(["contracts", evaluation.contract, "object"])
            message = f"expected {produced}, what the steps produce, found {contract.object}"
            wrong.setdefault(where, Hit(where, message))
    yield from wrong.values()
