"""Two panels as one SVG: the engine and the peers in units of the ceiling, and rows per block."""

from collections.abc import Iterator, Sequence
from math import log2

from benchmarks.engine.figures import Found, Ratio, best_loop, best_plan, ratio, speed_stages
from benchmarks.svg import INK, line, words

WIDTH, HEIGHT = 860, 330
TOP, BOTTOM = 56, 274
LEFT, RIGHT = (56, 440), (528, 836)
"""First and last pixel of a panel."""
COLORS = {"engine": "#1f5aa6", "loop": "#b3481c", "ART": "#6b7280"}
PLANS = {"compiled": "", "as is": ' stroke-dasharray="5 4"'}
PALE, LINES = "#59616b", "#e2e4e7"
SAID = (
    "Left: noisy forwards per second of the engine, the usual loop and ART's certify, where the "
    "bare forward on fresh noise is 1. Right: forwards per second against the rows of a block."
)


def plot(found: Found) -> str:
    """Return the SVG, on a ground of its own so that it can be read in a light and a dark page."""
    style = "font:12px system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'style="{style}">',
            f"<title>How fast the engine is</title><desc>{SAID}</desc>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" rx="6" fill="#ffffff"/>',
            *_against(found),
            *_rows(found),
            "</svg>\n",
        ]
    )


def _against(found: Found) -> Iterator[str]:
    """Draw bars in units of the ceiling, with the rounds' spread."""
    settings = [
        (f"{word} {setting}", _shares(result["speeds"]))
        for device, word in (("cpu", "CPU"), ("cuda", "GPU"))
        for setting, result in speed_stages(found, device)
    ]
    yield from _head(LEFT, "Noisy forwards per second", "of the bare forward on fresh noise = 1")
    most = max((one.high for _, shares in settings for one in shares.values()), default=1.0)
    most = max(1.1, most)
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        yield from _rule(LEFT, BOTTOM - value / most * (BOTTOM - TOP), f"{value:g}")
    step = (LEFT[1] - LEFT[0]) / max(1, len(settings))
    bar = min(22.0, step / 4)
    for number, (setting, shares) in enumerate(settings):
        middle = LEFT[0] + (number + 0.5) * step
        for place, (name, one) in enumerate(shares.items()):
            yield from _bar(middle + (place - 1.5) * bar, bar - 2, one, most, COLORS[name])
        first, _, second = setting.partition(", ")
        yield words(middle, BOTTOM + 16, first, anchor="middle", size=10)
        yield words(middle, BOTTOM + 29, second, anchor="middle", size=10)
    for number, (name, color) in enumerate(COLORS.items()):
        x = LEFT[0] + 100 * number
        yield f'<rect x="{x}" y="{HEIGHT - 18}" width="10" height="10" fill="{color}"/>'
        yield words(x + 15, HEIGHT - 9, {"loop": "usual loop"}.get(name, name), size=11)


def _shares(speeds: dict[str, list[float]]) -> dict[str, Ratio]:
    plan = best_plan(speeds)
    cases = {"engine": f"engine, {plan}", "loop": best_loop(speeds), "ART": "ART"}
    return {
        name: ratio(speeds, case, f"ceiling, {plan}")
        for name, case in cases.items()
        if case in speeds
    }


def _bar(x: float, width: float, one: Ratio, most: float, color: str) -> Iterator[str]:
    tall = one.best / most * (BOTTOM - TOP)
    size = f'width="{width:.1f}" height="{tall:.1f}"'
    yield f'<rect x="{x:.1f}" y="{BOTTOM - tall:.1f}" {size} fill="{color}"/>'
    low, high = (BOTTOM - value / most * (BOTTOM - TOP) for value in (one.low, one.high))
    yield line(x + width / 2, low, x + width / 2, high, INK, 1.5)


def _rows(found: Found) -> Iterator[str]:
    """Draw forwards per second of every device along the rows, its best = 1."""
    yield from _head(RIGHT, "Rows per block", "forwards per second of the ceiling, best = 1")
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        yield from _rule(RIGHT, BOTTOM - value * (BOTTOM - TOP) / 1.1, f"{value:g}")
    curves = [
        (device, stage["result"]["speeds"])
        for device in ("cpu", "cuda")
        if (stage := found["stages"].get(f"rows, {device}")) is not None
    ]
    sizes = sorted({_size(name) for _, speeds in curves for name in speeds})
    for size in sizes:
        yield words(_along(size, sizes), BOTTOM + 16, str(size), anchor="middle", size=10)
    for (device, speeds), color in zip(curves, ("#1f5aa6", "#b3481c"), strict=False):
        yield from _curves(device, speeds, sizes, color)


def _curves(
    device: str, speeds: dict[str, list[float]], sizes: Sequence[int], color: str
) -> Iterator[str]:
    best = max(max(speed) for speed in speeds.values())
    for number, (plan, dash) in enumerate(PLANS.items()):
        points = {_size(name): max(speeds[name]) for name in speeds if name.endswith(f", {plan}")}
        at = " ".join(
            f"{_along(size, sizes):.1f},{BOTTOM - value / best * (BOTTOM - TOP) / 1.1:.1f}"
            for size, value in sorted(points.items())
        )
        drawn = f'fill="none" stroke="{color}" stroke-width="2"{dash}'
        yield f'<polyline points="{at}" {drawn}/>'
        x, y = RIGHT[0] + 150 * number, HEIGHT - (13 if device == "cpu" else 1)
        yield f'<polyline points="{x},{y} {x + 24},{y}" {drawn}/>'
        word = {"cpu": "CPU", "cuda": "GPU"}[device]
        yield words(x + 30, y + 4, f"{word}, {plan}", size=11)


def _size(name: str) -> int:
    return int(name.split(",")[0])


def _along(size: int, sizes: Sequence[int]) -> float:
    span = log2(sizes[-1] / sizes[0]) or 1.0
    return RIGHT[0] + 12 + log2(size / sizes[0]) / span * (RIGHT[1] - RIGHT[0] - 24)


def _head(panel: tuple[int, int], title: str, below: str) -> Iterator[str]:
    yield words(panel[0], 24, title, bold=True)
    yield words(panel[0], 42, below, color=PALE)


def _rule(panel: tuple[int, int], y: float, text: str) -> Iterator[str]:
    yield line(panel[0], y, panel[1], y, LINES, 1)
    yield words(panel[0] - 8, y + 4, text, anchor="end", size=11)
