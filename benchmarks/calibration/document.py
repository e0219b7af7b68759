"""A simulated table as a results file."""

from functools import lru_cache
from typing import Any

from benchmarks.calibration.claims import Claim
from benchmarks.calibration.reports import SIGMA, Study
from repaudit.contract.results import Results

EVALUATION = "table"
_NORMALIZE = {
    "step": "normalize",
    "measure": "rms",
    "target": "1",
    "measured_on": "clean",
    "includes_padding": True,
    "zero_energy": "leave",
}
_PERTURBATION = {"law": "gaussian", "norm": "l2", "location": "normalize", "dtype": "float32"}
_EVIDENCE = [{"path": "counts.csv", "sha256": "0" * 64, "format": "records"}]


def document_of(study: Study, claims: list[Claim], *, releases_counts: bool) -> dict[str, Any]:
    """Return the results file of a table, with its counts released or not."""
    table = {
        "kind": "certification",
        "data": "test",
        "model": "net",
        "contract": "wave",
        "sigma": str(SIGMA),
        "sampling": "mc",
        "claims": claims,
        **({"evidence": _EVIDENCE} if releases_counts else {}),
    }
    return {**_declarations(study), "evaluations": {EVALUATION: table}}


def results_of(study: Study, claims: list[Claim], *, releases_counts: bool) -> Results:
    """Return the same, validated."""
    return Results.model_validate(document_of(study, claims, releases_counts=releases_counts))


@lru_cache(maxsize=16)
def _declarations(study: Study) -> dict[str, Any]:
    data = {
        "kind": "audio",
        "examples": study.size,
        "classes": study.classes,
        "subset": {"rule": "all"},
    }
    contract = {
        "pipeline": "words",
        "object": "waveform",
        "transform": [],
        "scale": ["certified_radius", "certified_snr"],
        "perturbation": _PERTURBATION,
    }
    sampling = {
        "n0": study.n0,
        "n": study.n,
        "alpha": str(study.alpha),
        "bound": "clopper_pearson_one_sided",
        "selection": "independent",
    }
    net = {"output": "logits", "dtype": "float32", "checkpoints": [{"id": "net"}]}
    return {
        "$schema": "urn:repaudit:results:1",
        "study": {"title": "A simulated table", "kind": "original"},
        "data": {"test": data},
        "pipelines": {"words": [_NORMALIZE]},
        "models": {"net": net},
        "contracts": {"wave": contract},
        "sampling": {"mc": sampling},
    }
