"""A results file made of foreign files: what they are, what the user says, nothing else.

Whatever nobody stated is ``"unstated"``, so that no rule can hold it against anyone; what was
read off a file's name or is this format's usual way is annotated as inferred.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from repaudit.contract.positions import pointer_of
from repaudit.contract.results import SCHEMA_ID

USUAL_BOUND = "clopper_pearson_one_sided"
DATA, PIPELINE, CONTRACT, SAMPLING, CHECKPOINT = "test-set", "input", "l2-ball", "certify", "log"
_ASSERTED = (
    "that the radii are those of L2 balls around the network's input, under Gaussian noise, is "
    "the assertion of whoever imported the file; nothing in it says so"
)


@dataclass(frozen=True)
class Settings:
    """What the user says about the files; None = unstated."""

    n0: int | None
    n: int | None
    alpha: str | None
    bound: str | None
    examples: int | None


@dataclass(frozen=True)
class Attached:
    """One file that lies where the results file may refer to it."""

    name: str
    """id of its evaluation"""
    path: str
    """relative to the results file"""
    sha256: str
    format: str
    sigma: str
    is_sigma_inferred: bool
    """whether sigma was read off the file's name"""


def document_of(files: Sequence[Attached], settings: Settings) -> dict[str, Any]:
    """Return a results file of kind transcription: one evaluation per file, without claims."""
    return {
        "$schema": SCHEMA_ID,
        "study": {"title": ", ".join(file.name for file in files), "kind": "transcription"},
        "data": {
            DATA: {
                "kind": "features",
                "examples": _said(settings.examples),
                "classes": "unstated",
                "subset": "unstated",
            }
        },
        "pipelines": {PIPELINE: [_UNKNOWN_STEP]},
        "models": {file.name: _UNKNOWN_MODEL for file in files},
        "contracts": {CONTRACT: _CONTRACT},
        "sampling": {
            SAMPLING: {
                "n0": _said(settings.n0),
                "n": _said(settings.n),
                "alpha": _said(settings.alpha),
                "bound": settings.bound or USUAL_BOUND,
                "selection": "unstated",
            }
        },
        "evaluations": {file.name: _evaluation(file) for file in files},
        "annotations": _annotations(files, settings),
    }


_UNKNOWN_STEP = {
    "step": "custom",
    "entry_point": "unstated:unstated",
    "description": "whatever makes the vector that the noise is added to; the source does not say",
}
_UNKNOWN_MODEL = {"output": "unstated", "dtype": "unstated", "checkpoints": [{"id": CHECKPOINT}]}
_CONTRACT = {
    "pipeline": PIPELINE,
    "object": "feature",
    "perturbation": {
        "law": "gaussian",
        "norm": "l2",
        "location": "network_input",
        "dtype": "unstated",
    },
    "transform": [],
    "scale": ["certified_radius"],
}


def _said(value: object) -> object:
    return "unstated" if value is None else value


def _evaluation(file: Attached) -> Mapping[str, Any]:
    return {
        "kind": "certification",
        "data": DATA,
        "model": file.name,
        "contract": CONTRACT,
        "sigma": file.sigma,
        "sampling": SAMPLING,
        "claims": [],
        "evidence": [{"path": file.path, "sha256": file.sha256, "format": file.format}],
    }


def _annotations(files: Sequence[Attached], settings: Settings) -> list[dict[str, str]]:
    ball = pointer_of(["contracts", CONTRACT, "perturbation", "norm"])
    found = [{"pointer": ball, "kind": "note", "text": _ASSERTED}]
    if settings.bound is None:
        text = "the bound of the program whose log this format is; nobody stated it"
        found.append(_inferred(["sampling", SAMPLING, "bound"], text))
    for file in files:
        if file.is_sigma_inferred:
            text = f"read off the name of {file.path}"
            found.append(_inferred(["evaluations", file.name, "sigma"], text))
    return found


def _inferred(tokens: Sequence[str | int], text: str) -> dict[str, str]:
    return {"pointer": pointer_of(tokens), "kind": "inferred", "text": text}
