"""How the docstrings of repaudit become Markdown: tables of shapes and examples keep their lines.

A docstring here is written for the terminal: ``Shapes`` is followed by an indented table, an
example by its answer, and each parameter has a line of its own. Markdown would run them together.
"""

import re
from textwrap import dedent
from typing import Any

import griffe


def as_markdown(text: str) -> str:
    r"""Return a docstring as Markdown that shows it line by line where it means lines.

    >>> as_markdown("Count.\n\nShapes\n    hits  int[...]\n\n>>> 1 + 1\n2")
    'Count.\n\n**Shapes**\n\n    hits  int[...]\n\n```pycon\n>>> 1 + 1\n2\n```'
    >>> as_markdown("References\n    [A] one,\n    more\n    [B] two")
    '**References**\n\n* [A] one,\nmore\n* [B] two'
    """
    return "\n\n".join(_paragraph(part) for part in re.split(r"\n{2,}", text))


def _paragraph(text: str) -> str:
    if text.startswith(">>> "):
        return f"```pycon\n{text}\n```"
    if text.startswith("    "):
        return text  # preformatted
    if re.match(r"``\w+``  ", text):
        return re.sub(r"^(?=``\w+``  )", "* ", text, flags=re.MULTILINE)
    head, _, body = text.partition("\n")
    if not body or not all(line.startswith("    ") for line in body.splitlines()):
        return text  # prose
    if head not in ("Units", "References"):
        return f"**{head}**\n\n{body.replace('``', '')}"
    listed = re.sub(r"^(?=\[)", "* ", dedent(body), flags=re.MULTILINE)
    return f"**{head}**\n\n{listed}"


class Docstrings(griffe.Extension):
    """Rewrite every docstring before mkdocstrings shows it."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of a module, class, function or attribute."""
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)
