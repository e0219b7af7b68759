"""The door to the re-run: torch is imported here, when there is something to run."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from repaudit._core.errors import InputError, MissingPart
from repaudit.check.options import CheckOptions
from repaudit.contract.files import Places
from repaudit.contract.load import Document
from repaudit.contract.task import Task

if TYPE_CHECKING:
    from repaudit.rerun.engine import Engine
    from repaudit.rerun.journal import Journal
    from repaudit.rerun.study import Study

JOURNAL = "journal"
INSTALL = "pip install 'repaudit[rerun]'"


def audit_seed(raw: bytes, nonce: str) -> bytes:
    """Return SHA-256(results file, nonce): nobody could know it before the file was written."""
    return hashlib.sha256(raw + bytes.fromhex(nonce)).digest()


def author_seed(seed: int) -> bytes:
    """Return the 32 bytes that an author's integer seed stands for."""
    return hashlib.sha256(f"repaudit measure {seed}".encode()).digest()


def journal_nonce(out: Path) -> str:
    """Return the nonce of the interrupted audit in ``out``; ``InputError`` when there is none."""
    header = out / JOURNAL / "header.json"
    try:
        nonce = json.loads(header.read_bytes())["nonce"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError("--resume", f"an interrupted run in {out}", "none") from None
    return str(nonce)


@dataclass(frozen=True)
class Machine:
    """What runs the tasks of one results file, and where finished work is kept."""

    engine: "Engine"
    journal: "Journal | None"
    options: CheckOptions

    def run(self, tasks: Mapping[str, Sequence[Task] | str], seed: bytes) -> "Study":
        """Run the tasks of every evaluation; finished work is in the journal until discarded."""
        from repaudit.rerun.study import run_study

        return run_study(tasks, seed, self.engine, self.journal, self.options.progress)

    def try_out(self, tasks: Mapping[str, Sequence[Task] | str], seed: bytes) -> "Study":
        """Run a few small tasks, of which nothing is kept."""
        return replace(self, journal=None).run(tasks, seed)


def machine_for(document: Document, nonce: str, options: CheckOptions) -> Machine:
    """Return what re-runs a results file.

    Raises ``MissingPart`` when the extra or the device is not there, and ``InputError`` for a
    folder that holds the finished work of another run.
    """
    try:
        from repaudit.rerun.engine import Engine
        from repaudit.rerun.journal import Journal
        from repaudit.rerun.plan import RerunSettings
    except ImportError as error:
        raise MissingPart(f"{error.name or 'torch'}", "a re-run", INSTALL) from None
    settings = RerunSettings(
        device=options.device,
        batch_size=options.batch_size,
        memory_bytes=options.memory_bytes,
        allow_code=options.allow_code,
    )
    engine = Engine(Places(document.path.parent, options.roots), settings)
    if options.out is None:
        return Machine(engine, None, options)
    _refuse_leftover(options.out / JOURNAL, resume=options.resume)
    header = {"results": document.sha256, "nonce": nonce, "plan": engine.plan}
    return Machine(engine, Journal(options.out / JOURNAL, header), options)


def discard_journal(options: CheckOptions) -> None:
    """Remove the finished work of a run whose result is safe elsewhere."""
    if options.out is not None:
        shutil.rmtree(options.out / JOURNAL, ignore_errors=True)


def _refuse_leftover(folder: Path, *, resume: bool) -> None:
    """Refuse to begin anew where finished work of an interrupted run would be lost."""
    if folder.exists() and not resume:
        expected = "a folder without an interrupted run, or --resume"
        raise InputError("the output", expected, str(folder), f"--resume, or: rm -r {folder}")
