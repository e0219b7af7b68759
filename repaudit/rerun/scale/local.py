"""Worker processes on this machine: one share in hand each, replaced when they die."""

from collections import Counter, deque
from collections.abc import Generator, Sequence
from dataclasses import replace
from multiprocessing.connection import wait

import torch

from repaudit.rerun.device import describe_device, usable_cores
from repaudit.rerun.helped import CannotHelp
from repaudit.rerun.scale.process import Process
from repaudit.rerun.scale.share import MOST_DEATHS, Event, Share, WorkerLost
from repaudit.rerun.scale.site import Site


def local_sites(site: Site, device: torch.device, workers: int | None) -> list[Site]:
    """Return the site of each worker: its part of cores, memory and GPUs.

    ``workers`` = None is one for each GPU like ``device``.
    """
    names = _devices(site.settings.device, device)
    count = workers or len(names)
    settings = replace(
        site.settings,
        threads=max(1, usable_cores() // count),
        batch_size=_part(site.settings.batch_size, count),
        memory_bytes=_part(site.settings.memory_bytes, count),
    )
    return [
        replace(site, settings=replace(settings, device=names[i % len(names)]))
        for i in range(count)
    ]


class LocalCrew:
    """Processes of this machine, kept from one run to the next."""

    def __init__(self, sites: Sequence[Site]) -> None:
        """Take one site for each worker; none is started before there is work."""
        self._sites = list(sites)
        self._workers: list[Process] = []
        self._deaths: Counter[str] = Counter()

    @property
    def size(self) -> int:
        """How many compute at the same time."""
        return len(self._sites)

    @property
    def words(self) -> str:
        """Who they are, for the report."""
        return f"{self.size} worker processes" if self.size > 1 else "one worker process"

    def run(self, queue: deque[Share]) -> Generator[Event, None, None]:
        """Yield what the workers say of the shares until none is left."""
        while len(self._workers) < min(self.size, len(queue)):
            self._workers.append(Process(self._sites[len(self._workers)]))
        try:
            while True:
                yield from self._given(queue)
                busy = {w.connection: w for w in self._workers if w.share is not None}
                if not busy:
                    return
                for connection in wait(list(busy)):
                    event = self._heard(busy[connection], queue)  # type: ignore[index]
                    if event is not None:
                        yield event
        finally:
            if any(worker.share is not None for worker in self._workers):
                self.close()  # what they have in hand is nobody's any more

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.stop()
        self._workers = []

    def _given(self, queue: deque[Share]) -> Generator[Event, None, None]:
        """Give every idle worker a share."""
        for worker in self._workers:
            if worker.share is None and queue:
                share = queue.popleft()
                worker.give(share)
                yield Event(share, None)

    def _heard(self, worker: Process, queue: deque[Share]) -> Event | None:
        """Return what a worker says of its share; one that died is replaced, and gives None."""
        share, news = worker.share, worker.receive()
        assert share is not None
        if isinstance(news, CannotHelp):
            raise news
        if news is not None:
            if not isinstance(news, int):
                worker.share = None
            return Event(share, news)
        self._deaths[str(share)] += 1
        ending = worker.ending()
        if self._deaths[str(share)] == MOST_DEATHS:
            raise WorkerLost(str(share), ending)
        queue.appendleft(share)
        self._workers[self._workers.index(worker)] = Process(worker.site)
        return None


def _devices(wanted: str, device: torch.device) -> list[str]:
    """Return the devices that follow the same plan; the one asked for by number is the only one."""
    if device.type != "cuda" or ":" in wanted:
        return [str(device)]
    like = describe_device(device)
    every = (torch.device("cuda", i) for i in range(torch.cuda.device_count()))
    return [str(one) for one in every if describe_device(one) == like]


def _part(whole: int | None, count: int) -> int | None:
    return None if whole is None else max(1, whole // count)
