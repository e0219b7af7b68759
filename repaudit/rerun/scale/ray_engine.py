"""The same shares on a Ray cluster: https://docs.ray.io, extra ``ray``.

Without an address a Ray of this machine alone is started, and ended again; with one, a cluster
that is running already is joined. Every node needs the same repaudit, the same kind of machine
and the inputs at the same paths. Results come back here; this process writes the journal.
"""

from collections import deque
from collections.abc import Generator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from repaudit._core.text import count
from repaudit.rerun.engine import Engine
from repaudit.rerun.helped import CannotHelp
from repaudit.rerun.scale.ray_cluster import join, load_ray, room
from repaudit.rerun.scale.share import (
    MOST_DEATHS,
    Done,
    Event,
    Refused,
    Share,
    WorkerLost,
    computed,
)
from repaudit.rerun.scale.site import SHARE_INPUTS, Site, WrongWorker


class RayCrew:
    """Tasks of a Ray cluster; Ray itself starts those again whose worker or node was lost."""

    def __init__(
        self, site: Site, engine: Engine, workers: int | None = None, address: str | None = None
    ) -> None:
        """Join the cluster at an address, or start one of this machine.

        ``workers`` = None is what the cluster has room for: a GPU, or else a node, for each.
        Raises ``MissingPart`` without the extra and ``InputError`` where no cluster answers.
        """
        self._ray, self._engine = load_ray(), engine
        join(self._ray, address)
        self._place = "the Ray cluster" if address else "Ray on this machine"
        is_cuda = engine.device.type == "cuda"
        try:
            self._demand, self._size = room(self._ray, is_cuda, workers)
        except Exception:
            self._ray.shutdown()
            raise
        threads = max(1, int(self._demand["num_cpus"]))
        device = engine.device.type
        self._site = replace(site, settings=replace(site.settings, device=device, threads=threads))
        self._work = self._ray.remote(**self._demand, max_retries=MOST_DEATHS - 1)(_computed)

    @property
    def size(self) -> int:
        """How many compute at the same time."""
        return self._size

    @property
    def words(self) -> str:
        """Who they are, for the report."""
        return f"{count(self.size, 'worker')} of {self._place}"

    def run(self, queue: deque[Share]) -> Generator[Event, None, None]:
        """Yield what becomes of the shares; a share is heard of when it is begun and when over."""
        ray = self._ray
        running: dict[Any, Share] = {}
        try:
            while queue or running:
                while queue and len(running) < self.size:
                    share = queue.popleft()
                    running[self._work.remote(self._site, share)] = share
                    yield Event(share, None)
                done, _ = ray.wait(list(running))
                for reference in done:
                    share = running.pop(reference)
                    yield Event(share, self._judged(share, self._result(reference, share)))
        finally:
            for reference in running:
                ray.cancel(reference, force=True)

    def close(self) -> None:
        """Leave the cluster, or end the one of this machine."""
        self._ray.shutdown()

    def _result(self, reference: Any, share: Share) -> Done | Refused:
        """Return what a task gave; raises ``WorkerLost`` and what is wrong with a node."""
        errors = self._ray.exceptions
        try:
            result: Done | Refused | CannotHelp = self._ray.get(reference)
        except errors.RayTaskError as error:
            raise WrongWorker(
                self._place,
                "the same repaudit and Python on every node",
                f"{type(error.cause).__name__}: {error.cause}"
                if error.cause is not None
                else str(error).strip().splitlines()[-1],
            ) from None
        except errors.RayError as error:
            ending = f"ended in {type(error).__name__} of Ray"
            raise WorkerLost(str(share), ending) from None
        if isinstance(result, CannotHelp):
            raise result
        return result

    def _judged(self, share: Share, result: Done | Refused) -> Done | Refused:
        """Return a result; raise ``WrongWorker`` for a file that only its node cannot read."""
        if isinstance(result, Refused) and result.is_file:
            here = computed(self._engine, self._site.seed, share, lambda forwards: None)
            if isinstance(here, Done):
                where = f"the node {result.node}"
                raise WrongWorker(where, "the inputs of the re-run", result.reason, SHARE_INPUTS)
        return result


def _computed(site: Site, share: Share) -> Done | Refused | CannotHelp:
    """Compute a share on a node; what is wrong with the node is returned, not retried."""
    try:
        engine = _engine(site)
    except CannotHelp as error:
        return error
    return computed(engine, site.seed, share, lambda forwards: None)


@lru_cache(maxsize=1)
def _engine(site: Site) -> Engine:
    """Return the engine of this process, which Ray uses for one task after the other."""
    site.verify()
    return site.engine()
