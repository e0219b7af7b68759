"""Results files as large as the format lets them be, honest from end to end."""

import hashlib
import json
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from repaudit.evidence.join import concatenate
from repaudit.evidence.write import write_records
from repaudit.statistics.certificate import certified_z
from tests.builders import (
    ALPHA,
    CLASSES,
    DISTRIBUTIONS,
    SHARES,
    N,
    honest_claims,
    margins_near,
    some_certification_records,
    some_results,
)

RUNS = ("seed0", "seed1")
"""Checkpoints of the study with much evidence."""
EXAMPLES = 2000
"""Of the study with many claims."""
RADII = [Decimal(i) / 250 for i in range(500)]
"""Thresholds of a curve, in units of sigma; the largest radius of 500 draws is 2.2."""
PLACES = Decimal("1e-9")


def much_evidence(folder: Path, rows: int, suffix: str = "csv") -> Path:
    """Write a study of one certification that releases ``rows`` counts, a file per checkpoint."""
    rng = np.random.default_rng(1)
    p = margins_near(rng, rows // len(RUNS))
    checkpoints = [{"id": name, "seed": i} for i, name in enumerate(RUNS)]
    study = some_results(
        data={"test": {"examples": p.size}}, models={"cnn": {"checkpoints": checkpoints}}
    )
    parts = [some_certification_records(p, rng, checkpoint=name) for name in RUNS]
    asked = [claim | {"across": "mean"} for claim in (*SHARES, *DISTRIBUTIONS)]
    claims = [_plain(claim) for claim in honest_claims(study, asked, concatenate(parts))]
    evidence = []
    for name, records in zip(RUNS, parts, strict=True):
        path = folder / f"{name}.{suffix}"
        write_records(records, path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        file = {"path": path.name, "sha256": digest, "format": "records", "checkpoint": name}
        evidence.append(file)
    document = _plain(study)
    document["evaluations"]["wave"] |= {"claims": claims, "evidence": evidence}
    return _saved(folder, document)


def many_claims(folder: Path, size: int) -> Path:
    """Write a study of at least ``size`` bytes: certified accuracies at very many radii.

    Every evaluation repeats one curve at a sigma of its own, so that its radii scale with sigma.
    """
    study = some_results(data={"test": {"examples": EXAMPLES}}, evaluations={"wave": {"sigma": 1}})
    rng = np.random.default_rng(2)
    records = some_certification_records(margins_near(rng, EXAMPLES), rng)
    asked = [SHARES[0] | {"at_radius": str(radius)} for radius in RADII]
    curve = [_plain(claim) for claim in honest_claims(study, asked, records)]
    right = records.selected_class == records.label
    z = np.where(right, certified_z(records.hits, N, ALPHA), 0.0)
    median = DISTRIBUTIONS[1] | {"interpolation": "lower", "rounding": "floor"}
    half = Decimal(float(np.quantile(z, 0.5, method="lower")))
    document = _plain(study)
    evaluation = document["evaluations"].pop("wave")
    each = len(json.dumps(curve, indent=1))
    for number in range(1, size // each + 2):
        sigma = Decimal(number) / 1000
        shares = [
            claim | {"at_radius": str(radius * sigma)}
            for claim, radius in zip(curve, RADII, strict=True)
        ]
        value = (half * sigma).quantize(PLACES, ROUND_FLOOR)
        claims = [*shares, median | {"value": str(value)}]
        filled = evaluation | {"sigma": str(sigma), "claims": claims}
        document["evaluations"][f"wave-{number}"] = filled
    return _saved(folder, document)


def inline_counts(folder: Path, size: int) -> Path:
    """Write a study of at least ``size`` bytes on one line: counts inline, under a key of its own.

    The format leaves keys that begin with ``x-`` to the author.
    """
    document = json.loads(many_claims(folder, size // 100).read_bytes())
    rows = [
        {"example_id": f"clip{i:05d}", "label": i % CLASSES, "hits": 250 + i % 250, "draws": N}
        for i in range(EXAMPLES)
    ]
    evaluations = list(document["evaluations"].values())
    repeated = size // (len(json.dumps(rows)) * len(evaluations)) + 1
    for evaluation in evaluations:
        evaluation["x-counts"] = rows * repeated
    return _saved(folder, document, indent=None)


def _plain(model: BaseModel) -> Any:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)


def _saved(folder: Path, document: Any, indent: int | None = 1) -> Path:
    path = folder / "results.json"
    path.write_text(json.dumps(document, indent=indent), encoding="utf-8")
    return path
