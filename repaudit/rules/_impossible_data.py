"""What declared data cannot be: counts that do not add up, files that do not fit the kind."""

from collections.abc import Iterator

from repaudit._core.text import count
from repaudit.contract.data import Data, Subset
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.rules._rule import Hit


def impossible_data(results: Results) -> Iterator[Hit]:
    """Yield what is impossible about each data set."""
    for name, data in results.data.items():
        base = pointer_of(["data", name])
        yield from _counts(base, data)
        yield from _files(base, data)
        if isinstance(data.subset, Subset) and isinstance(data.examples, int):
            yield from _subset(f"{base}/subset", data.subset, data.examples)


def _counts(base: str, data: Data) -> Iterator[Hit]:
    names = data.class_names or []
    if names and isinstance(data.classes, int) and len(names) != data.classes:
        message = f"expected {count(data.classes, 'class name')}, found {len(names)}"
        yield Hit(f"{base}/class_names", message)
    if len(set(names)) != len(names):
        yield Hit(f"{base}/class_names", "expected class names that differ, found one twice")
    folds = sum((data.folds or {}).values())
    if data.folds and isinstance(data.examples, int) and folds != data.examples:
        message = f"expected folds of {data.examples} examples together, found {folds}"
        yield Hit(f"{base}/folds", message, {"examples": data.examples, "sum_of_folds": folds})


def _files(base: str, data: Data) -> Iterator[Hit]:
    if data.manifest is not None and data.tensors is not None:
        yield Hit(f"{base}/tensors", "expected either a manifest or tensors, found both")
        return
    if data.kind == "audio" and data.tensors is not None:
        yield Hit(f"{base}/tensors", "expected a manifest of audio files, found tensors")
    if data.kind != "audio" and data.manifest is not None:
        yield Hit(f"{base}/manifest", f"expected tensors of kind {data.kind}, found a manifest")
    if data.kind != "image" and data.tensors is not None and data.tensors.layout is not None:
        yield Hit(f"{base}/tensors/layout", f"expected no layout of kind {data.kind}, found one")


def _subset(base: str, subset: Subset, examples: int) -> Iterator[Hit]:
    if subset.of is not None and subset.of < examples:
        message = f"expected at least the {examples} examples taken out of it, found {subset.of}"
        yield Hit(f"{base}/of", message)
    elif subset.rule == "all" and subset.of not in (None, examples):
        message = f"expected all {subset.of} examples evaluated, found {examples}"
        yield Hit(f"{base}/of", message)
    for rule, key in (("every", "step"), ("random", "seed")):
        if subset.rule != rule and getattr(subset, key) is not None:
            yield Hit(f"{base}/{key}", f"expected no {key} under the rule {subset.rule}, found one")
