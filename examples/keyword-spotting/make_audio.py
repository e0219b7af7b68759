"""Make the example's sound files: twelve classes of short clips, spoken by espeak-ng.

    python make_audio.py --out DIR --split train|test --per-class N --seed S
    python make_audio.py --out DIR --split test --like audio/manifest.csv --seed S

Ten command words, `unknown` (other words) and `silence` (quiet coloured noise, never all zero),
16 kHz, mono, 16-bit FLAC. A speaker is an espeak-ng accent with one of its voice variants; the
splits share no variant, nor near copies of one (the same word from the two most alike correlates
by less than 0.7), so no test speaker was heard in training. Speed, pitch, level, position
of the word and the noise of the room differ from clip to clip. Four clips of five are exactly
one second long; the rest are up to an eighth shorter or longer, as recordings are, with the word
inside their first second.

Every clip has its own random generator, keyed by (seed, split, class, index): clip 17 is the
same whether 20 or 500 are made, and with `--like` only the clips named in a manifest are made
again. For one version of espeak-ng and of the pinned libraries the clips are deterministic; the
committed ones come from espeak-ng 1.51, `--split test --seed 0`.
"""

import argparse
import csv
import hashlib
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import soundfile as sf
import torch
import torchaudio
from numpy.typing import NDArray

RATE_HZ = 16_000
ESPEAK_RATE_HZ = 22_050  # what espeak-ng synthesises at
COMMANDS = ("yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go")
CLASSES = (*COMMANDS, "unknown", "silence")
OTHER_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("bed", "bird", "cat", "dog", "happy", "house", "marvin", "sheila", "tree", "wow"),
)
ACCENTS = (
    *("en-us", "en-us-nyc", "en-gb", "en-gb-x-rp", "en-gb-scotland"),
    *("en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029"),
)
VARIANTS = {
    "train": (
        *("adam", "Alex", "Alicia", "Andrea", "Andy", "Annie", "antonio", "belinda", "boris"),
        *("caleb", "david", "Denis", "Diogo", "ed", "edward", "Gene", "gustave", "Henrique"),
        *("Hugo", "Jacky", "john", "Lee", "linda", "marcelo", "Marco", "Mario", "max", "michel"),
        *("Mike", "Nguyen", "norbert", "paul", "quincy", "rob", "steph", "victor"),
        *("f1", "f3", "f4", "m1", "m3", "m4", "m5", "m7"),
    ),
    "test": (
        *("anika", "aunty", "grandma", "grandpa", "iven", "kaukovalta", "miguel", "pablo"),
        *("pedro", "robert", "sandro", "shelby", "Storm", "travis", "zac", "f2", "f5"),
        *("m2", "m6", "m8"),
    ),
}


def require_espeak() -> None:
    """Exit with the command to type when espeak-ng or one of our voices is missing.

    A voice that espeak-ng does not know is replaced by its default without a word, which would
    put one voice into both splits.
    """
    if shutil.which("espeak-ng") is None:
        sys.exit("make_audio: espeak-ng was not found\nTry: apt-get install espeak-ng")
    listed = "".join(
        subprocess.run(
            ["espeak-ng", f"--voices={kind}"], capture_output=True, text=True, check=True
        ).stdout
        for kind in ("en", "variant")
    )
    tokens = set(listed.replace("!v/", "").split())
    wanted = {*ACCENTS, *VARIANTS["train"], *VARIANTS["test"]}
    if missing := sorted(wanted - tokens):
        sys.exit(f"make_audio: this espeak-ng has no voice {', '.join(missing)}\nTry: version 1.51")


