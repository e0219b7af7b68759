"""The CIFAR-10 table of the post-averaging paper, re-run on what is available, and its curves.

    REPAUDIT_REAL_DATA=DIR python -m benchmarks.post_averaging --out benchmarks/post_averaging.json

Published ResNet-20 and ResNet-56 on the first test images, r = 6 in network-input coordinates,
K = 15, epsilon 8/255, softmax. Each stage is written as soon as it is measured, and one that is
in the file already is left alone, so that a stopped run goes on. `--stages` picks some.

* clean     ResNet-56: the bare network on 2000 images, the defended one on the first of them
* table     FGSM, PGD, DeepFool and C&W on ResNet-20, at their largest loss and at their smallest
            perturbation, which are different experiments; beside them the paper's rows
* curves    defence rate along K, r and epsilon
* panel     attacks that see the defence, and the worst case over all of them

Reference: Lin et al. 2019, Bandlimiting neural networks against adversarial attacks, table 1.
"""

import argparse
import hashlib
import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from repaudit.contract.files import Places
from repaudit.contract.load import load_results
from repaudit.contract.task import CleanTask, EmpiricalTask, tasks_of
from repaudit.evidence.tables import EmpiricalRecords
from repaudit.rerun.attacks.curves import curve
from repaudit.rerun.engine import Engine
from repaudit.rerun.plan import RerunSettings
from repaudit.rerun.task_run import TaskRun

