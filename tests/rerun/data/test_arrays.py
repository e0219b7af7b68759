"""Array files: the right axes and units, and no code of the file is run."""

import hashlib

import numpy as np
import pytest
from safetensors.numpy import save_file

from repaudit.contract.base import UnstatedError
from repaudit.contract.data import Data
from repaudit.contract.files import MissingFile, Places
from repaudit.rerun.data import NotAsDeclared, load_dataset

IMAGES = np.arange(2 * 4 * 5 * 3, dtype=np.uint8).reshape(2, 4, 5, 3)
LABELS = np.array([1, 0])


def load(folder, inputs=IMAGES, labels=LABELS, name="data.npz", tensors=None, **declared):
    path = folder / name
    if inputs is not None:
        save = save_file if name.endswith("safetensors") else lambda d, p: np.savez(p, **d)
        save({"x": inputs, "y": labels}, path)
    file = {"path": name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    arrays = {"file": file, "inputs": "x", "labels": "y", "layout": "channels_last"}
    settings = {
        "kind": "image",
        "examples": 2,
        "classes": 2,
        "subset": {"rule": "all"},
        "tensors": {**arrays, **(tensors or {})},
        **declared,
    }
    return load_dataset(Data.model_validate(settings), Places(folder, {}))


@pytest.mark.parametrize("name", ["data.npz", "data.safetensors"])
def test_bytes_are_divided_by_255_and_channels_come_first(tmp_path, name):
    dataset = load(tmp_path, name=name)
    signal = dataset.load(1)
    assert signal.values.shape == (1, 3, 4, 5)
    assert signal.sample_rate_hz is None
    expected = IMAGES[1].transpose(2, 0, 1).astype(np.float32) / np.float32(255)
    np.testing.assert_array_equal(signal.values[0].numpy(), expected)
    assert [(e.example_id, e.label, e.fold) for e in dataset.examples] == [
        ("0", 1, None),
        ("1", 0, None),
    ]


def test_floats_in_channels_first_are_taken_as_they_are(tmp_path):
    inputs = np.linspace(0, 1, 60, dtype=np.float64).reshape(2, 3, 2, 5)
    values = load(tmp_path, inputs, tensors={"layout": "channels_first"}).load(0).values
    np.testing.assert_array_equal(values[0].numpy(), inputs[0].astype(np.float32))


def test_grey_images_and_features_get_a_channel(tmp_path):
    assert load(tmp_path, IMAGES[..., 0]).load(0).values.shape == (1, 1, 4, 5)
    features = np.random.default_rng(0).normal(size=(2, 64, 101)).astype(np.float32)
    assert load(tmp_path, features, kind="features").load(0).values.shape == (1, 1, 64, 101)


def test_audio_arrays_are_recordings(tmp_path):
    dataset = load(tmp_path, np.zeros((2, 9), np.float32), kind="audio", sample_rate_hz=8000)
    signal = dataset.load(0)
    assert signal.values.shape == (1, 1, 9)
    assert signal.sample_rate_hz == 8000


def test_an_open_layout_is_unstated(tmp_path):
    with pytest.raises(UnstatedError, match=r"data\.tensors\.layout"):
        load(tmp_path, tensors={"layout": None})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"examples": 3}, "3 examples declared, 2 found"),
        ({"labels": np.array([2, 0])}, "label 2"),
        ({"labels": np.array([-1, 0])}, "label -1"),
        ({"labels": np.array([0, 1, 1])}, "no list of 2 class indices"),
        ({"labels": np.array([0.0, 1.0])}, "no list of 2 class indices"),
        ({"inputs": IMAGES / 100}, "outside"),
        ({"inputs": IMAGES[..., 0, 0]}, "no batch of images"),
        ({"inputs": IMAGES.astype(np.int64)}, "int64"),
    ],
)
def test_contradictions_are_refused(tmp_path, changes, reason):
    with pytest.raises(NotAsDeclared, match=reason):
        load(tmp_path, **changes)


class Payload:
    def __reduce__(self):
        return (pytest.fail, ("code of the file was run",))


def test_pickled_arrays_are_refused_unread(tmp_path):
    with pytest.raises(MissingFile, match="cannot be read"):
        load(tmp_path, np.array([Payload(), 1], dtype=object))


@pytest.mark.parametrize("name", ["data.npz", "data.safetensors"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xff" * 64])
def test_damaged_files_are_missing(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MissingFile, match="cannot be read"):
        load(tmp_path, None, name=name)


def test_a_missing_array_and_numbers_that_are_not_finite_are_named(tmp_path):
    with pytest.raises(MissingFile, match="no array 'z'"):
        load(tmp_path, tensors={"inputs": "z"})
    features = np.full((2, 3, 3), np.nan, np.float32)
    with pytest.raises(MissingFile, match="row 1 holds"):
        load(tmp_path, features, kind="features").load(1)
