"""The stages of the benchmark by name, each with what it runs."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch

from benchmarks.engine import cost, journal, memory, rows, workers
from benchmarks.engine.rounds import Effort
from benchmarks.engine.speed import measure as speed_measure
from benchmarks.engine.study import OBJECTS, Study

SECONDS = (1, 5)
Stage = Callable[[], dict[str, Any]]
Measure = Callable[..., dict[str, Any]]
Make = Callable[[int], Study]


def stages(make: Make, effort: Effort, verdict_draws: int) -> Iterator[tuple[str, Stage]]:
    """Yield every stage that this machine can run; ``make`` gives clips of a length."""
    run = partial(_run, make)
    for device in ("cpu", *(["cuda"] if torch.cuda.is_available() else [])):
        for seconds in SECONDS:
            speed = partial(run, seconds, speed_measure)
            for contract in OBJECTS:
                # As many samples for every length: five seconds take five times as long.
                draws = verdict_draws // seconds
                name = f"speed, {device}, {seconds} s, {contract}"
                yield name, partial(speed, contract, device, effort, draws)
        yield f"journal, {device}", partial(run, 1, journal.measure, "waveform", device, effort)
        yield f"cost, {device}", partial(run, 1, cost.measure, "log-mel", device, effort)
        yield f"rows, {device}", partial(run, 1, rows.measure, "waveform", device, effort)
    for seconds in SECONDS:
        yield f"memory, {seconds} s", partial(run, seconds, memory.measure, "waveform")
    yield "workers", partial(run, 1, workers.measure, "waveform", effort)
    yield "risk-limiting", cost.published


def _run(make: Make, seconds: int, measure: Measure, *arguments: Any) -> dict[str, Any]:
    return measure(make(seconds), *arguments)