SEED = hashlib.sha256(b"benchmarks.post_averaging").digest()
WEIGHTS = {20: "resnet20-12fca82f.th", 56: "resnet56-4bfd9763.th"}
PAPER = {
    "fgsm": {"attacked": 0.1816, "defended attacked": 0.8022, "rate": 0.8080},
    "pgd": {"attacked": 0.0000, "defended attacked": 0.8841, "rate": 0.9330},
    "deepfool": {"attacked": 0.1968, "defended attacked": 0.8626, "rate": 0.8872},
    "cw": {"attacked": 0.0322, "defended attacked": 0.8902, "rate": 0.9367},
}
"""Table 1, CIFAR-10, ResNet-110, 10 000 images, attacks of foolbox in 2019 with their defaults."""
DEFENCE = {
    "method": "post_averaging",
    "directions": 15,
    "radius": 6,
    "steps": ["1/3", "2/3", 1],
    "includes_input": True,
    "domain": "softmax",
    "location": "network_input",
    "randomness": "per_example",
}
THREAT = {"norm": "linf", "epsilon": "8/255", "location": "input"}
OF_LIBRARY = {"target": "base", "library": "foolbox==3.3.4"}
OURS = {"target": "defended", "library": "repaudit", "objective": "max_loss"}
ATTACKS: dict[str, dict[str, Any]] = {
    "fgsm": {"name": "fgsm", **OF_LIBRARY, "objective": "max_loss"},
    "pgd": {"name": "pgd", **OF_LIBRARY, "objective": "max_loss"},
    "fgsm minimal": {"name": "fgsm", **OF_LIBRARY, "objective": "min_linf"},
    "pgd minimal": {"name": "pgd", **OF_LIBRARY, "objective": "min_linf", "steps": 10},
    "deepfool": {"name": "deepfool", **OF_LIBRARY, "objective": "min_l2"},
    "cw": {"name": "cw_l2", **OF_LIBRARY, "objective": "min_l2", "steps": 100, "restarts": 3},
}
CURVES: dict[str, tuple[str, tuple[str | int, ...], tuple[str, ...]]] = {
    "K": ("directions", (6, 15, 30, 60), ("pgd minimal",)),
    "r": ("radius", ("2", "4", "6", "10"), ("pgd minimal",)),
    "epsilon": ("epsilon", ("2/255", "4/255", "8/255", "16/255", "32/255"), ("fgsm", "deepfool")),
}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Study:
    """The published network of one depth on the first images."""

    def __init__(self, data: Path, folder: Path, depth: int, images: int) -> None:
        self._data, self._folder, self._depth, self._images = data, folder, depth, images
        with np.load(data / "cifar10" / "test-first-2000.npz") as stored:
            arrays = [stored[name][:images] for name in stored.files]
        by_rank = sorted(arrays, key=lambda array: -array.ndim)
        self._npz = folder / f"first-{images}.npz"
        np.savez(self._npz, images=by_rank[0], labels=by_rank[1].astype(np.int64))
        places = Places(folder, {"cifar10": data / "cifar10"})
        self.engine = Engine(places, RerunSettings(device="auto"))

    def task(self, attacks: dict[str, dict[str, Any]], *, defended: bool = True) -> Any:
        """Return the task of an evaluation of some attacks, none or several."""
        names = {name.replace(" ", "-"): attack for name, attack in attacks.items()}
        evaluation: dict[str, Any] = {
            "kind": "empirical",
            "data": "test",
            "model": "net",
            "pipeline": "pixels",
            "attacks": list(names),
            "claims": [],
        }
        if names:
            evaluation |= {"threat_model": THREAT, "reevaluated": True}
        if defended:
            evaluation["defence"] = "averaged"
        path = self._folder / "plan.json"
        path.write_text(json.dumps(self._document(names, evaluation)))
        results, _ = load_results(path)
        return tasks_of(results, "main")[0]

    def run(self, attacks: dict[str, dict[str, Any]], *, defended: bool = True) -> TaskRun:
        """Return the measurement of some attacks."""
        return self.engine.run_task(self.task(attacks, defended=defended), SEED)

    def _document(self, attacks: dict[str, Any], evaluation: dict[str, Any]) -> dict[str, Any]:
        weights = WEIGHTS[self._depth]
        checkpoint = {
            "id": "published",
            "file": {
                "path": f"weights/{weights}",
                "sha256": sha256(self._data / "cifar10" / "weights" / weights),
                "root": "cifar10",
            },
        }
        network = {"builtin": "cifar_resnet", "options": {"depth": self._depth, "classes": 10}}
        tensors = {
            "file": {"path": self._npz.name, "sha256": sha256(self._npz)},
            "inputs": "images",
            "labels": "labels",
            "layout": "channels_last",
        }
        return {
            "$schema": "urn:repaudit:results:1",
            "study": {"title": "post-averaging on CIFAR-10", "kind": "plan"},
            "data": {
                "test": {
                    "kind": "image",
                    "examples": self._images,
                    "classes": 10,
                    "subset": {"rule": "first", "of": 10_000},
                    "tensors": tensors,
                }
            },
            "pipelines": {
                "pixels": [
                    {
                        "step": "standardize",
                        "mean": [0.485, 0.456, 0.406],
                        "std": [0.229, 0.224, 0.225],
                        "axis": "channel",
                        "computed_from": "training_set",
                    }
                ]
            },
            "models": {
                "net": {
                    "format": "state_dict",
                    "network": network,
                    "output": "logits",
                    "dtype": "float32",
                    "checkpoints": [checkpoint],
                }
            },
            "attacks": attacks,
            "defences": {"averaged": DEFENCE},
            "evaluations": {"main": evaluation},
        }


def numbers(run: TaskRun) -> dict[str, Any]:
    """Return what a stage keeps: sizes, time, and every measured number."""
    records = run.records
    assert isinstance(records, EmpiricalRecords)
    found = {
        "images": len(set(records.example_id.tolist())),
        "forwards": run.forwards,
        "seconds": round(run.seconds, 1),
        "clean": float(np.mean(records.base_clean == records.label)),
        **{key: value for key, value in run.summary.items() if "time" not in key},
    }
    if records.defended_clean is not None:
        found["defended clean"] = float(np.mean(records.defended_clean == records.label))
    return found | {"notes": list(run.notes), "probes": [p.numbers for p in run.probes]}


