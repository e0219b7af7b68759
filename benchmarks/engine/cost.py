"""Time of a full re-run against examples N and draws n, and a line through each."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.engine.ceiling import Ceiling
from benchmarks.engine.rounds import Effort, warmed
from benchmarks.engine.speed import N0
from benchmarks.engine.study import CLIPS, SEED, Study
from repaudit.contract.task import CertificationTask
from repaudit.rerun.engine import Engine

EXAMPLES = (4, 8, 16, 32)
SHARES = (0.25, 0.5, 1.0, 2.0)
"""of the draws that fill four times a case's seconds at all clips"""
PUBLISHED = Path(__file__).parents[1] / "published_spotter.json"
"""Written by `python -m benchmarks.published_spotter`: real recordings, a published network."""


def measure(study: Study, contract: str, device: str, effort: Effort) -> dict[str, Any]:
    """Return the fastest time at every N and every n, and the fits."""
    engine = study.engine(device=device, compiling="never")
    ceiling = Ceiling.of(engine, study.task(contract, N0, N0, CLIPS))
    forwards = 4 * warmed(ceiling.noisy, 4 * ceiling.plan.rows, effort)
    n = max(N0, forwards // CLIPS)
    by_examples = [study.task(contract, N0, n, examples) for examples in EXAMPLES]
    by_draws = [study.task(contract, N0, round(n * share), CLIPS // 2) for share in SHARES]
    seconds = _timed(engine, [*by_examples, *by_draws], effort.rounds)
    first, second = seconds[: len(EXAMPLES)], seconds[len(EXAMPLES) :]
    return {
        "N": _fitted(list(EXAMPLES), first),
        "n": _fitted([task.n for task in by_draws], second),
        "draws at N": n,
        "examples at n": CLIPS // 2,
    }


def published() -> dict[str, Any]:
    """Return what a full and a risk-limiting audit of a published network cost, as committed."""
    found = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    kept = {mode: found[mode] for mode in ("full", "risk-limiting")}
    return {
        **{mode: {k: run[k] for k in ("forwards", "seconds")} for mode, run in kept.items()},
        "network": found["network"],
        "data": found["data"],
        "n": found["n"],
        "same verdicts": found["same verdicts"],
    }


def _timed(engine: Engine, tasks: Sequence[CertificationTask], rounds: int) -> list[float]:
    """Return the fastest time of every task, one after the other in every round."""
    best = [float("inf")] * len(tasks)
    for task in tasks:
        engine.ready(task)
    engine.run_task(replace(tasks[0], n=N0), SEED)
    for _ in range(rounds):
        for index, task in enumerate(tasks):
            started = time.perf_counter()
            engine.run_task(task, SEED)
            best[index] = min(best[index], time.perf_counter() - started)
    return best


def _fitted(sizes: Sequence[int], seconds: Sequence[float]) -> dict[str, Any]:
    """Return a least-squares line through times, and the share of their variance on it."""
    slope, start = np.polyfit(sizes, seconds, 1)
    off = np.array(seconds) - (slope * np.array(sizes) + start)
    around = np.array(seconds) - np.mean(seconds)
    return {
        "sizes": list(sizes),
        "seconds": [round(time, 4) for time in seconds],
        "seconds each": float(slope),
        "seconds at 0": float(start),
        "R2": float(1 - (off @ off) / (around @ around)),
    }
