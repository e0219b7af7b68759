"""The audit for a terminal: what ``repaudit check`` prints, read in a minute."""

from collections.abc import Sequence
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from repaudit._core.text import clip, count, visible
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison, Verdict
from repaudit.audit.finding import Finding
from repaudit.report import numbers
from repaudit.report.accepted import accepted_lines
from repaudit.report.causes import Cause, causes
from repaudit.report.command import reproduce_command
from repaudit.report.ending import ending
from repaudit.report.gaps import gaps
from repaudit.report.materiality import DEFAULT, margins
from repaudit.report.places import place_of, title_of
from repaudit.report.samples import cost_words, sample_of
from repaudit.report.sections import (
    Section,
    evaluations,
    forwards,
    open_findings,
    suppressed_findings,
)
from repaudit.report.words import SEVERITIES, STATUSES, VERDICTS, Tone

WIDTH = 100
"""Columns when nobody says how wide the terminal is."""
NARROWEST = 40
LONGEST = 300
"""Characters of one field; the other formats show more."""
SHOWN_CAUSES = 5
SHOWN_CLAIMS = 40
"""Claims of an audit that are all listed; of more, those that agree are only counted."""
SHOWN_FINDINGS = 20
SHOWN_GAPS = 8
_STYLES: dict[Tone, str] = {
    "good": "green",
    "bad": "bold red",
    "warn": "yellow",
    "info": "cyan",
    "quiet": "dim",
}


