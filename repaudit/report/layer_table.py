"""The layers of a network as plain text: what folds where, and what was not measured."""

from collections.abc import Iterable, Sequence

from repaudit._core.text import count, visible
from repaudit.audit.aliasing import DownsamplingLayer
from repaudit.audit.comparison import Estimate
from repaudit.audit.run import Measurement
from repaudit.report.aliasing import operation_of, percent_folded
from repaudit.report.numbers import interval_text, number, value_text

HEADER = (
    "layer",
    "alias energy",
    "white noise",
    "relative AM",
    "AM",
    "level, dB",
    "folds",
    "operation",
)
NOTES = (
    "alias energy and relative AM compare across layers and networks, AM does not; an ideal "
    "low-pass has 0; intervals are over examples (95 %)"
)


def layer_table(measurement: Measurement) -> str:
    """Return one checkpoint's layers, measured and not."""
    measured = [layer for layer in measurement.layers if layer.status == "measured"]
    missing = [layer for layer in measurement.layers if layer.status != "measured"]
    title = f"{measurement.evaluation}, checkpoint {measurement.checkpoint}"
    found = f"{count(len(measured), 'layer')} measured, {len(missing)} not"
    lines = [f"{title}: {count(measurement.examples, 'example')}, {found}"]
    lines += columns([HEADER, *map(_row, measured)])
    lines += [f"  not measured: {x.layer} ({x.operation}): {x.reason}" for x in missing]
    return "\n".join(map(visible, [*lines, f"  {NOTES}"])) + "\n"


def _row(layer: DownsamplingLayer) -> tuple[str, ...]:
    return (
        layer.layer,
        _with_interval(layer.alias_energy),
        number(layer.white_noise, 0.1),
        _with_interval(layer.am_relative),
        _with_interval(layer.am),
        value_text(layer.alias_db),
        percent_folded(layer),
        operation_of(layer),
    )


def _with_interval(estimate: Estimate | None) -> str:
    return " ".join(text for text in (value_text(estimate), interval_text(estimate)) if text)


def columns(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return rows with their cells under each other.

    >>> columns([("a", "bb"), ("ccc", "d")])
    ['  a    bb', '  ccc  d']
    """
    table = [tuple(row) for row in rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
