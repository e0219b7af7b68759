"""Aliasing of published networks: does it go with a lack of robustness, and on long recordings.

    REPAUDIT_REAL_DATA=DIR python -m benchmarks.aliasing --out benchmarks/aliasing.json

Five CIFAR-10 networks that others trained, two of them plainly and three adversarially, and two
networks on five-second recordings, which it trains itself on two folds of ESC-10. Their clean and
robust accuracy (PGD, l-infinity) and the aliasing of every layer; the rank correlation of both
over the five networks with its exact p-value. Five networks can hardly show anything: the
smallest p-value that they allow is 2/120.
"""

import argparse
import hashlib
import itertools
import json
import os
import platform
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from scipy.stats import rankdata
from torch import Tensor, nn

from benchmarks import aliasing_networks
from repaudit.audit.aliasing import DownsamplingLayer
from repaudit.check.aliasing import Wanted, measure_aliasing
from repaudit.check.options import CheckOptions
from repaudit.contract.files import Places
from repaudit.contract.load import load_results
from repaudit.rerun.data import load_dataset
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.stages import whole_pipeline

Network = nn.Module
ATTACKED, STEPS = 200, 10
RADII = {"2/255": 2 / 255, "8/255": 8 / 255}
NORMALISATIONS = {
    "imagenet": ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    "one deviation": ([0.485, 0.456, 0.406], [0.225, 0.225, 0.225]),
    "cifar": ([0.4914, 0.4822, 0.4465], [0.2471, 0.2435, 0.2616]),
    "none": ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0]),
}
"""where an author does not say which, it is the one that classifies most images"""
STATED = {"resnet20": "imagenet", "resnet56": "imagenet"}
CIFAR = {
    "resnet20": ("resnet20-12fca82f.th", {"builtin": "cifar_resnet", "options": {"depth": 20}}),
    "resnet56": ("resnet56-4bfd9763.th", {"builtin": "cifar_resnet", "options": {"depth": 56}}),
    "cnn-a-adv": ("cifar_cnn_a_adv4.model", {"entry_point": "aliasing_networks:two_strides"}),
    "wide": ("cifar_wide.pth", {"entry_point": "aliasing_networks:two_strides"}),
    "resnet4b": ("resnet4b.pth", {"entry_point": "aliasing_networks:ResNet4b"}),
}
PLAINLY_TRAINED = ("resnet20", "resnet56")
CLASSES = (
    "baby_cry", "chainsaw", "clock_tick", "dog_bark", "fire_crackling",
    "helicopter", "person_sneeze", "rain", "rooster", "sea_waves",
)  # fmt: skip
MIX_DOWN = {"step": "mix_down", "method": "mean"}
GAIN = {
    "step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "input",
    "includes_padding": True, "zero_energy": "leave",
}  # fmt: skip
LOG_MEL = {
    "step": "log_mel", "n_fft": 1024, "win_length": 400, "hop_length": 160, "window": "hann",
    "center": True, "pad_mode": "reflect", "power": 2, "n_mels": 64, "f_min_hz": 0,
    "f_max_hz": 8000, "mel_scale": "htk", "filter_norm": "none", "log": "ln", "floor": 1e-6,
    "floor_mode": "add", "top_db": None,
}  # fmt: skip
PIPELINES = {"waveform": [MIX_DOWN, GAIN], "log_mel": [MIX_DOWN, GAIN, LOG_MEL]}
STRIDES = {"widths": [16, 32, 64, 64], "kernels": [64, 8, 8, 8], "strides": [8, 4, 4, 4]}
AUDIO: dict[str, tuple[str, dict[str, Any]]] = {
    "waveform": ("waveform_cnn", STRIDES | {"classes": 10}),
    "log_mel": ("log_mel_cnn", {"widths": [8, 16, 32, 32], "classes": 10}),
}
TEST_FOLD = "3"
PLAN = {"$schema": "urn:repaudit:results:1", "study": {"title": "-", "kind": "plan"}}


def weights_of(path: Path) -> dict[str, Tensor]:
    """Return published weights, without the wrappers they were stored in."""
    stored: Any = torch.load(path, map_location="cpu", weights_only=True)
    stored = stored.get("state_dict", stored) if isinstance(stored, dict) else stored
    stored = stored[0] if isinstance(stored, list) else stored
    return {name.removeprefix("module."): t.contiguous() for name, t in stored.items()}


def cifar_network(name: str) -> Network:
    declared = CIFAR[name][1]
    if "builtin" in declared:
        return build_network(declared["builtin"], declared["options"])
    return getattr(aliasing_networks, declared["entry_point"].partition(":")[2])()


