"""Clips as users have them: a manifest of Speech Commands, read and transformed."""

import hashlib
import os
from pathlib import Path

import pytest
import torch

from repaudit.contract.data import Data
from repaudit.contract.files import Places
from repaudit.rerun.data import load_dataset
from repaudit.rerun.pipeline import build_chain
from tests.rerun.steps.declarations import declare

REAL = os.environ.get("REPAUDIT_REAL_DATA")
pytestmark = pytest.mark.skipif(REAL is None, reason="REPAUDIT_REAL_DATA is not set")
WORDS = "silence unknown yes no up down left right on off stop go"


@pytest.fixture(scope="module")
def dataset():
    folder = Path(REAL) / "speech-commands" / "test"
    digest = hashlib.sha256((folder / "manifest.csv").read_bytes()).hexdigest()
    data = Data.model_validate(
        {
            "kind": "audio",
            "examples": 1200,
            "classes": 12,
            "class_names": WORDS.split(),
            "subset": {"rule": "every", "of": 4890, "step": 4},
            "sample_rate_hz": 16000,
            "manifest": {"path": "manifest.csv", "sha256": digest},
        }
    )
    return load_dataset(data, Places(folder, {}))


def test_the_clips_are_one_second_of_twelve_classes(dataset):
    assert {example.label for example in dataset.examples} == set(range(12))
    for index in range(0, 1200, 100):
        values = dataset.load(index).values
        assert values.shape == (1, 1, 16000)
        assert values.abs().max() <= 1


def test_a_front_end_gives_finite_features_for_every_class(dataset):
    steps = [declare("crop_pad", length_samples=16000), declare("normalize")]
    stft = {"n_fft": 1024, "win_length": 400, "hop_length": 160, "n_mels": 64}
    run = build_chain([*steps, declare("log_mel", **stft)])
    for index in range(0, 1200, 100):
        features = run(dataset.load(index)).values
        assert features.shape == (1, 1, 64, 101)
        assert torch.isfinite(features).all()
