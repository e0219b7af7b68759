"""Where our own files that are no code lie: published schemas and report templates."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from repaudit._core.errors import MissingPart

_PACKAGE = Path(__file__).resolve().parent.parent


def data_dir(name: Literal["schemas", "templates"]) -> Path:
    """Return the folder ``name`` of this installation.

    A wheel carries it inside the package under ``_data``; a checkout, also one installed in
    editable mode, has it at the top, beside the package.

    Raises ``MissingPart`` when neither exists.
    """
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise MissingPart(f"its folder {name}", "reading its own files", "pip install repaudit")
