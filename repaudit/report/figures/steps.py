"""Step curves as paths."""

from collections.abc import Sequence

from repaudit.report.figures.axis import SIZE, pixels


def step_line(xs: Sequence[float], ys: Sequence[float]) -> str:
    """Return the path of a falling step curve: ``ys[i]`` holds from ``xs[i - 1]`` to ``xs[i]``.

    *xs*, *ys* are shares of the plot, y upwards. The line ends on the axis.

    >>> step_line([0.5], [1.0])
    'M0 0H500V1000'
    """
    parts = [f"M0 {_y(ys[0])}"]
    for x, y, after in zip(xs, ys, [*ys[1:], 0.0], strict=True):
        parts.append(f"H{_short(pixels(x))}")
        if after != y:
            parts.append(f"V{_y(after)}")
    return "".join(parts)


def step_band(xs: Sequence[float], low: Sequence[float], high: Sequence[float]) -> str:
    """Return the closed path between two step curves over the same *xs*."""
    upper = [f"M0 {_y(high[0])}"]
    for index, x in enumerate(xs):
        upper.append(f"V{_y(high[index])}H{_short(pixels(x))}")
    lower = []
    for index in range(len(xs) - 1, -1, -1):
        start = xs[index - 1] if index else 0.0
        lower.append(f"V{_y(low[index])}H{_short(pixels(start))}")
    return "".join([*upper, *lower, "Z"])


def _y(share: float) -> str:
    return _short(round(SIZE - SIZE * share, 1))


def _short(value: float) -> str:
    return f"{value:g}"
