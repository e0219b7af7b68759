"""Train the example's keyword spotter with Gaussian noise, through the plan's own pipeline.

    python make_audio.py --out TRAIN --split train --per-class 400 --seed 0
    python train.py --plan plan.json --data TRAIN --out model.safetensors --seed 0

The front end is the one that the plan declares, so network and certificate cannot disagree about
it. Half of every batch gets white noise on the waveform (sigma uniform up to 0.5 at RMS 1), the
other half on the log-mel features (sigma uniform up to 1.5 ln units): one network serves all
three contracts. About five minutes on two cores; deterministic for one machine and library set.
"""

import argparse
import csv
from pathlib import Path

import soundfile as sf
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from repaudit.contract.coordinates import split_at
from repaudit.contract.load import load_results
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.pipeline import Chain, Signal, build_chain

WAVEFORM_SIGMA, FEATURE_SIGMA = 0.5, 1.5
BATCH, PEAK_RATE = 64, 6e-3
RATE_HZ = 16_000


def load_clips(folder: Path, rho: Chain, classes: list[str]) -> tuple[Tensor, Tensor]:
    """Return normalised waveforms f32[N, samples] and labels i64[N] of a manifest's clips."""
    waveforms, labels = [], []
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            samples, rate_hz = sf.read(folder / row["path"], dtype="float32")
            recording = torch.from_numpy(samples)[None, None]
            waveforms.append(rho(Signal(recording, rate_hz, None)).values[0])
            labels.append(classes.index(row["label"]))
    return torch.stack(waveforms), torch.tensor(labels)


def noisy_features(waveforms: Tensor, front_end: Chain) -> Tensor:
    """Return features f32[N, 1, mels, frames]: noise on the waveform, or on the features."""
    half = len(waveforms) // 2
    sigma = torch.rand(half, 1) * WAVEFORM_SIGMA
    noisy = waveforms[:half] + sigma * torch.randn_like(waveforms[:half])
    features = front_end(Signal(torch.cat([noisy, waveforms[half:]]), RATE_HZ, None)).values
    sigma = torch.rand(len(features) - half, 1, 1, 1) * FEATURE_SIGMA
    features[half:] += sigma * torch.randn_like(features[half:])
    return features


def train(
    network: nn.Module, front_end: Chain, waveforms: Tensor, labels: Tensor, epochs: int
) -> None:
    steps = epochs * (len(waveforms) // BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), PEAK_RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps)
    network.train()
    for epoch in range(epochs):
        losses = []
        for chosen in torch.randperm(len(waveforms)).split(BATCH)[: len(waveforms) // BATCH]:
            with torch.no_grad():
                features = noisy_features(waveforms[chosen], front_end)
            loss = nn.functional.cross_entropy(network(features), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}/{epochs}: loss {sum(losses) / len(losses):.4f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plan", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with manifest.csv")
    parser.add_argument("--out", type=Path, required=True, help="safetensors file to write")
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    results, _ = load_results(arguments.plan)
    rho, front_end = map(build_chain, split_at(results.pipelines["kws"], "normalize"))
    classes = results.data["test"].class_names
    network = build_network("log_mel_cnn", results.models["cnn"].network.options)
    waveforms, labels = load_clips(arguments.data, rho, classes)
    train(network, front_end, waveforms, labels, arguments.epochs)
    save_file(network.state_dict(), arguments.out)


if __name__ == "__main__":
    main()