def speak(word: str, speaker: str, speed_wpm: int, pitch: int) -> NDArray[np.float64]:
    """Return the word as f64[samples] at 16 kHz, silence cut off at both ends, peak 1."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "word.wav")
        options = ["-v", speaker, "-s", str(speed_wpm), "-p", str(pitch), "-w", str(path)]
        subprocess.run(["espeak-ng", *options, word], check=True)
        raw, rate_hz = sf.read(path)
    if rate_hz != ESPEAK_RATE_HZ:
        sys.exit(f"make_audio: expected {ESPEAK_RATE_HZ} Hz from espeak-ng, got {rate_hz}")
    wave = torchaudio.functional.resample(torch.from_numpy(raw), ESPEAK_RATE_HZ, RATE_HZ).numpy()
    loud = np.flatnonzero(np.abs(wave) > 0.01 * np.abs(wave).max())
    wave = wave[loud[0] : loud[-1] + 1]
    return np.asarray(wave / np.abs(wave).max())


def coloured_noise(length: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return f64[length] of Gaussian noise with RMS 1 and a random slope from white to brown."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    bins = np.arange(spectrum.size)
    shaped = spectrum * np.maximum(bins, 1) ** (-0.5 * rng.uniform(0.0, 2.0)) * (bins > 0)
    noise = np.fft.irfft(shaped, n=length)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))


def make_clip(label: str, split: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return one clip of the class as f64[samples] at 16 kHz, within [-1, 1]."""
    varied = rng.random() < 0.2
    length = int(rng.integers(14_000, 18_001)) if varied else RATE_HZ
    noise = coloured_noise(length, rng)
    if label == "silence":
        return float(10 ** rng.uniform(-3.0, -2.0)) * noise
    word = str(rng.choice(OTHER_WORDS)) if label == "unknown" else label
    speaker = f"{rng.choice(ACCENTS)}+{rng.choice(VARIANTS[split])}"
    wave = speak(word, speaker, int(rng.integers(130, 200)), int(rng.integers(25, 76)))
    room = min(length, RATE_HZ)
    wave = 10 ** rng.uniform(-0.8, -0.2) * wave[:room]  # peaks from 0.16 to 0.63
    start = int(rng.integers(0, room - wave.size + 1))
    snr_db = rng.uniform(20.0, 45.0)  # of the word over the room
    clip = np.sqrt(np.mean(wave**2)) * 10 ** (-snr_db / 20) * noise
    clip[start : start + wave.size] += wave
    return np.clip(clip, -1.0, 1.0)


def write_clip(name: str, out: Path, split: str, seed: int) -> dict[str, str]:
    """Make and write the clip called `LABEL_INDEX.flac`; return its row of the manifest."""
    label, _, index = name.removesuffix(".flac").rpartition("_")
    key = [seed, sorted(VARIANTS).index(split), CLASSES.index(label), int(index)]
    clip = make_clip(label, split, np.random.default_rng(key))
    sf.write(out / name, clip, RATE_HZ, subtype="PCM_16")
    digest = hashlib.sha256((out / name).read_bytes()).hexdigest()
    return {"path": name, "label": label, "sha256": digest}


def parse_arguments() -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--split", choices=sorted(VARIANTS), required=True, help="which speakers")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--per-class", type=int, metavar="N", help="clips of each class")
    which.add_argument("--like", type=Path, metavar="MANIFEST", help="only the clips it names")
    parser.add_argument("--seed", type=int, required=True, help="any number from 0 on")
    return parser.parse_args()


def main() -> None:
    """Write the clips and their `manifest.csv` (path, label, sha256)."""
    options = parse_arguments()
    require_espeak()
    torch.set_num_threads(1)  # the clips are made side by side already
    if options.like is not None:
        with options.like.open(newline="") as file:
            names = [row["path"] for row in csv.DictReader(file)]
    else:
        names = [f"{label}_{i:04d}.flac" for label in CLASSES for i in range(options.per_class)]
    options.out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor() as pool:
        write = partial(write_clip, out=options.out, split=options.split, seed=options.seed)
        rows = list(pool.map(write, names))
    with (options.out / "manifest.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["path", "label", "sha256"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} clips and manifest.csv in {options.out}")


if __name__ == "__main__":
    main()
