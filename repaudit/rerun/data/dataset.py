"""From declared data to a data set that can be read."""

from repaudit.contract.data import Data
from repaudit.contract.files import MissingFile, Places
from repaudit.rerun.data.arrays import array_dataset
from repaudit.rerun.data.clips import clip_dataset
from repaudit.rerun.data.examples import Dataset, compare_with_declared

__all__ = ["Dataset", "load_dataset"]


def load_dataset(data: Data, places: Places) -> Dataset:
    """Return the examples of declared data; audio is read, and its hash checked, on ``load``.

    Raises ``MissingFile`` when something is not there or not readable, ``HashMismatch``,
    ``OutsideFolder``, and ``NotAsDeclared`` when counts, folds, labels or rates contradict the
    declaration; ``UnstatedError`` for a layout left open.
    """
    if data.manifest is not None:
        if data.kind != "audio":
            raise MissingFile(data.manifest.path, f"a manifest of {data.kind} cannot be read")
        return compare_with_declared(clip_dataset(data, data.manifest, places), data)
    if data.tensors is not None:
        return compare_with_declared(array_dataset(data, data.tensors, places), data)
    raise MissingFile("data", "neither a manifest nor tensors are declared")
