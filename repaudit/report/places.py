"""Where in the results file something stands."""

from typing import Protocol

from repaudit._core.text import clip, visible
from repaudit.audit.audit import Audit

_SHOWN = 120


class Placed(Protocol):
    """A finding or a comparison."""

    @property
    def pointer(self) -> str: ...  # noqa: D102
    @property
    def line(self) -> int | None: ...  # noqa: D102
    @property
    def column(self) -> int | None: ...  # noqa: D102


def file_name(path: str) -> str:
    """Return the last part of a path as shown to a reader."""
    return clip(visible(path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] or path), _SHOWN)


def title_of(audit: Audit) -> str:
    """Return the study's title, cut so that it cannot push the verdict off the first screen."""
    return clip(visible(audit.subject.title), _SHOWN)


def place_of(item: Placed, path: str) -> str:
    """Return ``path:LINE:COL``, or the pointer when the position is unknown."""
    shown = visible(path)
    if item.line is None:
        return f"{shown}: {clip(visible(item.pointer), _SHOWN)}" if item.pointer else shown
    return f"{shown}:{item.line}:{item.column if item.column is not None else 1}"
