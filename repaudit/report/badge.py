"""The badge: the level reached and how the audit ended, as a small picture.

It embeds no font: texts are stretched to the widths that Verdana would give them, so the picture
is the same wherever it is shown.
"""

from dataclasses import dataclass
from typing import Final

from repaudit.audit.audit import Audit
from repaudit.report.ending import ending
from repaudit.report.places import title_of
from repaudit.report.templates import html_environment
from repaudit.report.words import Tone

LABEL: Final = "repaudit"
PAD: Final = 6
"""On both sides of a text, pixels."""
COLOURS: Final[dict[Tone, str]] = {
    "good": "#17703f",
    "bad": "#b3251c",
    "warn": "#855400",
    "info": "#855400",
    "quiet": "#855400",
}
"""White text on each has a contrast above 5 to 1."""
_WIDTHS: Final = {
    "fijlrt -": (387, 302, 379, 302, 469, 433, 387, 500),
    "abcdeghk": (661, 685, 573, 685, 655, 685, 696, 651),
    "nopqsuvxyz": (696, 668, 685, 685, 573, 696, 651, 651, 651, 578),
    "mwL": (1070, 900, 612),
}
"""Advance widths of Verdana at 11 pixels, in hundredths."""
_ADVANCE: Final = {
    letter: width
    for letters, widths in _WIDTHS.items()
    for letter, width in zip(letters, widths, strict=True)
}
_OTHER: Final = 699
"""Of a digit, and of whatever else."""


@dataclass(frozen=True)
class Badge:
    """What is drawn; every number is a pixel."""

    message: str
    colour: str
    title: str
    label: str = LABEL
    pad: int = PAD

    @property
    def text(self) -> str:
        """The badge in words."""
        return f"{self.label}: {self.message}"

    @property
    def split(self) -> int:
        """Where the coloured part begins."""
        return text_width(self.label) + 2 * self.pad

    @property
    def width(self) -> int:
        """Of the whole."""
        return self.split + text_width(self.message) + 2 * self.pad


def badge_of(audit: Audit) -> Badge:
    """Return the badge of an audit: red for an error, green when every claim is reproduced.

    Amber is everything between: warnings, and what is inconclusive or was not re-run.
    """
    end = ending(audit)
    message = " ".join(part for part in (audit.level, end.word.lower()) if part)
    title = f"{LABEL}: {message}, {title_of(audit)}"
    return Badge(message, COLOURS[end.tone], title)


def render_badge(audit: Audit) -> str:
    """Return the badge as SVG; the study's title is escaped."""
    return html_environment().get_template("badge.svg.j2").render(badge=badge_of(audit))


def text_width(text: str) -> int:
    """Return the width of a text of 11 pixels, rounded up.

    >>> text_width("mm")  # 2 * 10.70
    22
    """
    return -(-sum(_ADVANCE.get(letter, _OTHER) for letter in text) // 100)
