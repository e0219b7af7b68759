"""Arguments of several commands: NAME=VALUE pairs, sizes, choices."""

import re
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from repaudit._core.errors import InputError

UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


class Gate(Enum):
    """What can end an audit with 1."""

    ERROR = "error"
    WARNING = "warning"
    INCONCLUSIVE = "inconclusive"
    NOT_CHECKED = "not_checked"


class Mode(Enum):
    """How much is re-run."""

    FULL = "full"
    RISK_LIMITING = "risk-limiting"
    QUICK = "quick"


class Level(Enum):
    """The rungs of the evidence ladder."""

    L0 = "L0"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"
    L5 = "L5"


def named(option: str, pairs: Sequence[str] | None, form: str = "FAMILY=SIZE") -> dict[str, str]:
    """Return arguments of a ``form`` as a dict; ``InputError`` for a malformed or repeated one."""
    found: dict[str, str] = {}
    for pair in pairs or []:
        name, equals, value = pair.partition("=")
        if not equals or not name or not value:
            raise InputError(option, form, repr(pair))
        if name in found:
            raise InputError(option, f"{name} once", "it twice")
        found[name] = value
    return found


def folders(option: str, pairs: Sequence[str] | None) -> dict[str, Path]:
    """Return NAME=DIR arguments as paths; ``InputError`` for one that is no folder."""
    found = {name: Path(value) for name, value in named(option, pairs, "NAME=DIR").items()}
    for name, path in found.items():
        if not path.is_dir():
            raise InputError(f"{option} {name}", "a folder that exists", repr(str(path)))
    return found


def memory(text: str | None) -> int | None:
    """Return a size such as ``4G`` or ``512M`` in bytes."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", text.strip(), re.IGNORECASE)
    if match is None or float(match[1]) == 0:
        raise InputError("--memory", "a size such as 4G or 512M", repr(text), "--memory 4G")
    return int(float(match[1]) * UNITS[match[2].upper()])


def codes(option: str, lists: Sequence[str] | None) -> tuple[str, ...]:
    """Return the codes of CODE[,CODE] arguments, each once; ``InputError`` for an empty one."""
    found = [code.strip().upper() for text in lists or [] for code in text.split(",")]
    if "" in found:
        raise InputError(option, "CODE[,CODE]", repr(",".join(lists or [])))
    return tuple(dict.fromkeys(found))
