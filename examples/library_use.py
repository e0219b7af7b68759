"""Certify with your own PyTorch loop, release the counts, have them audited.

Run it with ``python examples/library_use.py OUT``: the loop below knows nothing of repaudit but
the recorder. A second part turns what ART or locuslab/smoothing give into results files: a class
and a radius per example, or the votes of every class, from which any claim is recomputed.
"""

import csv
import json
import math
import shutil
import subprocess
import sys
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from pathlib import Path

import numpy as np
import soundfile
import torch
import torchaudio
from safetensors.torch import load_file
from scipy.stats import beta, norm
from torch import Tensor, nn

from repaudit import Audit, CheckOptions, Recorder, check, load

EXAMPLE = Path(__file__).parent / "keyword-spotting"
EVALUATION = "waveform-high"
SAMPLES, RATE, BATCH = 16_000, 16_000, 50


class Spotter(nn.Module):
    """An ordinary network, front end included."""

    def __init__(self, widths: tuple[int, ...] = (8, 16, 32, 32), classes: int = 12) -> None:
        super().__init__()
        self.mel = torchaudio.transforms.MelSpectrogram(
            RATE, n_fft=1024, win_length=400, hop_length=160, n_mels=64
        )
        self.blocks = nn.Sequential(
            *(
                nn.Sequential(
                    nn.Conv2d(a, b, 3, padding=1, bias=False),
                    nn.BatchNorm2d(b),
                    nn.ReLU(),
                    nn.MaxPool2d(2),
                )
                for a, b in zip((1, *widths), widths, strict=False)
            )
        )
        self.output = nn.Linear(widths[-1], classes)

    def forward(self, waveforms: Tensor) -> Tensor:
        """Return the logits of waveforms."""
        features = (self.mel(waveforms) + 1e-6).log()[:, None]
        return self.output(self.blocks(features).mean(dim=(2, 3)))


