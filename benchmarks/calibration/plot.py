"""The two curves of the trust page as one SVG: false flags, and detection of raised tables."""

from collections.abc import Iterator, Sequence
from math import log10

from benchmarks.calibration.study import Outcome
from benchmarks.svg import line, words

WIDTH, HEIGHT = 860, 330
TOP, BOTTOM = 56, 274
LEFT = (64, 412)
"""First and last pixel of the left panel."""
RIGHT = (486, 780)
MOST = 0.012
"""Top of the left panel's axis: a little above the 1 % that is promised."""
RAISED = "every certified accuracy"
CURVES = (
    ("SC", 5074, "#1f5aa6", ""),
    ("SC", 400, "#1f5aa6", "5 4"),
    ("ESC", 5074, "#b3481c", ""),
    ("ESC", 400, "#b3481c", "5 4"),
)
"""Population, examples, colour, dashes."""


def plot(outcomes: Sequence[Outcome]) -> str:
    """Return the SVG."""
    body = [*_flags(outcomes), *_power(outcomes)]
    style = "font:12px system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
    said = "Left: no honest report of any population is flagged more than once in a hundred. "
    said += "Right: how often a table is flagged whose certified accuracies were all raised."
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'style="{style}">',
            f"<title>How often the auditor errs</title><desc>{said}</desc>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
            *body,
            "</svg>\n",
        ]
    )


def _flags(outcomes: Sequence[Outcome]) -> Iterator[str]:
    rows = honest(outcomes)
    yield words(LEFT[0], 24, "Honest reports called wrong", bold=True)
    yield words(LEFT[0], 42, "rate and 95 % interval, 400 examples", color="#59616b")
    yield from _axis(LEFT, [(0.0, "0"), (0.004, ".4 %"), (0.008, ".8 %"), (0.01, "1 %")], MOST)
    limit = _height(0.01, MOST)
    yield line(LEFT[0], limit, LEFT[1], limit, "#b3251c", 1.5)
    for index, row in enumerate(rows):
        x = LEFT[0] + (index + 0.5) * (LEFT[1] - LEFT[0]) / len(rows)
        rate, high = row["flagged"] / row["reports"], min(row["high"], MOST)
        yield line(x, _height(row["low"], MOST), x, _height(high, MOST), "#1f5aa6", 3)
        yield f'<circle cx="{x:.1f}" cy="{_height(rate, MOST):.1f}" r="4" fill="#1f5aa6"/>'
        yield words(x, BOTTOM + 18, row["population"], anchor="middle", size=10)


def honest(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the honest reports of 400 examples and two classes at n = 10 000, by population."""
    return [
        row
        for row in outcomes
        if row["part"] == "honest"
        and (row["study"]["size"], row["study"]["n"], row["study"]["classes"]) == (400, 10_000, 2)
    ]


def _power(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield words(RIGHT[0], 24, "Raised tables that are caught", bold=True)
    yield words(RIGHT[0], 42, "points added to every certified accuracy", color="#59616b")
    yield from _axis(RIGHT, [(0.0, "0"), (0.5, "50 %"), (0.9, "90 %"), (1.0, "100 %")], 1.0)
    points = (0.2, 0.5, 1.0, 2.0, 5.0)
    for point in points:
        yield words(_along(point), BOTTOM + 18, f"+{point:g}", anchor="middle", size=10)
    for number, (population, size, color, dashes) in enumerate(CURVES):
        curve = [_caught(outcomes, population, size, point) for point in points]
        at = [
            f"{_along(point):.1f},{_height(rate, 1.0):.1f}"
            for point, rate in zip(points, curve, strict=True)
            if rate is not None
        ]
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        drawn = f'fill="none" stroke="{color}" stroke-width="2"{dash}'
        yield f'<polyline points="{" ".join(at)}" {drawn}/>'
        y = BOTTOM - 74 + 18 * number
        yield f'<polyline points="{RIGHT[1] - 96},{y - 4} {RIGHT[1] - 72},{y - 4}" {drawn}/>'
        yield words(RIGHT[1] - 66, y, f"{population}, N = {size}", size=11)


def _caught(outcomes: Sequence[Outcome], population: str, size: int, points: float) -> float | None:
    for row in outcomes:
        is_it = row["population"] == population and row["study"]["size"] == size
        if is_it and row["part"] == "tampers" and row["author"] == f"{RAISED} +{points:g} points":
            return float(row["flagged"] / row["reports"])
    return None


def _along(points: float) -> float:
    share = (log10(points) - log10(0.2)) / (log10(5.0) - log10(0.2))
    return RIGHT[0] + 12 + share * (RIGHT[1] - RIGHT[0] - 24)


def _height(value: float, most: float) -> float:
    return BOTTOM - value / most * (BOTTOM - TOP)


def _axis(panel: tuple[int, int], ticks: Sequence[tuple[float, str]], most: float) -> Iterator[str]:
    for value, text in ticks:
        y = _height(value, most)
        yield line(panel[0], y, panel[1], y, "#e2e4e7", 1)
        yield words(panel[0] - 8, y + 4, text, anchor="end", size=11)
