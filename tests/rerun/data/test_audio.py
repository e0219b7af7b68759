"""Audio manifests: honest clips are read exactly, hostile ones end as a fault with a reason."""

import csv
import hashlib

import numpy as np
import pytest
import soundfile

from repaudit.contract.data import Data
from repaudit.contract.files import FileFault, HashMismatch, MissingFile, OutsideFolder, Places
from repaudit.contract.types import File
from repaudit.rerun.data import NotAsDeclared, load_dataset

RATE = 16000
TONE = np.round(np.sin(np.arange(1600) / 7) * 20000).astype(np.int16)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def study(folder, rows, **declared):
    """Write a manifest ``clips/manifest.csv`` and return its data set."""
    path = folder / "clips" / "manifest.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["path", "label", "sha256", "fold"], restval="")
        writer.writeheader()
        writer.writerows(rows)
    settings = {
        "kind": "audio",
        "examples": len(rows),
        "classes": 2,
        "class_names": ["no", "yes"],
        "subset": {"rule": "all"},
        "sample_rate_hz": RATE,
        "manifest": {"path": "clips/manifest.csv", "sha256": sha256(path)},
        **declared,
    }
    return load_dataset(Data.model_validate(settings), Places(folder, {}))


def row(path, label="yes", relative=None, **more):
    relative = path.name if relative is None else relative
    return {"path": relative, "label": label, "sha256": sha256(path), **more}


@pytest.fixture
def clips(tmp_path):
    folder = tmp_path / "clips"
    folder.mkdir()
    return folder


def written(clips, name="a.wav", samples=TONE, **options):
    path = clips / name
    soundfile.write(path, samples, RATE, **options)
    return path


@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_sixteen_bit_clips_are_read_over_32768(tmp_path, clips, name):
    dataset = study(tmp_path, [row(written(clips, name), fold="1")], folds={"1": 1})
    signal = dataset.load(0)
    assert signal.values.shape == (1, 1, 1600)
    assert signal.sample_rate_hz == RATE
    np.testing.assert_array_equal(signal.values[0, 0].numpy(), TONE.astype(np.float32) / 32768)
    (example,) = dataset.examples
    assert (example.example_id, example.label, example.fold) == (name, 1, "1")


def test_channels_come_first(tmp_path, clips):
    path = written(clips, samples=np.stack([TONE, -TONE], 1))
    values = study(tmp_path, [row(path)]).load(0).values
    assert values.shape == (1, 2, 1600)
    assert (values[0, 0] == -values[0, 1]).all()


def test_a_fold_is_read_by_itself(tmp_path, clips):
    rows = [row(written(clips, f"{i}.wav", TONE + i), fold=str(i % 2)) for i in range(4)]
    dataset = study(tmp_path, rows)
    odd = dataset.of_fold("1")
    assert [example.example_id for example in odd.examples] == ["1.wav", "3.wav"]
    assert (odd.load(1).values == dataset.load(3).values).all()
    with pytest.raises(NotAsDeclared, match="no example of the fold 7"):
        dataset.of_fold("7")


def refused(tmp_path, path, fault, reason, **declared):
    dataset = study(tmp_path, [row(path)], **declared)
    with pytest.raises(fault, match=reason) as caught:
        dataset.load(0)
    assert isinstance(caught.value, FileFault)


def test_a_truncated_wav_is_refused_even_under_its_own_hash(tmp_path, clips):
    path = written(clips)
    path.write_bytes(path.read_bytes()[:-1000])
    reason = "truncated: the header says 1600 frames, the file holds 1100"
    refused(tmp_path, path, MissingFile, reason)


def test_a_truncated_flac_is_refused_even_under_its_own_hash(tmp_path, clips):
    path = written(clips, "a.flac", np.tile(TONE, 20))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(tmp_path, path, MissingFile, "truncated or damaged: not all of its")


def test_a_flac_header_that_announces_too_much_is_refused_before_reading(tmp_path, clips):
    """STREAMINFO: 36 bits of total samples, the low nibble of byte 21 and bytes 22-25."""
    path = written(clips, "a.flac")
    content = bytearray(path.read_bytes())
    content[21] |= 0x0F
    content[22:26] = b"\xff" * 4
    path.write_bytes(content)
    refused(tmp_path, path, MissingFile, "the header says 68719476735 frames")


