"""Blocks worked on at once: as many as there is room for, fewer when memory runs out."""

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

import torch

from repaudit._core.errors import RepauditError

Space = TypeVar("Space")
Result = TypeVar("Result")


class OutOfRoom(RepauditError):
    """Not even one block of rows fits into memory; a smaller block would be another plan."""

    def __init__(self) -> None:
        super().__init__(
            "one block of rows does not fit into memory\n"
            "  Try: --device cpu, or a machine with more memory"
        )


class Pool(Generic[Space, Result]):
    """Runs jobs in threads, each with a workspace of its own; halves itself when memory runs out.

    Results come as they are finished, in no promised order.
    """

    def __init__(self, make_space: Callable[[], Space], at_once: int) -> None:
        self._make_space = make_space
        self.at_once = at_once
        """jobs run at the same time; halved, never grown"""
        self._idle: list[Space] = []
        self._running: dict[Future[Result], tuple[Callable[[Space], Result], Space, int]] = {}

    def run(self, jobs: Iterable[Callable[[Space], Result]]) -> Generator[Result, None, None]:
        """Yield the result of every job; jobs are taken from the iterable as late as possible.

        Raises ``OutOfRoom`` when a job alone does not fit, and whatever a job raises. A job that
        ran out of memory beside others is run again.
        """
        waiting, again = iter(jobs), list[Callable[[Space], Result]]()
        # What splits an operation over threads moves its rounding: one thread for each.
        executor = ThreadPoolExecutor(
            self.at_once, "repaudit", initializer=torch.set_num_threads, initargs=(1,)
        )
        try:
            while self._submit(executor, waiting, again):
                done, _ = wait(self._running, return_when=FIRST_COMPLETED)
                for future in done:
                    job, space, room = self._running.pop(future)
                    error = future.exception()
                    if error is not None and is_out_of_memory(error):
                        self._shrink(room, error)
                        again.append(job)
                        continue
                    self._idle.append(space)
                    yield future.result()
        finally:
            executor.shutdown(cancel_futures=True)
            self._running.clear()

    def _submit(
        self,
        executor: ThreadPoolExecutor,
        waiting: Iterator[Callable[[Space], Result]],
        again: list[Callable[[Space], Result]],
    ) -> bool:
        """Start jobs while there is room; say whether any is running."""
        while len(self._running) < self.at_once:
            job = again.pop() if again else next(waiting, None)
            if job is None:
                break
            space = self._idle.pop() if self._idle else self._make_space()
            self._running[executor.submit(job, space)] = job, space, self.at_once
        return bool(self._running)

    def _shrink(self, room: int, error: BaseException) -> None:
        """Make room after a job failed that was started with ``room`` jobs at once."""
        if room == 1:
            raise OutOfRoom from error
        self.at_once = min(self.at_once, max(1, room // 2))
        self._idle.clear()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether an exception is a failed allocation, on a GPU or a CPU."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and "DefaultCPUAllocator" in str(error)
