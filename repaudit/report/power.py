"""What an audit could detect, for a terminal, a Markdown page or a program."""

from collections.abc import Callable, Iterator
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from repaudit._core.text import clip, count, escape_markdown, visible
from repaudit.audit.power import Answer, Cost, Power, PowerTable

WIDTH = 80
LONGEST = 300
"""Characters of one field of a terminal."""
HALF_WIDTH = (
    "± half-width of honest values at 99 %: the smallest margin with which a claim can be called "
    "reproduced, by a re-run that gives the declared number. About one and a half times it is "
    "enough for nine honest reports in ten. any: every stronger number is an impossible one."
)


def render_power(power: Power, format: str, width: int = WIDTH) -> str:
    """Return a power analysis as ``text``, ``markdown`` or ``json``.

    Raises ``KeyError`` for another format.
    """
    return _FORMATS[format](power, width)


def _text(power: Power, width: int) -> str:
    out = StringIO()
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    console.print(Group(*_blocks(power)))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _blocks(power: Power) -> Iterator[RenderableType]:
    yield Text(f"What an audit of {_safe(power.path)} could detect\n")
    yield Text(f"{_family(power)} {HALF_WIDTH}")
    for table in power.tables:
        yield Text(f"\n{_safe(table.evaluation)}: {_safe(table.reason or table.words)}")
        yield from (Padding(block, (0, 0, 0, 2)) for block in _evaluation(table, power))


def _family(power: Power) -> str:
    return (
        f"The smallest overstatement that is detected nine times in ten, at "
        f"{100 * power.level:g} % over the {count(power.tests, 'test')} of the file (Holm)."
    )


def _evaluation(table: PowerTable, power: Power) -> Iterator[RenderableType]:
    tested = [row for row in table.rows if row.answers]
    if tested:
        grid = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
        grid.add_column("claim", ratio=1)
        for answer in tested[0].answers:
            grid.add_column(_safe(answer.assumption), justify="right", no_wrap=True)
        grid.add_column("")
        for row in tested:
            cells = [f"{_detected(a)} ±{_number(a.margin_at_best)}" for a in row.answers]
            grid.add_row(_safe(row.label), *cells, row.unit)
        yield grid
    for word, gap in _gaps(table):
        yield Text(f"{word}: {clip(visible(gap), 3 * LONGEST)}")
    for cost in table.costs:
        yield Text(f"cost, {cost.assumption}: {_cost(cost, power)}")


def _gaps(table: PowerTable) -> Iterator[tuple[str, str]]:
    """Yield what is not said, and why: claims of one reason together."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in table.rows:
        if row.reason is not None:
            found.setdefault(("not checked", row.reason), []).append(row.label)
        for reason in dict.fromkeys(a.reason for a in row.answers if a.reason is not None):
            under = [answer.assumption for answer in row.answers if answer.reason == reason]
            where = "" if len(under) == len(row.answers) else f" ({', '.join(under)})"
            found.setdefault(("not detected", reason), []).append(f"{row.label}{where}")
    for (word, reason), labels in found.items():
        yield word, f"{', '.join(labels)}: {reason}"


def _cost(cost: Cost, power: Power) -> str:
    full = f"{cost.full:,} forwards in full"
    if cost.sampled is None:
        return f"{full}; {cost.reason}"
    saving = cost.full / cost.sampled
    said = f"; {cost.reason}" if cost.reason is not None else ""
    return (
        f"{full}; about {cost.sampled:,} by sample within {_points(power.margin)} "
        f"({cost.examples:,} examples, {cost.draws:,} draws each on average, {saving:.0f}x fewer)"
        f"{said}"
    )


def _points(margin: float) -> str:
    return "1 point" if margin == 1.0 else f"{margin:g} points"


def _detected(answer: Answer) -> str:
    """Return the smallest overstatement; ``any`` where only an impossible number overstates."""
    if answer.detected is None:
        return "none"
    return "any" if answer.detected == 0.0 else _number(answer.detected)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def _safe(text: str) -> str:
    return clip(visible(text), LONGEST)


def _markdown(power: Power, _: int) -> str:
    lines = [f"# What an audit of {escape_markdown(power.path)} could detect", ""]
    lines += [f"{_family(power)} {HALF_WIDTH}", ""]
    for table in power.tables:
        about = escape_markdown(table.reason or table.words)
        lines += [f"## {escape_markdown(table.evaluation)}", "", f"{about}.", ""]
        lines += [*_markdown_rows(table), ""]
        lines += [f"* {word}: {escape_markdown(gap)}" for word, gap in _gaps(table)]
        lines += [f"* cost, {cost.assumption}: {_cost(cost, power)}" for cost in table.costs]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _markdown_rows(table: PowerTable) -> Iterator[str]:
    tested = [row for row in table.rows if row.answers]
    if not tested:
        return
    heads = [
        f"{answer.assumption}: {what}"
        for answer in tested[0].answers
        for what in ("detected", "±", "margin, nine in ten")
    ]
    yield "| claim | unit | " + " | ".join(heads) + " |"
    yield "|---|---|" + "---|" * len(heads)
    for row in tested:
        cells = [
            text
            for a in row.answers
            for text in (_detected(a), _number(a.margin_at_best), _number(a.margin_likely))
        ]
        yield f"| {escape_markdown(row.label)} | {row.unit} | " + " | ".join(cells) + " |"


def _json(power: Power, _: int) -> str:
    return power.model_dump_json(indent=1) + "\n"


_FORMATS: dict[str, Callable[[Power, int], str]] = {
    "text": _text,
    "markdown": _markdown,
    "json": _json,
}