def stages(
    data: Path, folder: Path, options: argparse.Namespace
) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """Yield the name of each stage and what measures it."""

    def bare_56() -> dict[str, Any]:
        study = Study(data, folder, 56, 2000)
        task = study.task({}, defended=False)
        assert isinstance(task, CleanTask)
        return numbers(study.engine.run_task(task, SEED))

    def defended_56() -> dict[str, Any]:
        return numbers(Study(data, folder, 56, options.defended).run({}))

    yield "clean/ResNet-56", bare_56
    yield "clean/ResNet-56 defended", defended_56
    for name, attack in ATTACKS.items():
        yield (
            f"table/{name}",
            lambda name=name, attack=attack: numbers(
                Study(data, folder, 20, options.images).run({name: attack})
            ),
        )
    for label, (setting, values, attacks) in CURVES.items():
        for name in attacks:
            yield (
                f"curves/{label}, {name}",
                lambda setting=setting, values=values, name=name: along(
                    Study(data, folder, 20, options.curve_images), name, setting, values
                ),
            )
    yield "panel/all", lambda: panel(Study(data, folder, 20, options.panel_images), options)


def along(study: Study, name: str, setting: Any, values: tuple[str | int, ...]) -> dict[str, Any]:
    task = study.task({name: ATTACKS[name]})
    assert isinstance(task, EmpiricalTask)
    points = curve(study.engine, task, setting, values, SEED)
    return {"points": {point.value: numbers(point.run) for point in points}}


def panel(study: Study, options: argparse.Namespace) -> dict[str, Any]:
    attacks = {
        "transfer": ATTACKS["pgd"],
        "eot": {"name": "eot_pgd", **OURS, "steps": options.steps, "directions": "fresh"},
        "control": {"name": "eot_pgd", **OURS, "steps": options.steps, "directions": "fixed"},
        "search": {"name": "random_search", **OURS, "queries": options.queries},
        "noise": {"name": "random_noise", **OURS, "restarts": 10},
    }
    return numbers(study.run(attacks)) | {"steps": options.steps, "queries": options.queries}


def machine() -> dict[str, Any]:
    return {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "torch": torch.__version__,
        "device": "cuda" if torch.cuda.is_available() else "cpu",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--out", type=Path, required=True, help="JSON file to write or to go on with"
    )
    parser.add_argument("--stages", default="", help="beginnings of stage names, comma-separated")
    parser.add_argument("--images", type=int, default=200, help="of the table")
    parser.add_argument("--defended", type=int, default=200, help="of the defended ResNet-56")
    parser.add_argument("--curve-images", type=int, default=50)
    parser.add_argument("--panel-images", type=int, default=50)
    parser.add_argument("--steps", type=int, default=20, help="of EOT-PGD")
    parser.add_argument("--queries", type=int, default=500, help="of the random search")
    options = parser.parse_args()
    data = os.environ.get("REPAUDIT_REAL_DATA")
    if not data:
        parser.error("set REPAUDIT_REAL_DATA to the folder with cifar10/")
    found = json.loads(options.out.read_text()) if options.out.exists() else {}
    wanted = tuple(filter(None, options.stages.split(",")))
    with tempfile.TemporaryDirectory() as folder:
        for name, measure in stages(Path(data), Path(folder), options):
            if name in found or (wanted and not name.startswith(wanted)):
                continue
            started, cpu = time.monotonic(), time.process_time()
            found[name] = measure()
            found[name]["wall_s"] = round(time.monotonic() - started, 1)
            found[name]["cpu_s"] = round(time.process_time() - cpu, 1)
            found["machine"], found["paper"] = machine(), PAPER
            options.out.write_text(json.dumps(found, indent=1) + "\n")
            print(f"{name}: {found[name]['wall_s']} s", flush=True)


if __name__ == "__main__":
    main()
