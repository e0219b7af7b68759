"""The embedded example's sound files are the ones that its script makes."""

import csv
import hashlib
import importlib.util
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import soundfile as sf

EXAMPLE = Path(__file__).parents[2] / "examples" / "keyword-spotting"
AUDIO = EXAMPLE / "audio"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_audio", EXAMPLE / "make_audio.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(manifest: Path) -> list[dict[str, str]]:
    with manifest.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_manifest_holds_four_clips_of_every_class_and_their_hashes(script: ModuleType) -> None:
    listed = rows(AUDIO / "manifest.csv")
    assert Counter(row["label"] for row in listed) == dict.fromkeys(script.CLASSES, 4)
    assert sorted(row["path"] for row in listed) == sorted(p.name for p in AUDIO.glob("*.flac"))
    for row in listed:
        assert hashlib.sha256((AUDIO / row["path"]).read_bytes()).hexdigest() == row["sha256"]


def test_clips_are_16_khz_mono_and_never_silent_to_the_last_bit() -> None:
    for path in AUDIO.glob("*.flac"):
        info = sf.info(path)
        assert (info.samplerate, info.channels, info.subtype) == (16_000, 1, "PCM_16")
        assert 14_000 <= info.frames <= 18_000
        wave, _ = sf.read(path)
        assert 1e-4 < np.sqrt(np.mean(wave**2)) < 0.5


def test_no_voice_is_in_both_splits(script: ModuleType) -> None:
    assert not set(script.VARIANTS["train"]) & set(script.VARIANTS["test"])


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_the_script_makes_the_committed_clips_again(tmp_path: Path) -> None:
    version = subprocess.run(["espeak-ng", "--version"], capture_output=True, text=True).stdout
    if "1.51" not in version:
        pytest.skip(f"the clips are made by espeak-ng 1.51, here is {version.strip()}")
    manifest = AUDIO / "manifest.csv"
    options = ["--out", str(tmp_path), "--split", "test", "--like", str(manifest), "--seed", "0"]
    subprocess.run([sys.executable, EXAMPLE / "make_audio.py", *options], check=True)
    assert (tmp_path / "manifest.csv").read_text() == manifest.read_text()


def test_without_espeak_the_script_says_how_to_get_it(tmp_path: Path) -> None:
    options = ["--out", str(tmp_path), "--split", "test", "--per-class", "1", "--seed", "0"]
    ended = subprocess.run(
        [sys.executable, EXAMPLE / "make_audio.py", *options],
        capture_output=True,
        text=True,
        env={"PATH": "", "HOME": str(tmp_path)},
    )
    assert ended.returncode == 1
    assert ended.stderr == ("make_audio: espeak-ng was not found\nTry: apt-get install espeak-ng\n")
