"""A table as it stands in a paper, taken apart into cells, with the line of each row."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Final, NamedTuple

_EMPHASIS = re.compile(r"\\(?:textbf|textit|emph|underline|mathbf)\{([^{}]*)\}")
_RULES = re.compile(r"\\(?:midrule|hline|addlinespace|cmidrule)(?:\[[^\]]*\]|\([^)]*\)|\{[^}]*\})*")
_COMMENT = re.compile(r"(?<!\\)%.*")
_ROW_END = re.compile(r"\\\\(?:\[[^\]]*\])?")
_STRONG = re.compile(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*")
_SEPARATOR = re.compile(r"^\s*\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*$")


class Row(NamedTuple):
    """One row: where it stands and what its cells say, emphasis aside."""

    line: int
    """0-based, within the text that was read"""
    cells: tuple[str, ...]


def rows_of(text: str, format: str) -> list[Row]:
    r"""Return header and rows of a table in LaTeX, Markdown or HTML.

    >>> rows_of("| a | **1** |\n|---|---:|\n| b | 2 |", "markdown")
    [Row(line=0, cells=('a', '1')), Row(line=2, cells=('b', '2'))]
    """
    return _READERS[format](text)


def notes_text(text: str) -> str:
    """Return a text with every run of blanks as one, in which a note can be looked for."""
    return " ".join(text.split())


def _markdown(text: str) -> list[Row]:
    found = []
    for number, line in enumerate(text.splitlines()):
        if line.lstrip().startswith("|") and not _SEPARATOR.match(line):
            cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|"))
            found.append(Row(number, tuple(_said(_STRONG.sub(r"\1", c)) for c in cells[:-1])))
    return found


def _latex(text: str) -> list[Row]:
    start = text.find(r"\toprule")
    end = text.find(r"\bottomrule")
    if start < 0 or end < start:
        return []
    found = []
    at = start + len(r"\toprule")
    for match in _ROW_END.finditer(text, at, end):
        # Rules and comments leave blanks, so that what is left stands where it stood.
        plain = _RULES.sub(_blank, _COMMENT.sub(_blank, text[at : match.start()]))
        line = text.count("\n", 0, at + len(plain) - len(plain.lstrip()))
        cells = [_said(_unemphasised(cell)) for cell in re.split(r"(?<!\\)&", plain)]
        found.append(Row(line, tuple(cells)))
        at = match.end()
    return found


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _unemphasised(cell: str) -> str:
    before = ""
    while cell != before:
        before, cell = cell, _EMPHASIS.sub(r"\1", cell)
    return cell


class _Cells(HTMLParser):
    """Collects the cells of head and body; the foot holds notes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[int, list[str]]] = []
        self._is_cell = self._is_foot = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Begin a row or a cell."""
        self._is_foot = self._is_foot or tag == "tfoot"
        if tag == "tr" and not self._is_foot:
            self.rows.append((self.getpos()[0] - 1, []))
        if tag in ("td", "th") and self.rows and not self._is_foot:
            self.rows[-1][1].append("")
            self._is_cell = True

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in ("td", "th"):
            self._is_cell = False

    def handle_data(self, data: str) -> None:
        """Add to the cell."""
        if self._is_cell:
            self.rows[-1][1][-1] += data


def _html(text: str) -> list[Row]:
    parser = _Cells()
    parser.feed(text)
    parser.close()
    return [Row(line, tuple(map(_said, cells))) for line, cells in parser.rows]


def _said(text: str) -> str:
    return " ".join(text.split())


_READERS: Final[dict[str, Callable[[str], list[Row]]]] = {
    "markdown": _markdown,
    "latex": _latex,
    "html": _html,
}