def clips(folder: Path):
    """Yield path, class name and waveform: padded to a second, at RMS 1."""
    with (folder / "audio" / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            samples, _ = soundfile.read(folder / "audio" / row["path"], dtype="float32")
            x = torch.zeros(SAMPLES)
            x[: len(samples)] = torch.from_numpy(samples[:SAMPLES])
            yield row["path"], row["label"], x / x.square().mean().sqrt()


@torch.inference_mode()
def votes(network: nn.Module, x: Tensor, sigma: float, draws: int) -> Tensor:
    """Count how often each class wins under noise."""
    counts = torch.zeros(network.output.out_features, dtype=torch.int64)
    for start in range(0, draws, BATCH):
        noisy = x + sigma * torch.randn(min(BATCH, draws - start), len(x))
        counts += torch.bincount(network(noisy).argmax(1), minlength=len(counts))
    return counts


def certify(folder: Path, n0: int, n: int, alpha: float, sigma: float) -> list[dict]:
    """Run the loop: everything per example, as one has it at the end of an evaluation."""
    torch.manual_seed(1)
    network = Spotter().eval()
    network.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
    found = []
    for path, label, x in clips(folder):
        first, second = votes(network, x, sigma, n0), votes(network, x, sigma, n)
        chosen = int(first.argmax())
        hits = int(second[chosen])
        lower = beta.ppf(alpha, hits, n - hits + 1) if hits else 0.0
        radius = sigma * norm.ppf(lower) if lower > 0.5 else 0.0
        found.append(
            {
                "id": path,
                "label": label,
                "first": first,
                "second": second,
                "chosen": chosen,
                "radius": radius,
                "norm": float(x.norm()),
                "clean": int(network(x[None]).argmax()),
            }
        )
    return found


def published(found: list[dict], names: list[str]) -> dict[str, str]:
    """Print the numbers of the paper: radii rounded down, SNR up, shares to the nearest."""
    right = [row["chosen"] == names.index(row["label"]) for row in found]
    radii = [row["radius"] if ok else 0.0 for row, ok in zip(found, right, strict=True)]
    snr = [
        20 * math.log10(row["norm"] / r) if r else math.inf
        for row, r in zip(found, radii, strict=True)
    ]
    shares = {
        "accuracy": np.mean([r > 0 for r in radii]),
        "abstention": np.mean([row["radius"] == 0 for row in found]),
        "clean": np.mean([row["clean"] == names.index(row["label"]) for row in found]),
        "at_half": np.mean([r >= 0.5 for r in radii]),
    }
    middle = (len(radii) - 1) // 2
    return {name: printed(100 * share, 2, ROUND_HALF_EVEN) for name, share in shares.items()} | {
        "radius": printed(sorted(radii)[middle], 4, ROUND_FLOOR),
        "snr": printed(sorted(snr)[len(snr) // 2], 2, ROUND_CEILING),
    }


def printed(value: float, decimals: int, way: str) -> str:
    return str(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=way))


def write_results(plan: Path, out: Path, numbers: dict[str, str], evidence: dict) -> Path:
    """Fill in the plan: one evaluation, its numbers, its counts."""
    document = json.loads(plan.read_text(encoding="utf-8"))
    document["study"]["kind"] = "original"
    evaluation = document["evaluations"][EVALUATION]
    order = ("accuracy", "at_half", "abstention", "clean", "radius", "snr")
    for claim, name in zip(evaluation["claims"], order, strict=True):
        claim["value"] = numbers[name]
    evaluation["evidence"] = [evidence]
    document["evaluations"] = {EVALUATION: evaluation}
    path = out / "results.json"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return path


def own_loop(plan: Path, out: Path, options: CheckOptions) -> Audit:
    """Certify, record, fill in the plan, audit."""
    declared = load(plan)
    evaluation = declared.evaluations[EVALUATION]
    sampling = declared.sampling[evaluation.sampling]
    found = certify(
        plan.parent, sampling.n0, sampling.n, float(sampling.alpha), float(evaluation.sigma)
    )
    recorder = Recorder(out / "counts.csv", contract=plan, evaluation=EVALUATION)
    with recorder:
        for row in found:
            recorder.add(
                row["id"],
                row["label"],
                row["first"],
                row["second"],
                norm=row["norm"],
                base_class=row["clean"],
            )
    numbers = published(found, declared.data[evaluation.data].class_names)
    return check(write_results(plan, out, numbers, recorder.entry), options)


def log_of(path: Path, labels: np.ndarray, prediction: np.ndarray, radius: np.ndarray) -> Path:
    """Write what ``certify`` of ART or locuslab/smoothing returns as a log; -1 abstains."""
    lines = ["idx\tlabel\tpredict\tradius\tcorrect\ttime"]
    for i, (true, class_, r) in enumerate(zip(labels, prediction, radius, strict=True)):
        lines.append(f"{i}\t{true}\t{class_}\t{r:.6f}\t{int(true == class_)}\t0:00:01")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def counts_of(path: Path, labels: np.ndarray, selection: np.ndarray, votes: np.ndarray) -> Path:
    """Write the votes of the n0 and of the n draws, int[examples, classes], as counts."""
    chosen = selection.argmax(axis=1)
    rows = np.arange(len(labels))
    columns = {
        "example_id": rows,
        "label": labels,
        "selected_class": chosen,
        "hits": votes[rows, chosen],
        "label_hits": votes[rows, labels],
        "draws": votes.sum(axis=1),
        "selection_hits": selection[rows, chosen],
        "top_class": votes.argmax(axis=1),
        "top_hits": votes.max(axis=1),
    }
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
    return path


def imported(file: Path, form: str, n0: int, n: int, alpha: str, claims: list[dict]) -> Path:
    """Make a results file of a log or of counts, whose name says sigma, and of printed numbers."""
    output = file.with_name(f"{form}.json")
    rows = len(file.read_text(encoding="utf-8").splitlines()) - 1
    said = ["--n0", str(n0), "--n", str(n), "--alpha", alpha, "--examples", str(rows)]
    command = [sys.executable, "-m", "repaudit", "import", form, str(file)]
    subprocess.run([*command, "-o", str(output), *said], check=True)
    document = json.loads(output.read_text(encoding="utf-8"))
    (evaluation,) = document["evaluations"].values()
    evaluation["claims"] = claims
    # Neither file says it, who ran the code knows: n0 and n are separate draws.
    document["sampling"][evaluation["sampling"]]["selection"] = "independent"
    output.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return output


def main(out: Path) -> None:
    shutil.copytree(EXAMPLE, out, dirs_exist_ok=True)
    audit = own_loop(out / "plan.json", out, CheckOptions(out=out / "audit"))
    print(f"own loop: level {audit.level}, exit {audit.exit_code}: {audit.exit_reason}")
    labels = np.array([3, 1, 4])
    log = log_of(
        out / "sigma_0.5",
        labels=labels,
        prediction=np.array([3, 1, -1]),
        radius=np.array([0.8, 1.1, 0.0]),
    )
    path = imported(log, "smoothing-tsv", 100, 10_000, "0.001", [certified("66.67")])
    audit = check(path, CheckOptions(static=True))
    print(f"log of radii: level {audit.level}, {len(audit.findings)} findings")
    selection, votes = (draws * np.eye(5, dtype=int)[[3, 1, 2]] for draws in (100, 10_000))
    counts = counts_of(out / "counts_sigma_0.5.csv", labels, selection, votes)
    path = imported(counts, "counts-csv", 100, 10_000, "0.001", [certified("66.67")])
    audit = check(path, CheckOptions(static=True))
    print(f"counts: level {audit.level}, {len(audit.findings)} findings")


def certified(percent: str) -> dict:
    """Return the claim of a certified accuracy at radius 0."""
    return {
        "metric": "certified_accuracy",
        "at_radius": 0,
        "unit": "percent",
        "value": percent,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
