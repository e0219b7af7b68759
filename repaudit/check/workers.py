"""Other processes that compute for an audit: what the options ask for, and how they help."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from repaudit._core.errors import InputError, MissingPart
from repaudit._core.progress import Progress, Step
from repaudit.check.options import CheckOptions
from repaudit.contract.load import Document
from repaudit.contract.task import Task

if TYPE_CHECKING:
    from repaudit.rerun.engine import Engine
    from repaudit.rerun.helped import Helped
    from repaudit.rerun.journal import Journal
    from repaudit.rerun.scale.draw import DrawnByCrew
    from repaudit.rerun.scale.fill import Crew

INSTALL = "pip install 'repaudit[ray]'"


def workers_for(document: Document, options: CheckOptions, engine: "Engine") -> "Workers | None":
    """Return the workers that the options ask for; None for this process alone.

    Raises ``InputError`` and ``MissingPart`` for workers that cannot be had.
    """
    if options.address is not None and options.engine != "ray":
        raise InputError("--address", "--engine ray", f"--engine {options.engine}")
    if options.engine == "ray" and find_spec("ray") is None:
        raise MissingPart("ray", "--engine ray", INSTALL)
    if options.address is not None:
        from repaudit.rerun.scale.ray_cluster import refuse_silent

        refuse_silent(options.address)
    if options.workers == "gpus" and engine.device.type != "cuda":
        raise InputError("--workers gpus", "a re-run on a GPU", f"one on the {engine.device}")
    if options.workers is None and options.engine == "local":
        return None
    return Workers(document, options, engine)


class Workers:
    """A crew that is begun when there is work for it, and kept until it is closed."""

    def __init__(self, document: Document, options: CheckOptions, engine: "Engine") -> None:
        self._document, self._options, self._engine = document, options, engine
        self._crew: Crew | None = None
        self._drawing: DrawnByCrew | None = None
        self._folder: TemporaryDirectory[str] | None = None

    @property
    def words(self) -> str | None:
        """Who computes, for the report; None while nobody does."""
        return None if self._crew is None else self._crew.words

    def folder(self) -> Path:
        """Return a folder for a journal, which is there until they are closed."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="repaudit-")
        return Path(self._folder.name)

    def close(self) -> None:
        """Let them go."""
        if self._crew is not None:
            self._crew.close()
            self._crew = self._drawing = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def crew(self, seed: bytes, journal: "Journal") -> "Crew":
        """Return the crew; raises ``InputError`` where a Ray cluster does not answer."""
        if self._crew is None:
            self._crew = self._begun(seed, journal)
        return self._crew

    def drawing(self, seed: bytes, journal: "Journal") -> "DrawnByCrew":
        """Return what draws for samplers; raises as `crew` does."""
        from repaudit.rerun.scale.draw import DrawnByCrew

        if self._drawing is None:
            self._drawing = DrawnByCrew(self.crew(seed, journal), self._options.announce)
        return self._drawing

    def help_out(
        self,
        journal: "Journal",
        seed: bytes,
        progress: Progress,
        name: str,
        tasks: Sequence[Task],
    ) -> "Mapping[str, Helped]":
        """Compute the shards of an evaluation into a journal, and say what was done.

        What a worker refuses is left to this process, which runs into the reason itself. Raises
        ``CannotHelp``.
        """
        from repaudit.rerun.scale.fill import fill
        from repaudit.rerun.scale.load import load_of

        load = load_of(self._engine, tasks, journal)
        if not load.shares:
            return {}

        def report(label: str, done: int) -> None:
            doing = label.removeprefix(name).strip()
            progress(Step(name, doing, min(done, load.total), load.total, load.kept))

        filled = fill(load, seed, self._engine, journal, self.crew(seed, journal), report)
        for label, reason in filled.refused.items():
            self._options.announce(f"  {label}: left to one process: {reason}")
        return filled.helped

    def _begun(self, seed: bytes, journal: "Journal") -> "Crew":
        from repaudit.rerun.scale.local import LocalCrew, local_sites
        from repaudit.rerun.scale.site import Site

        options, engine, document = self._options, self._engine, self._document
        site = Site(
            results=document.path.absolute(),
            sha256=document.sha256,
            roots=tuple((name, folder.absolute()) for name, folder in options.roots.items()),
            settings=engine.settings,
            seed=seed,
            plan=engine.plan,
            journal=journal.folder.absolute(),
        )
        workers = None if options.workers == "gpus" else options.workers
        if options.engine == "ray":
            from repaudit.rerun.scale.ray_engine import RayCrew

            return RayCrew(site, engine, workers, options.address)
        return LocalCrew(local_sites(site, engine.device, workers))
