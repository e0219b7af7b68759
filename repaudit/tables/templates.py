"""Jinja environments of tables: strict about names, every author's text escaped."""

import re
import unicodedata
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from repaudit._core.resources import data_dir
from repaudit._core.text import escape_latex, escape_markdown, visible

_GREEK = {
    unicodedata.lookup(f"GREEK {case} LETTER {name.replace('lambda', 'lamda')}"): rf"$\{written}$"
    for case, names in (
        (
            "small",
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma"
            " tau upsilon phi chi psi omega",
        ),
        ("capital", "gamma delta theta lambda xi pi sigma upsilon phi psi omega"),
    )
    for name in names.split()
    for written in [name if case == "small" else name.capitalize()]
}
_SYMBOLS = _GREEK | {
    "f∘T": r"$f \circ T$",
    "∘": r"$\circ$",
    "±": r"$\pm$",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "·": r"$\cdot$",
    "–": "--",
    "‖": r"$\|$",
    "∞": r"$\infty$",
    "₂": "$_{2}$",
}
_SYMBOL = re.compile("|".join(_SYMBOLS))


def latex(text: str) -> str:
    r"""Return escaped text with the signs that we write ourselves as LaTeX commands.

    >>> latex("R ≥ 50%")
    'R $\\geq$ 50\\%'
    """
    return _SYMBOL.sub(lambda match: _SYMBOLS[match[0]], escape_latex(text))


def _plain(text: str) -> str:
    return visible(" ".join(text.splitlines()))


@cache
def environment(format: str) -> Environment:
    """Return the environment of ``markdown``, ``latex`` or ``html`` templates."""
    escape = {"markdown": escape_markdown, "latex": latex, "html": _plain}[format]

    def finalize(value: Any) -> str:
        return value if isinstance(value, Markup) else escape(str(value))

    # LaTeX is full of braces: its templates mark variables and blocks by commands instead.
    delimiters: dict[str, Any] = (
        {
            "variable_start_string": r"\VAR{",
            "variable_end_string": "}",
            "block_start_string": r"\BLOCK{",
            "block_end_string": "}",
            "comment_start_string": r"\#{",
            "comment_end_string": "}",
        }
        if format == "latex"
        else {}
    )
    return Environment(
        loader=FileSystemLoader(data_dir("templates")),
        autoescape=format == "html",
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        **delimiters,
    )
