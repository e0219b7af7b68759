"""How an audit is asked to run."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from repaudit._core.errors import InputError
from repaudit._core.progress import Progress, silent

Mode = Literal["full", "risk-limiting", "quick"]
Gate = Literal["error", "warning", "inconclusive", "not_checked"]


def say_nothing(line: str) -> None:
    """Announce nothing."""


@dataclass(frozen=True)
class CheckOptions:
    """Options of ``check``; the defaults audit at a risk of 1 % on this machine's best device."""

    static: bool = False
    """declared numbers, files and released counts only; no network is run"""
    mode: Mode = "risk-limiting"
    """full: every draw of every example; risk-limiting: a sample confirms what it can, the rest
    in full; quick: the sample alone"""
    budget: str | None = None
    """such as ``10m`` or ``500k-forwards``; None = the mode's own"""
    risk: float = 0.01
    """of confirming an overstatement larger than the margin, where a sample decides"""
    falsify: bool = False
    """attack certificates: search their balls for a point where the class changes"""
    attempts: int | None = None
    """on each evaluation's certificates; None = as many as suits"""
    confirm: Path | None = None
    """an earlier ``audit.json`` of the same file, whose re-run is held against this one"""
    party: str | None = None
    """who audits; two parties are independent on machines that look alike"""
    out: Path | None = None
    """folder for our own evidence and the journal; None = keep neither"""
    resume: bool = False
    """go on from the journal in ``out``"""
    nonce: str | None = None
    """32 hexadecimal digits that reproduce an audit; None = fresh"""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N"""
    memory_bytes: int | None = None
    """bound on the tensors in flight; None = a share of what is free"""
    batch_size: int | None = None
    """rows in flight; moves no count"""
    workers: int | Literal["gpus"] | None = None
    """other processes that compute what is re-run in full; gpus = one for each GPU; None = none,
    and on Ray what the cluster has room for"""
    engine: Literal["local", "ray"] = "local"
    """where workers are: processes of this machine, or tasks of a Ray cluster"""
    address: str | None = None
    """of a Ray cluster that is running; None = one of this machine, for this audit alone"""
    compiling: Literal["auto", "always", "never"] = "auto"
    """whether torch.compile makes the networks of a re-run; auto = where the work is worth it"""
    precision: Literal["declared", "bf16", "tf32"] = "declared"
    """of the networks' products; another one than declared only where its votes agree"""
    allow_code: bool = False
    """whether entry points of the results file may run"""
    roots: Mapping[str, Path] = field(default_factory=dict)
    """named folders that files may lie in"""
    margins: Mapping[str, str] = field(default_factory=dict)
    """materiality by family, as typed: ``1%``, ``0.1``"""
    select: tuple[str, ...] = ()
    """rules to run, such as ``RA103`` or ``RA4``, with those they rest on; empty: all"""
    ignore: tuple[str, ...] = ()
    """rules to leave out; what rests on them is skipped"""
    fail_on: tuple[Gate, ...] = ("error",)
    require: Literal["L0", "L1", "L2", "L3", "L4", "L5"] | None = None
    progress: Progress = silent
    """called with each `Step` of an evaluation; what it raises ends the audit, which can be
    resumed"""
    announce: Callable[[str], None] = say_nothing
    """called with each line of the plan, before anything runs"""


def checked_nonce(nonce: str | None) -> str:
    """Return a nonce of 32 lower-case hexadecimal digits, fresh when none is given."""
    if nonce is None:
        return secrets.token_hex(16)
    if not re.fullmatch("[0-9a-fA-F]{32}", nonce):
        raise InputError("--nonce", "32 hexadecimal digits", repr(nonce)[:40])
    return nonce.lower()
