"""Honest printed reports: results files whose every number comes from one set of certificates.

A test that plants a lie takes one, changes a number and asks which rule notices.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from repaudit.contract.results import Results
from repaudit.rules import Case
from tests.simulations.claims import claims_of
from tests.simulations.settings import Setting, settings
from tests.simulations.statements import statements_of
from tests.simulations.study import N0, SAMPLES, draw, sizes

Document = dict[str, Any]


def honest_reports(count: int, seed: int = 0) -> Iterator[tuple[Setting, Document]]:
    """Yield settings of the grid with a report each; the same ones for the same seed."""
    for setting in settings(count, seed):
        yield setting, honest_report(setting)


def honest_report(setting: Setting) -> Document:
    """Return one results file."""
    rng = np.random.default_rng(setting.seed)
    sweep = {"words": setting}
    if rng.random() < 0.3:
        twice = f"{2 * Decimal(setting.sigma):f}"
        sweep["words-twice-the-noise"] = replace(setting, sigma=twice)
    claims = {name: claims_of(one, draw(one, rng), rng) for name, one in sweep.items()}
    for name in [*sweep][1:]:  # the bare network has one accuracy, whatever the noise
        claims[name] = [claim for claim in claims[name] if claim.get("classifier") != "base"]
    document = {
        "$schema": "urn:repaudit:results:1",
        "study": {"title": "A simulated report", "kind": "original"},
        "data": {"test": _data(setting)},
        "pipelines": {"words": _pipeline(setting)},
        "models": {"net": {"output": "logits", "dtype": "float32", "checkpoints": _runs(setting)}},
        "contracts": {"wave": _contract(setting, claims.values())},
        "sampling": {"mc": _sampling(setting)},
        "evaluations": {name: _evaluation(one.sigma, claims[name]) for name, one in sweep.items()},
        "statements": statements_of(claims["words"], rng),
    }
    return _transcribed(document, rng) if setting.is_transcription else document


def _evaluation(sigma: str, claims: list[Document]) -> Document:
    return {
        "kind": "certification",
        "data": "test",
        "model": "net",
        "contract": "wave",
        "sigma": sigma,
        "sampling": "mc",
        "claims": claims,
    }


def case_of(document: Document) -> Case:
    """Return what the rules look at."""
    return Case(Results.model_validate(document), document)


def find_claim(document: Document, **fields: Any) -> dict[str, Any] | None:
    """Return the first claim with these fields, to be changed in place; None without one."""
    for evaluation in document["evaluations"].values():
        for claim in evaluation["claims"]:
            if all(claim.get(key) == value for key, value in fields.items()):
                return claim
    return None


def _data(setting: Setting) -> Document:
    folds = {f"fold{i}": size for i, size in enumerate(sizes(setting))}
    return {
        "kind": "audio",
        "examples": setting.examples,
        "classes": 2,
        "subset": {"rule": "all"},
        **({"folds": folds} if setting.has_folds else {}),
    }


def _runs(setting: Setting) -> list[Document]:
    if setting.has_folds:
        return [{"id": f"net{i}", "seed": 0, "test_fold": f"fold{i}"} for i in range(setting.runs)]
    return [{"id": f"net{i}", "seed": i} for i in range(setting.runs)]


def _pipeline(setting: Setting) -> list[Document]:
    crop = {"step": "crop_pad", "length_samples": SAMPLES, "anchor": "start", "pad": "zero"}
    level = {
        "step": "normalize",
        "measure": "rms",
        "target": "1.0",
        "measured_on": "clean",
        "includes_padding": True,
        "zero_energy": "leave",
    }
    return [crop, level] if setting.has_equal_norms else [crop]


def _contract(setting: Setting, tables: Iterable[Sequence[Document]]) -> Document:
    # A scale that some evaluation cannot report, for want of a certificate, is not promised.
    claimed = set.intersection(*({claim["metric"] for claim in claims} for claims in tables))
    location = "normalize" if setting.has_equal_norms else "crop_pad"
    return {
        "pipeline": "words",
        "object": "waveform",
        "transform": [],
        "scale": [m for m in ("certified_radius", "certified_snr") if m in claimed],
        "perturbation": {
            "law": "gaussian",
            "norm": "l2",
            "location": location,
            "dtype": "float32",
        },
    }


def _sampling(setting: Setting) -> Document:
    return {
        "n0": N0,
        "n": setting.n,
        "alpha": setting.alpha,
        "bound": "clopper_pearson_one_sided",
        "selection": "independent",
    }


def _transcribed(document: Document, rng: np.random.Generator) -> Document:
    """Return the report as somebody else typed it in, who does not know every setting."""
    document["study"]["kind"] = "transcription"
    for holder, key in _unsaid(document):
        if rng.random() < 0.3:
            holder[key] = "unstated"
    for evaluation in document["evaluations"].values():
        for claim in evaluation["claims"]:
            _forget(claim, rng)
        _name_apart(evaluation["claims"])
    return document


def _forget(claim: Document, rng: np.random.Generator) -> None:
    if "spread" in claim and rng.random() < 0.3:
        claim["spread"][str(rng.choice(["statistic", "over"]))] = "unstated"
    for key in ("across", "population"):
        if key in claim and rng.random() < 0.2:
            claim[key] = "unstated"


def _unsaid(document: Document) -> Iterator[tuple[Document, str]]:
    """Yield the settings that a source may leave out."""
    for key in ("n0", "n", "alpha", "bound", "selection"):
        yield document["sampling"]["mc"], key
    for key in ("examples", "classes", "subset"):
        yield document["data"]["test"], key
    yield document["models"]["net"], "dtype"
    for evaluation in document["evaluations"].values():
        yield evaluation, "repeats"


def _name_apart(claims: list[Document]) -> None:
    """Leave one claim of each definition: two of unknown populations are two of one."""
    seen: set[tuple[object, ...]] = set()
    keys = ("metric", "statistic", "population", "classifier", "at_radius", "at_snr_db")
    for claim in list(claims):
        identity = (*(claim.get(key) for key in keys), claim.get("checkpoint"))
        if identity in seen:
            claims.remove(claim)
        seen.add(identity)
