"""The published keyword spotter on real recordings: measured, audited, lied about."""

import csv
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Verdict
from repaudit.audit.finding import Severity
from repaudit.check import CheckOptions, check
from repaudit.measure import measure
from tests.studies import sha256, write_json, write_manifest

REAL = os.environ.get("REPAUDIT_REAL_DATA")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(REAL is None, reason="REPAUDIT_REAL_DATA is not set: no real data here"),
]
CLASSES = [
    *("silence", "unknown", "yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go")
]
MFCC = {
    "step": "mfcc",
    "n_fft": 480,
    "win_length": 480,
    "hop_length": 160,
    "window": "hann",
    "center": True,
    "pad_mode": "reflect",
    "power": 2,
    "n_mels": 40,
    "f_min_hz": 20,
    "f_max_hz": 4000,
    "mel_scale": "slaney",
    "filter_norm": "slaney",
    "log": "ln",
    "floor": 0,
    "floor_mode": "skip",
    "top_db": None,
    "n_mfcc": 40,
    "dct_norm": "ortho",
}


Rows = list[dict[str, str]]


def rows_of(path: Path) -> Rows:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def copied(folder: Path, wanted: set[str] | None) -> tuple[Path, int]:
    """Copy clips, with a manifest; return it and how many they are. ``None`` means all."""
    source = Path(str(REAL)) / "speech-commands" / "test"
    kept = [r for r in rows_of(source / "manifest.csv") if wanted is None or r["path"] in wanted]
    for row in kept:
        (folder / row["path"]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / row["path"], folder / row["path"])
    keys = ("path", "label", "sha256")
    return write_manifest(folder, [{key: row[key] for key in keys} for row in kept]), len(kept)


def some_plan(
    folder: Path, wanted: set[str] | None, evaluations: dict[str, Any], n0: int, n: int
) -> Path:
    (folder / "clips").mkdir(parents=True)
    manifest, count = copied(folder / "clips", wanted)
    weights = folder / "res8.pt"
    shutil.copy(Path(str(REAL)) / "models" / "honk" / "res8.pt", weights)
    document = {
        "$schema": "urn:repaudit:results:1",
        "study": {"title": "A published keyword spotter", "kind": "plan"},
        "data": {
            "test": {
                "kind": "audio",
                "examples": count,
                "classes": 12,
                "class_names": CLASSES,
                "subset": {"rule": "listed", "of": 4890},
                "sample_rate_hz": 16000,
                "manifest": {"path": "clips/manifest.csv", "sha256": sha256(manifest)},
            }
        },
        "pipelines": {
            "mfcc": [
                {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
                MFCC,
            ]
        },
        "models": {
            "res8": {
                "format": "state_dict",
                "network": {"builtin": "res8", "options": {"classes": 12}},
                "output": "logits",
                "dtype": "float32",
                "checkpoints": [
                    {"id": "published", "file": {"path": "res8.pt", "sha256": sha256(weights)}}
                ],
            }
        },
        "contracts": {
            "waveform": {
                "pipeline": "mfcc",
                "object": "waveform",
                "perturbation": {
                    "law": "gaussian",
                    "norm": "l2",
                    "location": "crop_pad",
                    "dtype": "float32",
                },
                "transform": [],
                "scale": ["certified_radius"],
            }
        },
        "sampling": {
            "mc": {
                "n0": n0,
                "n": n,
                "alpha": 0.001,
                "bound": "clopper_pearson_one_sided",
                "selection": "independent",
            }
        },
        "evaluations": evaluations,
    }
    return write_json(folder / "plan.json", document)


def measured(
    folder: Path,
    wanted: set[str] | None,
    evaluations: dict[str, Any],
    *,
    n0: int = 100,
    n: int = 1000,
) -> dict[str, Any]:
    plan = some_plan(folder, wanted, evaluations, n0, n)
    measure(plan, folder / "results.json", seed=3, options=CheckOptions(device="cpu"))
    document: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All 1200 clips classified without noise."""
    folder = tmp_path_factory.mktemp("clean")
    claim = {"metric": "clean_accuracy", "classifier": "base", "unit": "percent"}
    kind = {"kind": "empirical", "data": "test", "model": "res8", "pipeline": "mfcc"}
    measured(folder, None, {"clean": kind | {"attacks": [], "claims": [claim]}})
    return folder


def test_accuracy_on_all_clips_is_the_published_one(clean: Path) -> None:
    """0.902 on the whole test set; 1200 clips of it within 1.5 points of 0.90."""
    document = json.loads((clean / "results.json").read_text(encoding="utf-8"))
    accuracy = float(document["evaluations"]["clean"]["claims"][0]["value"])
    assert accuracy == pytest.approx(90, abs=1.5)


def certification(claims: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "kind": "certification",
        "data": "test",
        "model": "res8",
        "contract": "waveform",
        "sigma": "0.01",
        "sampling": "mc",
        "claims": claims,
    }


RADIUS = {"metric": "certified_radius", "statistic": "mean", "population": "all"}
SNR = {"metric": "certified_snr", "statistic": "median", "population": "certified"}


@pytest.fixture(scope="module")
def unsure(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The sixty clips that noise of sigma 0.01 moves most, out of all 1200.

    The network decides most clips so clearly that such noise never moves them, and they say
    nothing of sigma: the first five of each class hold 13 informative ones, where no test sees an
    error of ten per cent (p = 0.70).
    """
    folder = tmp_path_factory.mktemp("pilot")
    measured(folder, None, {"waveform": certification([RADIUS])}, n0=1, n=32)
    rows = rows_of(folder / "evidence" / "waveform.csv")
    rows.sort(key=lambda row: abs(int(row["label_hits"]) - 16))
    return {row["example_id"] for row in rows[:60]}


@pytest.fixture(scope="module")
def certified(unsure: set[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty clips certified on the waveform at sigma 0.01, n = 1000."""
    folder = tmp_path_factory.mktemp("spotter")
    claims = [
        {"metric": "certified_accuracy", "at_radius": 0, "unit": "percent"},
        {"metric": "certified_accuracy", "at_radius": "0.01", "unit": "percent"},
        RADIUS,
        SNR,
    ]
    measured(folder, unsure, {"waveform": certification(claims)})
    return folder


def audited(path: Path) -> Audit:
    return check(path, CheckOptions(device="cpu"))


def test_honest_file_has_no_error_and_no_warning(certified: Path) -> None:
    audit = audited(certified / "results.json")
    assert (audit.count(Severity.ERROR), audit.count(Severity.WARNING)) == (0, 0)


def test_sigma_declared_ten_percent_too_high_is_rejected_by_the_counts(certified: Path) -> None:
    document = json.loads((certified / "results.json").read_text(encoding="utf-8"))
    document["evaluations"]["waveform"]["sigma"] = "0.011"
    audit = audited(write_json(certified / "mislabelled.json", document))
    records = next(c for c in audit.comparisons if c.kind == "records")
    assert records.verdict in (Verdict.OVERSTATED, Verdict.REFUTED)
    assert audit.exit_code == 1
