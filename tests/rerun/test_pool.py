"""Blocks at once: all results, and fewer at once when memory runs out."""

import threading
from collections.abc import Callable, Iterator

import pytest
import torch

from repaudit.rerun.pool import OutOfRoom, Pool

Job = Callable[[object], int]


class Room:
    """A memory that holds only so many jobs at once, failing like torch's allocator."""

    def __init__(self, jobs: int) -> None:
        self._lock, self._jobs, self._inside = threading.Lock(), jobs, 0
        self.most = 0

    def job(self, value: int) -> Job:
        return lambda space: self._work(value)

    def _work(self, value: int) -> int:
        with self._lock:
            if self._inside >= self._jobs:
                raise torch.OutOfMemoryError("CUDA out of memory")
            self._inside += 1
            self.most = max(self.most, self._inside)
        threading.Event().wait(0.002)
        with self._lock:
            self._inside -= 1
        return value


def test_every_job_gives_its_result_once() -> None:
    room = Room(4)

    found = sorted(Pool[object, int](object, 4).run(room.job(i) for i in range(50)))

    assert found == list(range(50))
    assert 1 < room.most <= 4


def test_fewer_blocks_are_worked_on_when_memory_runs_out_and_none_is_lost() -> None:
    room, pool = Room(1), Pool[object, int](object, 8)

    assert sorted(pool.run(room.job(i) for i in range(50))) == list(range(50))
    assert pool.at_once == 1


def test_a_block_that_does_not_fit_alone_is_an_error_that_says_so() -> None:
    with pytest.raises(OutOfRoom, match="one block of rows does not fit"):
        list(Pool[object, int](object, 4).run([Room(0).job(1)]))


def test_jobs_are_taken_only_when_one_can_start() -> None:
    taken = 0

    def jobs() -> Iterator[Job]:
        nonlocal taken
        for value in range(100):
            taken += 1
            yield lambda space, value=value: value  # type: ignore[misc]

    results = Pool[object, int](object, 2).run(jobs())
    next(results)
    results.close()

    assert taken <= 2


def test_the_error_of_a_job_passes_through() -> None:
    def broken(space: object) -> int:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        list(Pool[object, int](object, 2).run([broken]))


def test_operations_inside_a_job_have_one_thread() -> None:
    pool = Pool[object, int](object, 2)

    assert set(pool.run([lambda space: torch.get_num_threads()] * 8)) == {1}
