"""A small study on real sound: six clips and the network of the embedded example."""

import csv
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parent.parent / "examples" / "keyword-spotting"
CLIPS = 6


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def example_plan() -> dict[str, Any]:
    plan: dict[str, Any] = json.loads((EXAMPLE / "plan.json").read_text(encoding="utf-8"))
    return plan


def write_json(path: Path, document: dict[str, Any]) -> Path:
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return path


def copy_clips(folder: Path, count: int = CLIPS) -> list[dict[str, str]]:
    """Copy every eighth clip, so that several classes are there; return the manifest's rows."""
    with (EXAMPLE / "audio" / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))[:: 48 // count][:count]
    for row in rows:
        shutil.copy(EXAMPLE / "audio" / row["path"], folder / row["path"])
    return rows


def write_manifest(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "manifest.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, ["path", "label", "sha256"])
        writer.writeheader()
        writer.writerows(rows)
    return path


def some_plan(folder: Path, *, n0: int = 16, n: int = 100) -> dict[str, Any]:
    """Return a plan of one certification and one geometry; its files are written to ``folder``."""
    (folder / "audio").mkdir(parents=True, exist_ok=True)
    manifest = write_manifest(folder / "audio", copy_clips(folder / "audio"))
    shutil.copy(EXAMPLE / "model.safetensors", folder)
    plan = example_plan()
    data = plan["data"]["test"]
    data |= {"examples": CLIPS, "subset": {"rule": "listed", "of": 480}}
    data["manifest"]["sha256"] = sha256(manifest)
    plan["sampling"]["mc"] |= {"n0": n0, "n": n}
    plan["evaluations"] = {
        name: plan["evaluations"][name] for name in ("waveform-high", "clip-geometry")
    }
    return plan


def update_manifest(folder: Path, document: dict[str, Any], rows: list[dict[str, str]]) -> None:
    """Write another manifest, and its hash into the document."""
    document["data"]["test"]["manifest"]["sha256"] = sha256(write_manifest(folder / "audio", rows))
