"""The door to the re-run: torch is imported here, when there is something to run."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from repaudit._core.errors import InputError, MissingPart
from repaudit._core.progress import Progress, silent
from repaudit.check.options import CheckOptions, checked_nonce
from repaudit.check.workers import Workers, workers_for
from repaudit.contract.files import Places
from repaudit.contract.load import Document
from repaudit.contract.task import CertificationTask, Task

if TYPE_CHECKING:
    from repaudit.rerun.engine import Engine
    from repaudit.rerun.journal import Journal
    from repaudit.rerun.sampler import Helpers, Sampler
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
    workers: Workers | None = None
    """other processes that compute what is re-run in full beforehand, and draws as they come"""

    def run(
        self,
        tasks: Mapping[str, Sequence[Task] | str],
        seed: bytes,
        progress: Progress | None = None,
    ) -> "Study":
        """Run the tasks of every evaluation; finished work is in the journal until discarded.

        ``progress`` is shown instead of to the options' own.
        """
        from repaudit.rerun.study import Course, run_study

        shown = progress or self.options.progress
        if self.workers is None or self.journal is None:
            return run_study(tasks, seed, self.engine, self.journal, shown)
        course = Course(partial(self.workers.help_out, self.journal, seed, shown))
        return run_study(tasks, seed, self.engine, self.journal, shown, course)

    def sampler(self, task: CertificationTask, seed: bytes) -> "Sampler":
        """Return the votes of a task on demand; raises as `Engine.run_task` does."""
        return self.engine.sampler(task, seed, self.journal, self._helpers(seed))

    def speed_of(self, task: CertificationTask, seed: bytes) -> float:
        """Return about how many noisy forwards of a task are made in a second.

        Raises as `Engine.run_task` does.
        """
        return self.engine.speed_of(task, self._helpers(seed))

    def _helpers(self, seed: bytes) -> "Helpers | None":
        if self.workers is None or self.journal is None:
            return None
        return self.workers.drawing(seed, self.journal)

    def close(self) -> None:
        """Let the workers go."""
        if self.workers is not None:
            self.workers.close()

    def try_out(self, tasks: Mapping[str, Sequence[Task] | str], seed: bytes) -> "Study":
        """Run a few small tasks, of which nothing is kept."""
        return replace(self, journal=None, workers=None).run(tasks, seed, silent)


def machine_for(document: Document, nonce: str, options: CheckOptions) -> Machine:
    """Return what re-runs a results file.

    Its caller closes it. Raises ``MissingPart`` when an extra or the device is not there, and
    ``InputError`` for a folder that holds the finished work of another run.
    """
    engine = _engine(document, options)
    workers = workers_for(document, options, engine)
    if options.out is not None:
        _refuse_leftover(options.out / JOURNAL, resume=options.resume)
        journal = _journal(options.out / JOURNAL, document, nonce, engine)
    elif workers is not None:
        journal = _journal(workers.folder(), document, nonce, engine)
    else:
        journal = None
    return Machine(engine, journal, options, workers)


def joined_machine(document: Document, options: CheckOptions) -> tuple[Machine, str]:
    """Return what re-runs a results file into a journal that several processes share.

    Its nonce, which is returned too, is that of the process that came first. Raises as
    `machine_for` does, and ``InputError`` for another nonce in the options.
    """
    assert options.out is not None
    engine, nonce = _engine(document, options), checked_nonce(options.nonce)
    from repaudit.rerun.journal import begin

    begin(options.out / JOURNAL, _header(document, nonce, engine))
    if options.nonce is None:
        nonce = checked_nonce(journal_nonce(options.out))
    journal = _journal(options.out / JOURNAL, document, nonce, engine)
    if options.engine == "local":
        options = replace(options, workers=options.workers or 1)
    workers = workers_for(document, options, engine)
    return Machine(engine, journal, options, workers), nonce


def _engine(document: Document, options: CheckOptions) -> "Engine":
    try:
        from repaudit.rerun.engine import Engine
        from repaudit.rerun.plan import RerunSettings
    except ImportError as error:
        raise MissingPart(f"{error.name or 'torch'}", "a re-run", INSTALL) from None
    settings = RerunSettings(
        device=options.device,
        batch_size=options.batch_size,
        memory_bytes=options.memory_bytes,
        allow_code=options.allow_code,
        compiling=options.compiling,
        precision=options.precision,
    )
    return Engine(Places(document.path.parent, options.roots), settings)


def _header(document: Document, nonce: str, engine: "Engine") -> dict[str, str]:
    return {"results": document.sha256, "nonce": nonce, "plan": engine.plan}


def _journal(folder: Path, document: Document, nonce: str, engine: "Engine") -> "Journal":
    from repaudit.rerun.journal import Journal

    journal = Journal(folder, _header(document, nonce, engine))
    engine.keep_executions(folder)
    return journal


def discard_journal(options: CheckOptions) -> None:
    """Remove the finished work of a run whose result is safe elsewhere."""
    if options.out is not None and not options.static:
        shutil.rmtree(options.out / JOURNAL, ignore_errors=True)


def _refuse_leftover(folder: Path, *, resume: bool) -> None:
    """Refuse to begin anew where finished work of an interrupted run would be lost."""
    if folder.exists() and not resume:
        expected = "a folder without an interrupted run, or --resume"
        raise InputError("the output", expected, str(folder), f"--resume, or: rm -r {folder}")