def test_a_flac_header_that_announces_a_little_too_much_is_refused(tmp_path, clips):
    path = written(clips, "a.flac")
    content = bytearray(path.read_bytes())
    content[22:26] = (5000).to_bytes(4, "big")
    path.write_bytes(content)
    refused(tmp_path, path, MissingFile, "truncated or damaged: not all of its")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_samples_that_are_not_finite_are_refused(tmp_path, clips, value):
    samples = np.zeros(100, np.float32)
    samples[50] = value
    path = written(clips, samples=samples, subtype="FLOAT")
    refused(tmp_path, path, MissingFile, "not finite")


def test_a_wav_of_unknown_length_is_read_as_long_as_it_is(tmp_path, clips):
    path = written(clips)
    content = bytearray(path.read_bytes())
    content[40:44] = b"\xff" * 4
    path.write_bytes(content)
    assert study(tmp_path, [row(path)]).load(0).values.shape == (1, 1, 1600)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"fLaC", b"<html>not audio</html>" * 9])
@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_what_is_no_audio_is_refused(tmp_path, clips, name, content):
    path = clips / name
    path.write_bytes(content)
    refused(tmp_path, path, MissingFile, "cannot be read as audio")


def test_an_empty_clip_and_another_format_are_refused(tmp_path, clips):
    refused(tmp_path, written(clips, samples=TONE[:0]), MissingFile, "holds no samples")
    refused(tmp_path, written(clips, "a.ogg"), MissingFile, "expected WAV or FLAC, found OGG")


def test_another_rate_than_declared_is_refused(tmp_path, clips):
    reason = "8000 Hz declared, the file has 16000 Hz"
    refused(tmp_path, written(clips), NotAsDeclared, reason, sample_rate_hz=8000)


def test_a_changed_clip_is_a_mismatch_when_it_is_read(tmp_path, clips):
    path = written(clips)
    dataset = study(tmp_path, [row(path)])
    written(clips, samples=TONE + 1)
    with pytest.raises(HashMismatch):
        dataset.load(0)


def test_clips_may_lie_beside_the_manifest_but_not_outside(tmp_path, clips):
    inner = tmp_path / "study"
    (inner / "clips").mkdir(parents=True)
    (inner / "audio").mkdir()
    beside, outside = written(inner / "audio"), written(tmp_path)
    assert study(inner, [row(beside, relative="../audio/a.wav")]).load(0).values.numel() == 1600
    for relative in ("../../a.wav", str(outside)):
        with pytest.raises(OutsideFolder):
            study(inner, [row(outside, relative=relative)]).load(0)


def test_links_do_not_lead_outside(tmp_path, clips):
    inner = tmp_path / "study"
    (inner / "clips").mkdir(parents=True)
    outside = written(tmp_path)
    (inner / "clips" / "a.wav").symlink_to(outside)
    with pytest.raises(OutsideFolder):
        study(inner, [row(outside)]).load(0)
    loop = inner / "clips" / "loop.wav"
    loop.symlink_to(loop)
    with pytest.raises(MissingFile):
        study(inner, [row(outside, relative="loop.wav")]).load(0)
    with pytest.raises(FileFault):
        study(inner, [row(outside, relative="x" * 5000)]).load(0)


def test_counts_and_labels_must_be_the_declared_ones(tmp_path, clips):
    rows = [row(written(clips), fold="1")]
    with pytest.raises(NotAsDeclared, match="3 examples declared, 1 found"):
        study(tmp_path, rows, examples=3)
    with pytest.raises(NotAsDeclared, match="fold 1: 2 examples declared, 1 found"):
        study(tmp_path, rows, folds={"1": 2})
    with pytest.raises(NotAsDeclared, match="label 5"):
        study(tmp_path, [row(written(clips), label="5")], class_names=None)


def test_a_manifest_of_images_or_nothing_at_all_is_missing(tmp_path, clips):
    with pytest.raises(MissingFile, match="manifest of image"):
        study(tmp_path, [row(written(clips))], kind="image")
    with pytest.raises(MissingFile, match="neither"):
        study(tmp_path, [row(written(clips))], manifest=None)
    other = File(path="clips/manifest.csv", sha256="0" * 64)
    with pytest.raises(HashMismatch):
        study(tmp_path, [row(written(clips))], manifest=other)
