"""What all processes of one re-run have in common, and the engine that follows from it."""

import platform
from dataclasses import dataclass
from pathlib import Path

from repaudit._core.errors import InputError, MissingPart
from repaudit.contract.files import Places, sha256_of
from repaudit.rerun.engine import Engine
from repaudit.rerun.helped import CannotHelp
from repaudit.rerun.plan import RerunSettings

SHARE_INPUTS = "put the inputs and --out on a file system that every node mounts at the same path"


class WrongWorker(CannotHelp):
    """A worker that could not give the counts of this run, or cannot read its inputs."""

    def __init__(
        self, where: str, expected: str, found: str, suggestion: str | None = None
    ) -> None:
        self.said = str(InputError(where, expected, found, suggestion))
        # The arguments of an exception are what rebuilds it in another process.
        super().__init__(where, expected, found, suggestion)

    def __str__(self) -> str:
        return self.said


@dataclass(frozen=True)
class Site:
    """Where the inputs lie, how they are run, and the noise."""

    results: Path
    """the results file or plan, absolute"""
    sha256: str
    """of the results file"""
    roots: tuple[tuple[str, Path], ...]
    """named folders, absolute"""
    settings: RerunSettings
    """of one process"""
    seed: bytes
    """32 bytes"""
    plan: str
    """the execution plan in words; a process that would follow another one computes nothing"""
    journal: Path | None = None
    """absolute; what the processes have chosen between them about networks is kept there"""

    @property
    def places(self) -> Places:
        """Where the files of the results file may lie."""
        return Places(self.results.parent, dict(self.roots))

    def engine(self) -> Engine:
        """Return the engine of one process.

        Raises ``WrongWorker`` where the device is not there, or its plan not that of the run.
        """
        where = f"a worker on {platform.node()}"
        try:
            engine = Engine(self.places, self.settings)
        except (InputError, MissingPart) as fault:
            raise WrongWorker(where, f"the device {self.settings.device}", str(fault)) from None
        if engine.plan != self.plan:
            raise WrongWorker(where, f"the plan of the run, {self.plan}", engine.plan)
        if self.journal is not None:
            engine.keep_executions(self.journal)
        return engine

    def verify(self) -> None:
        """Raise ``WrongWorker`` unless the inputs can be read here, at the same paths."""
        where = f"the node {platform.node()}"
        try:
            found = sha256_of(self.results)
        except OSError as error:
            raise WrongWorker(
                where, f"to read {self.results}", f"{error.strerror}", SHARE_INPUTS
            ) from None
        if found != self.sha256:
            expected = f"{self.results} with sha256 {self.sha256[:12]}…"
            raise WrongWorker(where, expected, f"{found[:12]}…", SHARE_INPUTS)
        folders = {f"the root {name}": folder for name, folder in self.roots}
        if self.journal is not None:
            folders["the journal"] = self.journal
        for name, folder in folders.items():
            if not folder.is_dir():
                raise WrongWorker(where, f"{name} at {folder}", "no folder", SHARE_INPUTS)