def render(
    audit: Audit, *, width: int = WIDTH, color: bool = False, files: Sequence[str] = ()
) -> str:
    """Return the report, wrapped to ``width`` columns, with terminal colours if ``color``.

    ``files`` are the paths of what was written, named at the end. No author's text can move the
    cursor or set a colour.
    """
    out = StringIO()
    console = Console(
        file=out,
        width=max(width, NARROWEST),
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.print(Group(*_blocks(audit, files)))
    # Never wrapped: a line end in the middle of a command does not survive being copied.
    command = Text(f"Again     {clip(visible(reproduce_command(audit)), 1000)}")
    console.print(command, soft_wrap=True)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _blocks(audit: Audit, files: Sequence[str]) -> list[RenderableType]:
    named = causes(audit)[:SHOWN_CAUSES]
    blocks: list[RenderableType] = _head(audit)
    blocks += [_cause(cause, audit.subject.path) for cause in named]
    blocks.append(_ladder(audit))
    blocks += _margins(audit)
    blocks += _findings(audit)
    brief = len(audit.comparisons) > SHOWN_CLAIMS
    for section in evaluations(audit):
        blocks += _evaluation(audit, section, brief)
    blocks += _gaps(audit)
    return [*blocks, Text(), *_foot(audit, files)]


def _safe(text: str) -> str:
    return clip(visible(text), LONGEST)


def _head(audit: Audit) -> list[RenderableType]:
    end, subject = ending(audit), audit.subject
    about = f"{_safe(subject.path)}: {count(subject.claims, 'claim')} in " + count(
        subject.evaluations, "evaluation"
    )
    sentence = Text(f"{end.symbol} {end.word}: ", style=_STYLES[end.tone])
    sentence.append(f"{_safe(end.sentence)}.", style="default")
    return [Text(title_of(audit), style="bold"), Text(about, style="dim"), Text(), sentence]


def _cause(cause: Cause, path: str) -> RenderableType:
    head = (f"{cause.mark.symbol} {_safe(cause.head)}", _STYLES[cause.mark.tone])
    line = Text.assemble(head, f" {_safe(place_of(cause.item, path))}: {_safe(cause.text)}")
    return Padding(line, (0, 0, 0, 2))


def _ladder(audit: Audit) -> RenderableType:
    line = Text("\nEvidence  ")
    for level in audit.levels:
        mark = STATUSES[level.status]
        word = "" if level.status == "passed" else f" {mark.word}"
        line.append(f"{level.id} {mark.symbol}{word}  ", style=_STYLES[mark.tone])
    reached = {level.id: level.title for level in audit.levels}
    if audit.level is None:
        return line.append("no level reached")
    return line.append(f"reached {audit.level}: {_safe(reached.get(audit.level, ''))}")


def _margins(audit: Audit) -> list[RenderableType]:
    """Say by what a claim may differ and still agree, where that is not the default."""
    chosen = [margin for margin in margins(audit) if margin.source != DEFAULT]
    if not chosen or not any(c.measured for c in audit.comparisons):
        return []
    parts = {
        source: ", ".join(f"{m.quantity} {m.margin}" for m in chosen if m.source == source)
        for source in dict.fromkeys(m.source for m in chosen)
    }
    said = "; ".join(f"{part} ({source})" for source, part in parts.items())
    return [Text(f"Margins   {_safe(said)}", style="dim")]


def _evaluation(audit: Audit, section: Section, brief: bool) -> list[RenderableType]:
    if not section.comparisons:
        return []
    heading = Text(f"\n{_safe(section.evaluation)}", style="bold")
    facts = [_safe(section.objects)] if section.objects else []
    if (sample := sample_of(audit, section.evaluation)) is not None:
        facts.append(cost_words(sample))
    elif done := forwards(section):
        facts.append(f"{numbers.grouped(done)} forwards")
    if facts:
        heading.append(f"  {' · '.join(facts)}", style="dim not bold")
    comparisons = [comparison for _, comparison in section.comparisons]
    listed = [c for c in comparisons if not brief or c.verdict is not Verdict.REPRODUCED]
    if hidden := len(comparisons) - len(listed):
        heading.append(f"  {VERDICTS[Verdict.REPRODUCED].symbol} {hidden} reproduced", "green")
    table = [_claims(listed)] if listed else []
    why = [_why(c, audit.subject.path) for c in comparisons if c.verdict in _EXPLAINED]
    return [heading, *table, *why]


_EXPLAINED = (Verdict.OVERSTATED, Verdict.UNDERSTATED, Verdict.REFUTED, Verdict.INCONCLUSIVE)
"""What the table alone does not explain; reasons of what was not checked are grouped below."""


def _claims(comparisons: list[Comparison]) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("claim", ratio=1, overflow="fold")
    table.add_column("declared", justify="right", overflow="fold")
    has_rerun = any(c.measured is not None for c in comparisons)
    has_rerun = has_rerun or all(c.recomputed is None for c in comparisons)
    found = "measured [99 % honest]" if has_rerun else "recomputed"
    table.add_column(found, justify="right", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    for c in comparisons:
        mark = VERDICTS[c.verdict]
        table.add_row(
            Text(_safe(c.label)),
            Text(_safe(numbers.with_unit(numbers.declared_text(c), c.unit))),
            Text(_safe(numbers.measured_text(c) if has_rerun else _recomputed(c))),
            Text(f"{mark.symbol} {mark.word}", style=_STYLES[mark.tone]),
        )
    return Padding(table, (0, 0, 0, 2))


def _recomputed(comparison: Comparison) -> str:
    estimate = comparison.recomputed
    return numbers.ABSENT if estimate is None else numbers.value_text(estimate)


def _why(comparison: Comparison, path: str) -> RenderableType:
    mark = VERDICTS[comparison.verdict]
    line = Text(f"{clip(place_of(comparison, path), LONGEST)}: ")
    line.append(mark.word, style=_STYLES[mark.tone])
    return line.append(f" {_safe(comparison.label)}: {_safe(comparison.reason)}")


def _findings(audit: Audit) -> list[RenderableType]:
    everything = open_findings(audit)
    found = [_finding(finding, audit.subject.path) for _, finding in everything[:SHOWN_FINDINGS]]
    found += _rest(len(everything) - SHOWN_FINDINGS, "finding")
    if suppressed := len(suppressed_findings(audit)):
        found.append(Text(f"{count(suppressed, 'finding')} suppressed by the author", style="dim"))
    return [Text("\nFindings", style="bold"), *found] if found else []


def _finding(finding: Finding, path: str) -> RenderableType:
    line = Text(f"{clip(place_of(finding, path), LONGEST)}: ")
    line.append(finding.severity.value, style=_STYLES[SEVERITIES[finding.severity].tone])
    line.append(f" {_safe(finding.code)} {_safe(finding.name)}: {_safe(finding.message)}")
    return line


def _gaps(audit: Audit) -> list[RenderableType]:
    everything = gaps(audit)
    lines = [Text(f"{gap.what}: {_safe(gap.reason)}") for gap in everything[:SHOWN_GAPS]]
    lines += _rest(len(everything) - SHOWN_GAPS, "reason")
    return [Text("\nNot checked", style="bold"), *lines] if lines else []


def _rest(number: int, noun: str) -> list[Text]:
    if number <= 0:
        return []
    return [Text(f"and {count(number, noun)} more, in audit.json", style="dim")]


def _foot(audit: Audit, files: Sequence[str]) -> list[RenderableType]:
    lines: list[RenderableType] = [
        *(Text(_safe(entry)) for entry in accepted_lines(audit)),
        Text(f"Exit {audit.exit_code}: {_safe(audit.exit_reason)}"),
    ]
    if files:
        lines.append(Text(f"Written   {', '.join(map(_safe, files))}"))
    return lines
