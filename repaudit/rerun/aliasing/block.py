"""What the operations of one block of rows gave, as rows of a table."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from repaudit.rerun.aliasing.bands import BANDS
from repaudit.rerun.aliasing.operation import Operation, Refused
from repaudit.rerun.aliasing.sums import ERRORS, MOST_AXES, TOTALS, Settings, Sums, measure

Row = dict[str, Any]


@dataclass
class Block:
    """What the operations of one block gave, row by row of the block."""

    rows: int
    settings: Settings
    found: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, layer: str, name: str, operation: Operation | Refused, output: Tensor) -> None:
        """Measure one operation over the rows that count."""
        if isinstance(operation, Refused):
            for row in range(self.rows):
                self.found[row].append(_refused(layer, name, str(operation)))
            return
        coarse = output.shape[output.dim() - len(operation.strides) :]
        if all(m == 1 for m, s in zip(coarse, operation.strides, strict=True) if s > 1):
            self.add(layer, name, Refused("it leaves one value, which has no spectrum"), output)
            return
        if len(operation.strides) > MOST_AXES:
            self.add(layer, name, Refused(f"more than {MOST_AXES} axes"), output)
            return
        operation.source = operation.source[: self.rows]
        sums = measure(operation, output[: self.rows], self.settings)
        header = _header(layer, name, operation, sums)
        for row, values in enumerate(_rows_of(sums)):
            self.found[row].append(header | values)


def _header(layer: str, name: str, operation: Operation, sums: Sums) -> Row:
    """Return what a row says about its operation."""
    return {
        "layer": layer,
        "operation": name,
        "reason": "",
        "shortcut": operation.is_shortcut,
        "maps": sums.maps,
        "strides": _padded(sums.strides),
        "sizes": _padded(sums.sizes),
        "extension": _padded(operation.extension(sums.grid)),
    }


def _rows_of(sums: Sums) -> Iterator[Row]:
    """Yield the numbers of every example."""
    tensors = {**sums.totals, **sums.errors, "before": sums.before, "after": sums.after}
    columns: dict[str, NDArray[Any]] = {n: t.cpu().numpy() for n, t in tensors.items()}
    for row in range(len(sums.before)):
        yield {name: values[row] for name, values in columns.items()}


def _refused(layer: str, name: str, reason: str) -> Row:
    """Return the row of an operation that is not measured: every number is 0 and stands aside."""
    return {
        "layer": layer,
        "operation": name,
        "reason": reason,
        "shortcut": False,
        "maps": 0,
        **{name: _padded(()) for name in ("strides", "sizes", "extension")},
        **dict.fromkeys(TOTALS, 0.0),
        **{name: np.zeros(2) for name in ERRORS},
        "before": np.zeros(2 * BANDS),
        "after": np.zeros((2, BANDS)),
    }


def _padded(values: Sequence[int]) -> NDArray[np.int64]:
    """Return a number per axis, 0 where there is no axis."""
    return np.array([*values, *[0] * (MOST_AXES - len(values))], np.int64)
