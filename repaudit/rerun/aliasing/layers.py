"""From sums per example to a layer's numbers, each with its interval over examples."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from repaudit.audit.aliasing import DownsamplingLayer
from repaudit.audit.comparison import Estimate
from repaudit.rerun.aliasing.bands import BANDS
from repaudit.rerun.aliasing.spectra import white_noise_energy
from repaudit.rerun.journal import Columns

Floats = NDArray[np.float64]

TOLERANCE = {
    "float64": 1e-10,
    "float32": 1e-5,
    "tf32": 4e-3,
    "float16": 4e-3,
    "float16_autocast": 4e-3,
    "bfloat16": 3.2e-2,
    "bfloat16_autocast": 3.2e-2,
}
"""largest relative error of an identity by arithmetic; four units of a narrow type's last place"""
SDS = 1.959963984540054
"""Phi^-1(.975)"""
METHOD = "ratio of sums over maps; normal interval over examples (linearised ratio), 95 %"
IDENTITIES = {
    "decimation": "the strided output is not its dense twin's every s-th value",
    "folding": "the spectrum is not the folded dense one",
}


def names_of(columns: Columns) -> list[str]:
    """Return the layers in the order in which they were found."""
    return list(dict.fromkeys(columns["layer"].tolist()))


def faults_of(columns: Columns, dtype: str) -> dict[str, str]:
    """Return why a layer is not measured, by its name."""
    examples = len(set(columns["example_id"].tolist()))
    found = {}
    for layer in names_of(columns):
        rows = columns["layer"] == layer
        reason = _fault({name: values[rows] for name, values in columns.items()}, examples, dtype)
        if reason is not None:
            found[layer] = reason
    return found


def _fault(rows: Columns, examples: int, dtype: str) -> str | None:
    reasons = [reason for reason in rows["reason"].tolist() if reason]
    count = len(rows["reason"])
    if reasons:
        return str(reasons[0])
    if count != examples:
        return f"it runs for {count} of {examples} examples"
    broken = int(np.count_nonzero(~np.isfinite(rows["sq_strided"] + rows["sq_alias_free"])))
    if broken:
        return f"it has values that are not finite in {broken} of {examples} examples"
    for name, words in IDENTITIES.items():
        error = _relative(rows[name])
        if error > TOLERANCE[dtype]:
            return f"{words} (relative error {error:.2g})"
    return None


def _relative(errors: Floats) -> float:
    """Return the largest error over the largest value, 0 where everything is 0."""
    scale = float(errors[:, 1].max())
    return float(errors[:, 0].max()) / scale if scale > 0.0 else 0.0


def described(
    columns: Columns, faults: dict[str, str], *, windowed: bool
) -> Iterator[DownsamplingLayer]:
    """Yield every layer, measured or not, in the order in which they were found.

    ``windowed`` says that the sums are those under a Hann window.
    """
    for layer in names_of(columns):
        rows = {name: values[columns["layer"] == layer] for name, values in columns.items()}
        operation = str(rows["operation"][0])
        if layer in faults:
            yield DownsamplingLayer(
                layer=layer, operation=operation, status="not_measured", reason=faults[layer],
                **_errors(rows),
            )  # fmt: skip
        else:
            yield _measured(layer, operation, rows, windowed)


def _measured(layer: str, operation: str, rows: Columns, windowed: bool) -> DownsamplingLayer:
    axes = int(np.count_nonzero(rows["strides"][0]))
    strides, sizes = rows["strides"][0, :axes].tolist(), rows["sizes"][0, :axes].tolist()
    maps = rows["maps"].astype(np.float64)
    bins = np.prod(rows["sizes"][:, :axes], axis=1)
    level = ratio(rows["sq_difference"], rows["sq_alias_free"])
    return DownsamplingLayer(
        layer=layer,
        operation=operation,
        status="measured",
        shortcut=bool(rows["shortcut"][0]),
        maps=int(rows["maps"][0]),
        strides=strides,
        sizes=sizes,
        extension=rows["extension"][0, :axes].tolist(),
        am=ratio(rows["abs_difference"], maps),
        am_per_bin=ratio(rows["abs_difference"] / bins, maps),
        am_relative=ratio(rows["abs_difference"], rows["abs_strided"]),
        alias_energy=ratio(rows["sq_difference"], rows["sq_strided"]),
        alias_db=decibels(level),
        axis_energy=[
            ratio(rows[f"axis{a}_fold"], rows[f"axis{a}_total"]).value if s > 1 else None
            for a, s in enumerate(strides)
        ],
        white_noise=white_noise_energy(sizes, strides),
        hann_energy=None
        if windowed
        else ratio(rows["hann_difference"], rows["hann_strided"]).value,
        **_errors(rows),
        **_shares(rows),
    )


def _errors(rows: Columns) -> dict[str, Any]:
    """Return the errors of both identities, none where nothing was compared."""
    errors = {name: _relative(rows[name]) for name in IDENTITIES}
    is_known = all(math.isfinite(error) for error in errors.values()) and not rows["reason"][0]
    return {f"{name}_error": error for name, error in errors.items()} if is_known else {}


def _shares(rows: Columns) -> dict[str, Any]:
    """Return the energies by frequency as shares of the dense energy."""
    before, after = rows["before"].sum(0), rows["after"].sum(0)
    total = float(before.sum())
    if total <= 0.0:
        return {}
    kept, fold = after[0, :BANDS] / total, after[1, :BANDS] / total
    return {
        "before": (before / total).tolist(), "after": kept.tolist(), "folded": fold.tolist()
    }  # fmt: skip


def ratio(numerators: Floats, denominators: Floats) -> Estimate:
    """Return a ratio of sums over examples.

    Its interval treats the examples as a sample: the residuals of the linearised ratio have the
    variance of a mean. One example has no interval.

    Reference: Cochran, Sampling Techniques, 3rd ed. 1977, section 6.3.

    >>> ratio(np.array([1.0, 3.0]), np.array([2.0, 2.0])).value
    1.0
    """
    examples, total = len(numerators), float(denominators.sum())
    if total <= 0.0:
        return undefined("no energy in any map", examples)
    value = float(numerators.sum()) / total
    if examples < 2:
        return Estimate(value=value, low=None, high=None, draws=examples, method=METHOD)
    residuals = numerators - value * denominators
    error = math.sqrt(examples / (examples - 1) * float(np.square(residuals).sum())) / total
    return Estimate(
        value=value,
        low=max(0.0, value - SDS * error),
        high=value + SDS * error,
        draws=examples,
        method=METHOD,
    )


def decibels(level: Estimate) -> Estimate:
    """Return 10 log10 of a ratio of energies with its interval; undefined where it is 0."""
    if level.value is None:
        return level
    if level.value == 0.0:
        return undefined("nothing folds", level.draws)
    ends = [
        None if end is None or end <= 0.0 else 10 * math.log10(end)
        for end in (level.low, level.high)
    ]
    if None in ends:
        ends = [None, None]
    return level.model_copy(
        update={"value": 10 * math.log10(level.value), "low": ends[0], "high": ends[1]}
    )


def undefined(reason: str, examples: int) -> Estimate:
    """Return a number that does not exist, with the reason."""
    method = f"undefined: {reason}"
    return Estimate(value=None, low=None, high=None, draws=examples, method=method)
