"""Arguments of several commands: NAME=VALUE pairs, sizes, choices."""

import re
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated, Literal

import typer

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


class Where(Enum):
    """Where workers are."""

    LOCAL = "local"
    RAY = "ray"


class Compile(Enum):
    """Whether networks are compiled."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Precision(Enum):
    """Arithmetic of the networks' products."""

    DECLARED = "declared"
    BF16 = "bf16"
    TF32 = "tf32"


Device = Annotated[
    str, typer.Option("--device", metavar="auto|cpu|cuda[:N]", help="What to run on.")
]
Memory = Annotated[
    str | None, typer.Option("--memory", metavar="SIZE", help="Most memory to use, such as 4G.")
]
BatchSize = Annotated[
    int | None,
    typer.Option("--batch-size", min=1, metavar="N", help="Rows run at once; moves no count."),
]
Margins = Annotated[
    list[str] | None,
    typer.Option(
        "--margin",
        metavar="FAMILY=SIZE",
        help="What counts as a difference: radius=1%, snr=0.1; repeatable.",
    ),
]
Terse = Annotated[bool, typer.Option("--quiet", help="Print the ending only, and no progress.")]
Silent = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="Print without colours.")]
Roots = Annotated[
    list[str] | None,
    typer.Option("--root", metavar="NAME=DIR", help="Where a root of the file lies; repeatable."),
]
FailOn = Annotated[
    list[Gate] | None,
    typer.Option(
        "--fail-on",
        metavar="GATE",
        help="error, warning, inconclusive or not_checked: exit 1 from there on; repeatable."
        "  [default: error]",
    ),
]
Required = Annotated[
    Level | None,
    typer.Option("--require", metavar="L0|…|L5", help="The level that must be reached."),
]
Baseline = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        dir_okay=False,
        help="What is accepted for a time; see repaudit baseline.",
    ),
]
AllowCode = Annotated[bool, typer.Option("--allow-code", help="Let code that the file names run.")]
Compiling = Annotated[
    Compile,
    typer.Option(
        "--compile",
        metavar="auto|always|never",
        help="The networks, by torch.compile; auto: where there is work enough. Moves near ties.",
    ),
]
InPrecision = Annotated[
    Precision,
    typer.Option(
        "--precision",
        metavar="declared|bf16|tf32",
        help="Of the networks alone, and only where their votes agree with the declared one's.",
    ),
]
Workers = Annotated[
    str | None,
    typer.Option(
        "--workers",
        metavar="N|gpus",
        help="Processes that share the re-run; gpus: one for each GPU. Probes and --falsify stay "
        "in this one.",
    ),
]
Engine = Annotated[
    Where,
    typer.Option(
        "--engine", metavar="local|ray", help="Workers of this machine, or of a Ray cluster."
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        "--address",
        metavar="HOST:PORT",
        help="Of a Ray cluster that is running.  [default: one of this machine alone]",
    ),
]


def workers(text: str | None) -> int | Literal["gpus"] | None:
    """Return how many processes are asked for."""
    if text is None or text == "gpus":
        return "gpus" if text else None
    if not re.fullmatch(r"0*[1-9]\d{0,4}", text):
        raise InputError("--workers", "a number from 1 on, or gpus", repr(text)[:40])
    return int(text)


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
