"""A results file on disk about points beside a plane: every probability is known."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from repaudit.check import CheckOptions
from repaudit.measure import measure
from tests.rerun.engine_cases import two_classes
from tests.studies import sha256, write_json

N0, N, SIGMA = 50, 1000, 0.5
CPU = CheckOptions(device="cpu", allow_code=True)
NOTHING = {
    "step": "standardize",
    "mean": 0,
    "std": 1,
    "axis": "all",
    "computed_from": "training_set",
}
CLAIMS: list[dict[str, Any]] = [
    {"metric": "certified_accuracy", "at_radius": 0, "unit": "percent"},
    {"metric": "certified_accuracy", "at_radius": "0.3", "unit": "percent"},
    {"metric": "clean_accuracy", "classifier": "base", "unit": "percent"},
    {"metric": "certified_radius", "statistic": "median", "population": "all"},
]


def point_results(
    folder: Path, size: int = 300, borderline: float = 0.04, far: float = 4.0
) -> Path:
    """Write points most of which are ``far`` sigmas from the plane; ``measure`` fills in claims."""
    path = write_json(folder / "plan.json", point_plan(folder, size, borderline, far))
    measure(path, folder / "results.json", seed=3, options=CPU)
    return folder / "results.json"


def point_plan(
    folder: Path, size: int = 300, borderline: float = 0.04, far: float = 4.0, n: int = N
) -> dict[str, Any]:
    """Return the plan of such points, which are written to the folder, without its values."""
    rng = np.random.default_rng(5)
    margins = SIGMA * np.where(
        rng.random(size) < borderline,
        rng.uniform(0.02, 1.8, size),
        rng.normal(far, 0.1 * far, size),
    )
    labels = [int(i % 20 > 0) for i in range(size)]
    study = two_classes(folder, margins.tolist(), labels)
    return {
        "$schema": "urn:repaudit:results:1",
        "study": {"title": "Points", "kind": "plan"},
        "data": {"points": study.data.model_dump(mode="json", exclude_none=True)},
        "pipelines": {"raw": [NOTHING]},
        "models": {"plane": study.model.model_dump(mode="json", exclude_none=True)},
        "contracts": {
            "point": {
                "pipeline": "raw",
                "object": "feature",
                "perturbation": {
                    "law": "gaussian",
                    "norm": "l2",
                    "location": "standardize",
                    "dtype": "float32",
                },
                "transform": [],
                "scale": ["certified_radius"],
            }
        },
        "sampling": {
            "mc": {
                "n0": N0,
                "n": n,
                "alpha": 0.001,
                "bound": "clopper_pearson_one_sided",
                "selection": "independent",
            }
        },
        "evaluations": {
            "main": {
                "kind": "certification",
                "data": "points",
                "model": "plane",
                "contract": "point",
                "sigma": SIGMA,
                "sampling": "mc",
                "claims": CLAIMS,
            }
        },
    }


def edit_results(path: Path, edit: Callable[[dict[str, Any]], None]) -> Path:
    """Change a results file."""
    document = json.loads(path.read_text(encoding="utf-8"))
    edit(document)
    return write_json(path, document)


def edit_counts(path: Path, edit: Callable[[dict[str, str]], None]) -> Path:
    """Change every row of the released counts, and their hash in the results file."""
    counts = path.parent / "evidence" / "main.csv"
    with counts.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        edit(row)
    with counts.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

    def rehash(document: dict[str, Any]) -> None:
        document["evaluations"]["main"]["evidence"][0]["sha256"] = sha256(counts)

    return edit_results(path, rehash)


def inflate(path: Path, every: int = 20) -> Path:
    """Say that the wrong examples among each ``every``-th are certified, and claim what follows."""
    right = 0

    def lie(row: dict[str, str]) -> None:
        nonlocal right
        if int(row["example_id"]) % every == 0:
            row |= dict.fromkeys(("hits", "label_hits", "top_hits"), str(N))
            row |= dict.fromkeys(("selected_class", "top_class"), row["label"])
        right += row["selected_class"] == row["label"] and int(row["hits"]) >= 550

    def claim(document: dict[str, Any]) -> None:
        evaluation = document["evaluations"]["main"]
        size = document["data"]["points"]["examples"]
        evaluation["claims"] = [{**CLAIMS[0], "value": f"{100 * right / size:.2f}"}]

    edit_counts(path, lie)
    return edit_results(path, claim)
