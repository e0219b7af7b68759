"""Jinja environments: strict about names, and no author's text leaves them unescaped."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from repaudit._core.resources import data_dir
from repaudit._core.text import clip, escape_markdown, visible

LONGEST: Final = 2000
"""Characters of one field that a report shows; the audit holds the rest."""


class Ready(str):
    """Text that is already Markdown and must not be escaped again."""


@cache
def html_environment() -> Environment:
    """Return the environment of HTML templates."""
    return _environment(_shown_in_html, autoescape=True)


@cache
def markdown_environment() -> Environment:
    """Return the environment of Markdown templates."""
    environment = _environment(_shown_in_markdown, autoescape=False)
    environment.filters["code"] = code
    return environment


def code(text: object) -> Ready:
    r"""Return a Markdown code span of any text, on one line, also inside a table cell.

    >>> code("a`b|c")
    '``a`b\\|c``'
    """
    shown = clip(visible(" ".join(str(text).split("\n"))), LONGEST).replace("|", "\\|") or " "
    fence = "`"
    while fence in shown:
        fence += "`"
    pad = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return Ready(f"{fence}{pad}{shown}{pad}{fence}")


def _environment(finalize: Callable[[Any], Any], autoescape: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(data_dir("templates")),
        autoescape=autoescape,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _shown_in_html(value: Any) -> Any:
    return value if isinstance(value, Markup) else clip(visible(str(value)), LONGEST)


def _shown_in_markdown(value: Any) -> Any:
    return value if isinstance(value, Ready) else escape_markdown(clip(str(value), LONGEST))
