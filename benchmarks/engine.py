"""The certification engine against the bare network and against the loop that everybody writes.

    python benchmarks/engine.py [--draws 4096] [--rounds 5]

All in one process, interleaved, best of several rounds, as ratios to the bare network's forward:
clocks and other load change from machine to machine and from minute to minute, ratios much less.

* bare        the network alone on ready features, at its best batch size
* front end   log-mel and network, at that batch size: what any engine has to compute
* loop        the usual loop: one example, batches of noise from one generator, torchaudio's
              MelSpectrogram, argmax, counts (the shape of [CRK19]'s core.py)
* engine      repaudit: keyed noise, fixed blocks, void votes, journal off

Reference: [CRK19] Cohen, Rosenfeld & Kolter 2019.
"""

import argparse
import hashlib
import platform
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
import torchaudio

from repaudit.contract.coordinates import split_at
from repaudit.contract.files import Places
from repaudit.contract.load import load_results
from repaudit.contract.task import CertificationTask, tasks_of
from repaudit.rerun.data import load_dataset
from repaudit.rerun.engine import Engine
from repaudit.rerun.models.load import load_model
from repaudit.rerun.models.prepare import prepare
from repaudit.rerun.pipeline import Signal, build_chain
from repaudit.rerun.plan import RerunSettings

EXAMPLE = Path(__file__).parent.parent / "examples" / "keyword-spotting"
BATCHES = (16, 32, 64, 128)
SIGMA = 0.25


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=4096)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    results, _ = load_results(EXAMPLE / "results.json")
    places = Places(EXAMPLE, {})
    task = tasks_of(results, "waveform-low")[0]
    assert isinstance(task, CertificationTask)
    rho, tail = map(build_chain, split_at(task.pipeline, task.contract.perturbation.location))
    engine = Engine(places, RerunSettings(device="cpu"))
    dataset = load_dataset(task.data, places)
    waveform = rho(dataset.load(0)).values
    model = results.models["cnn"]
    loaded = load_model(model, places.verified(model.checkpoints[0].file), allow_code=False)
    network = prepare(loaded.module, torch.device("cpu"), "float32")
    mel = torchaudio.transforms.MelSpectrogram(16_000, 1024, 400, 160, n_mels=64, f_max=8000)
    one = frozenset([dataset.examples[0].example_id])
    whole = replace(task, n0=1, n=arguments.draws, only=one)

    def bare(batch: int) -> None:
        features = torch.zeros(batch, 1, 64, 101)
        for _ in range(arguments.draws // batch):
            network(features)

    def front(batch: int) -> None:
        rows = waveform.expand(batch, -1)
        for _ in range(arguments.draws // batch):
            network(tail(Signal(rows, 16_000, None)).values)

    def loop(batch: int) -> None:
        votes = torch.zeros(12, dtype=torch.int64)
        with torch.inference_mode():
            for _ in range(arguments.draws // batch):
                noisy = waveform + SIGMA * torch.randn(batch, waveform.shape[1])
                logits = loaded.module((mel(noisy) + 1e-6).log().unsqueeze(1))
                votes += logits.argmax(1).bincount(minlength=12)

    best = min(BATCHES, key=lambda batch: min(seconds(lambda: bare(batch)) for _ in range(2)))
    cases: dict[str, Callable[[], object]] = {
        f"bare network, batch {best}": lambda: bare(best),
        f"front end and network, batch {best}": lambda: front(best),
        f"the usual loop, batch {best}": lambda: loop(best),
        "the usual loop, batch 128": lambda: loop(128),
        "repaudit's engine": lambda: engine.run_task(whole, hashlib.sha256(b"x").digest()),
    }
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(arguments.rounds):
        for name, run in cases.items():
            taken[name].append(seconds(run))
    fastest = {name: min(times) for name, times in taken.items()}
    reference = next(iter(fastest.values()))
    machine = platform.processor() or platform.machine()
    print(f"{machine}, {torch.get_num_threads()} threads, torch {torch.__version__}")
    for name, time_taken in fastest.items():
        print(f"{name:40} {time_taken / reference:6.2f}   {arguments.draws / time_taken:9.0f}/s")


if __name__ == "__main__":
    main()
