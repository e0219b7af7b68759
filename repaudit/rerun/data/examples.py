"""A data set as the engine sees it: examples in order, read one at a time."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from repaudit.contract.data import Data
from repaudit.contract.files import FileFault
from repaudit.rerun.steps import Signal


class NotAsDeclared(FileFault):
    """The file is the declared one, and its content contradicts the results file: an error."""


@dataclass(frozen=True)
class Example:
    """One example of a data set."""

    example_id: str
    label: int
    """class index"""
    fold: str | None


@dataclass(frozen=True)
class Dataset:
    """Examples in the order of their file, possibly of one fold only."""

    examples: tuple[Example, ...]
    rows: tuple[int, ...]
    """row of every example in its file"""
    read: Callable[[int], Signal]
    """row → its signal, a batch of one"""
    source: str
    """path of the manifest or the array file, as declared"""

    def load(self, index: int) -> Signal:
        """Return the example at a position as a batch of one; ``FileFault`` when it cannot be."""
        return self.read(self.rows[index])

    def of_fold(self, fold: str) -> "Dataset":
        """Return the examples of one fold; ``NotAsDeclared`` when there is none."""
        kept = [i for i, example in enumerate(self.examples) if example.fold == fold]
        if not kept:
            raise NotAsDeclared(self.source, f"no example of the fold {fold}")
        return self._at(kept)

    def of_ids(self, ids: Collection[str]) -> "Dataset":
        """Return the examples with these ids, in the order of the file."""
        return self._at([i for i, example in enumerate(self.examples) if example.example_id in ids])

    def _at(self, kept: Sequence[int]) -> "Dataset":
        examples = tuple(self.examples[i] for i in kept)
        return Dataset(examples, tuple(self.rows[i] for i in kept), self.read, self.source)


def compare_with_declared(dataset: Dataset, data: Data) -> Dataset:
    """Return the data set; ``NotAsDeclared`` unless counts, folds and labels are the declared."""
    found = len(dataset.examples)
    if data.examples not in ("unstated", found):
        raise NotAsDeclared(dataset.source, f"{data.examples} examples declared, {found} found")
    for fold, declared in (data.folds or {}).items():
        found = sum(example.fold == fold for example in dataset.examples)
        if found != declared:
            reason = f"fold {fold}: {declared} examples declared, {found} found"
            raise NotAsDeclared(dataset.source, reason)
    for example in dataset.examples:
        if example.label < 0 or (data.classes != "unstated" and example.label >= data.classes):
            reason = f"label {example.label} of {example.example_id}: {data.classes} classes"
            raise NotAsDeclared(dataset.source, reason)
    return dataset
