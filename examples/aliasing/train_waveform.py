r"""Train the example's waveform network on the keyword spotter's own 48 clips.

    python train_waveform.py --plan plan.json --clips ../keyword-spotting/audio \
        --out waveform.safetensors

It hears nothing but these clips, shifted and with white noise, so its accuracy says nothing: it is
here because its filters are trained, and because aliasing is measured on the same clips. About a
minute on two cores; deterministic for one machine and library set.
"""

import argparse
import csv
from pathlib import Path

import soundfile as sf
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from repaudit.contract.load import load_results
from repaudit.rerun.models.networks import build_network
from repaudit.rerun.pipeline import Chain, Signal, build_chain

EPOCHS, BATCH, PEAK_RATE = 150, 16, 4e-3
MOST_SHIFT, MOST_SIGMA = 1600, 0.3


def load_clips(folder: Path, chain: Chain, classes: list[str]) -> tuple[Tensor, Tensor]:
    """Return normalised waveforms f32[N, samples] and labels i64[N] of a manifest's clips."""
    waveforms, labels = [], []
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            samples, rate_hz = sf.read(folder / row["path"], dtype="float32")
            recording = torch.from_numpy(samples)[None, None]
            waveforms.append(chain(Signal(recording, rate_hz, None)).values[0])
            labels.append(classes.index(row["label"]))
    return torch.stack(waveforms), torch.tensor(labels)


def augmented(waveforms: Tensor) -> Tensor:
    """Return waveforms shifted in a circle, with white noise."""
    shift = int(torch.randint(-MOST_SHIFT, MOST_SHIFT, ()))
    sigma = torch.rand(len(waveforms), 1) * MOST_SIGMA
    return waveforms.roll(shift, 1) + sigma * torch.randn_like(waveforms)


def train(network: nn.Module, waveforms: Tensor, labels: Tensor) -> None:
    batches = len(waveforms) // BATCH
    optimizer = torch.optim.AdamW(network.parameters(), PEAK_RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, PEAK_RATE, total_steps=EPOCHS * batches
    )
    network.train()
    for epoch in range(EPOCHS):
        losses = []
        for chosen in torch.randperm(len(waveforms)).split(BATCH)[:batches]:
            outputs = network(augmented(waveforms[chosen]))
            loss = nn.functional.cross_entropy(outputs, labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        if epoch % 25 == 24:
            print(f"epoch {epoch + 1}/{EPOCHS}: loss {sum(losses) / batches:.4f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plan", type=Path, required=True)
    parser.add_argument("--clips", type=Path, required=True, help="folder with manifest.csv")
    parser.add_argument("--out", type=Path, required=True, help="safetensors file to write")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    results, _ = load_results(arguments.plan)
    network = build_network("waveform_cnn", results.models["waveform"].network.options)
    chain = build_chain(results.pipelines["waveform"])
    waveforms, labels = load_clips(arguments.clips, chain, results.data["clips"].class_names)
    train(network, waveforms, labels)
    save_file(network.state_dict(), arguments.out)


if __name__ == "__main__":
    main()