def normalised(network: Network, statistics: tuple[list[float], list[float]]) -> Network:
    mean, deviation = (torch.tensor(values)[:, None, None] for values in statistics)

    class Normalised(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            logits: Tensor = network((x - mean) / deviation)
            return logits

    return Normalised().eval()


@torch.no_grad()
def accuracy(network: Network, images: Tensor, labels: Tensor) -> float:
    right = torch.cat([network(part).argmax(1) for part in images.split(100)]) == labels
    return float(right.float().mean())


def robust_accuracy(network: Network, images: Tensor, labels: Tensor, epsilon: float) -> float:
    """Return the accuracy under projected gradient descent from a random start."""
    generator = torch.Generator().manual_seed(0)
    x = images + epsilon * (2 * torch.rand(images.shape, generator=generator) - 1)
    for _ in range(STEPS):
        x = x.clamp(0, 1).requires_grad_()
        (gradient,) = torch.autograd.grad(nn.functional.cross_entropy(network(x), labels), x)
        x = x.detach() + epsilon / 4 * gradient.sign()
        x = torch.minimum(torch.maximum(x, images - epsilon), images + epsilon)
    return accuracy(network, x.clamp(0, 1), labels)


def spearman(one: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """Return the rank correlation and its two-sided p-value over all orders."""
    a, b = (rankdata(v) - np.mean(rankdata(v)) for v in (one, other))

    def correlation(order: Sequence[float]) -> float:
        return float(np.dot(a, order) / np.sqrt(np.dot(a, a) * np.dot(b, b)))

    found = correlation(b)
    every = [correlation(order) for order in itertools.permutations(b)]
    return found, float(np.mean([abs(r) >= abs(found) - 1e-12 for r in every]))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def declared_model(network: dict[str, Any], file: Path) -> dict[str, Any]:
    return {
        "format": "safetensors",
        "network": network,
        "output": "logits",
        "dtype": "float32",
        "checkpoints": [
            {"id": "it", "seed": 0, "file": {"path": file.name, "sha256": sha256(file)}}
        ],
    }


def measured(
    folder: Path, document: dict[str, Any], model: str, pipeline: str
) -> tuple[list[DownsamplingLayer], float]:
    """Return the layers of a model and the seconds it took."""
    path = folder / "plan.json"
    path.write_text(json.dumps(PLAN | document | {"evaluations": {}}))
    roots = {"data": Path(os.environ["REPAUDIT_REAL_DATA"])}
    options = CheckOptions(device="cpu", allow_code=True, roots=roots)
    started = time.monotonic()
    ((found,),) = [
        one.measurements
        for one in measure_aliasing(
            path, Wanted(model=model, data="it", pipeline=pipeline), options
        )
    ]
    return found.layers, time.monotonic() - started


def summary(layers: Sequence[DownsamplingLayer]) -> dict[str, Any]:
    """Return a network's numbers: the mean over its layers, and every layer."""
    rows = [
        {
            "layer": x.layer,
            "operation": x.operation,
            "strides": x.strides,
            "sizes": x.sizes,
            **{name: getattr(x, name).value for name in ("am", "am_relative", "alias_energy")},
            "energy_interval": [x.alias_energy.low, x.alias_energy.high],
            "white_noise": x.white_noise,
            "errors": [x.decimation_error, x.folding_error],
        }
        for x in layers
        if x.status == "measured"
    ]
    names = ("am_relative", "alias_energy")
    means = {name: float(np.mean([row[name] for row in rows])) for name in names}
    missing = {x.layer: x.reason for x in layers if x.status != "measured"}
    return {**means, "layers": rows, "not_measured": missing}


def images_and_labels(real: Path, count: int) -> tuple[Tensor, Tensor]:
    with np.load(real / "cifar10/test-first-2000.npz", allow_pickle=False) as archive:
        images = torch.from_numpy(archive["images"][:count]).permute(0, 3, 1, 2) / 255
        return images, torch.from_numpy(archive["labels"][:count].astype(np.int64))


def cifar(real: Path, folder: Path, count: int) -> dict[str, Any]:
    images, labels = images_and_labels(real, count)
    arrays = folder / "images.npz"
    np.savez(arrays, x=images.numpy(), y=labels.numpy())
    data = {
        "kind": "image", "examples": count, "classes": 10,
        "subset": {"rule": "first", "of": 10_000},
        "tensors": {
            "file": {"path": arrays.name, "sha256": sha256(arrays)},
            "inputs": "x", "labels": "y", "layout": "channels_first",
        },
    }  # fmt: skip
    found = {}
    for name, (file, declared) in CIFAR.items():
        network, weights = cifar_network(name), weights_of(real / "cifar10/weights" / file)
        network.load_state_dict(weights)
        network.eval()
        scores = {
            which: accuracy(normalised(network, statistics), images[:ATTACKED], labels[:ATTACKED])
            for which, statistics in NORMALISATIONS.items()
        }
        which = STATED.get(name) or max(scores, key=lambda key: scores[key])
        mean, deviation = NORMALISATIONS[which]
        whole = normalised(network, NORMALISATIONS[which])
        stored = folder / f"{name}.safetensors"
        save_file(weights, stored)
        step = {
            "step": "standardize", "mean": mean, "std": deviation, "axis": "channel",
            "computed_from": "training_set",
        }  # fmt: skip
        document = {
            "data": {"it": data},
            "pipelines": {"it": [step]},
            "models": {name: declared_model(declared, stored)},
        }
        layers, seconds = measured(folder, document, name, "it")
        found[name] = {
            "trained": "plainly" if name in PLAINLY_TRAINED else "adversarially",
            "normalisation": which,
            "accuracy": accuracy(whole, images, labels),
            **{
                f"robust {radius}": robust_accuracy(
                    whole, images[:ATTACKED], labels[:ATTACKED], epsilon
                )
                for radius, epsilon in RADII.items()
            },
            "seconds": seconds,
            **summary(layers),
        }
        print(f"{name}: {seconds:.0f} s", flush=True)
    return found


def correlations(networks: dict[str, Any]) -> dict[str, Any]:
    """Return the rank correlation of each measure with robust accuracy over the networks."""
    found = {}
    for measure in ("am_relative", "alias_energy"):
        for radius in RADII:
            ours = [n[measure] for n in networks.values()]
            rho, p = spearman(ours, [n[f"robust {radius}"] for n in networks.values()])
            found[f"{measure} with robust {radius}"] = {"rho": rho, "p": p, "n": len(ours)}
    return found


def trained(
    builtin: str, options: dict[str, Any], inputs: Tensor, labels: Tensor, epochs: int
) -> Network:
    torch.manual_seed(0)
    network = build_network(builtin, options)
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3)
    network.train()
    for _ in range(epochs):
        for chosen in torch.randperm(len(inputs)).split(16):
            loss = nn.functional.cross_entropy(network(inputs[chosen]), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return network.eval()


def audio_data(real: Path) -> dict[str, Any]:
    """Return three folds of ESC-10 as a results file declares them."""
    manifest = real / "esc10/manifest.csv"
    folds = [line.split(",")[3] for line in manifest.read_text().splitlines()[1:]]
    return {
        "kind": "audio",
        "examples": len(folds),
        "classes": len(CLASSES),
        "class_names": list(CLASSES),
        "subset": {"rule": "listed", "of": 400},
        "sample_rate_hz": 16_000,
        "folds": {fold: folds.count(fold) for fold in "123"},
        "manifest": {"path": "esc10/manifest.csv", "sha256": sha256(manifest), "root": "data"},
    }


def five_second_inputs(
    real: Path, folder: Path, document: dict[str, Any], pipeline: str
) -> tuple[Tensor, Tensor, Tensor]:
    """Return network inputs, labels, and which of them are in the test fold."""
    path = folder / "data.json"
    path.write_text(json.dumps(PLAN | document | {"models": {}, "evaluations": {}}))
    results, _ = load_results(path)
    dataset = load_dataset(results.data["it"], Places(folder, {"data": real}))
    steps, cpu = results.pipelines[pipeline], torch.device("cpu")
    stages = whole_pipeline(steps, cpu, torch.float32, allow_code=False)
    subjects = [stages.subject(dataset, i) for i in range(len(dataset.examples))]
    return (
        torch.cat([subject.signal.values for subject in subjects]),
        torch.tensor([subject.label for subject in subjects]),
        torch.tensor([example.fold == TEST_FOLD for example in dataset.examples]),
    )


def audio(real: Path, folder: Path, epochs: int) -> dict[str, Any]:
    """Train on two folds of five-second clips and measure on the third."""
    document = {"data": {"it": audio_data(real)}, "pipelines": PIPELINES}
    found = {}
    for name, (builtin, options) in AUDIO.items():
        inputs, labels, test = five_second_inputs(real, folder, document, name)
        network = trained(builtin, options, inputs[~test], labels[~test], epochs)
        stored = folder / f"{name}.safetensors"
        save_file(network.state_dict(), stored)
        model = declared_model({"builtin": builtin, "options": options}, stored)
        model["checkpoints"][0]["test_fold"] = TEST_FOLD
        layers, seconds = measured(folder, document | {"models": {name: model}}, name, name)
        found[name] = {
            "accuracy": accuracy(network, inputs[test], labels[test]),
            "clips": int(test.sum()),
            "seconds": seconds,
            **summary(layers),
        }
        print(f"{name}: {seconds:.0f} s", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--examples", type=int, default=512)
    parser.add_argument("--epochs", type=int, default=12)
    arguments = parser.parse_args()
    real = Path(os.environ["REPAUDIT_REAL_DATA"])
    with TemporaryDirectory() as name:
        folder = Path(name)
        code = Path(aliasing_networks.__file__)
        (folder / code.name).write_bytes(code.read_bytes())
        networks = cifar(real, folder, arguments.examples)
        found = {
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}",
            "images": arguments.examples,
            "attacked": ATTACKED,
            "attack": f"PGD, l-infinity, {STEPS} steps of a quarter, one random start",
            "networks": networks,
            "rank correlation": correlations(networks),
            "audio": audio(real, folder, arguments.epochs),
        }
    arguments.out.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
