"""Small results files and simulated counts, from which every test builds its own case."""

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from repaudit.contract.claim import Claim
from repaudit.contract.results import Results
from repaudit.evidence.join import concatenate
from repaudit.evidence.tables import (
    AliasingRecords,
    CertificationRecords,
    EmpiricalRecords,
    GeometryRecords,
    Records,
)
from repaudit.metrics.context import context_of
from repaudit.metrics.estimate import estimate
from repaudit.metrics.fill import filled
from repaudit.statistics.certificate import certified_z

N0, N, ALPHA, SIGMA, EXAMPLES, CLASSES = 50, 500, 0.001, 0.25, 48, 4

SHARES: list[dict[str, Any]] = [
    {"metric": "certified_accuracy", "at_radius": 0, "unit": "percent"},
    {"metric": "certified_accuracy", "at_radius": "0.25", "unit": "percent"},
    {"metric": "certified_accuracy", "at_snr_db": "42", "unit": "percent"},
    {"metric": "certified_wrong_rate", "unit": "percent"},
    {"metric": "abstention_rate", "unit": "percent"},
    {"metric": "clean_accuracy", "classifier": "smoothed", "unit": "fraction"},
    {"metric": "clean_accuracy", "classifier": "base", "unit": "percent"},
    {"metric": "noisy_accuracy", "unit": "percent"},
]
DISTRIBUTIONS: list[dict[str, Any]] = [
    {"metric": "certified_radius", "statistic": "mean", "population": "all"},
    {"metric": "certified_radius", "statistic": "median", "population": "all"},
    {"metric": "certified_radius", "statistic": "median", "population": "certified"},
    {"metric": "certified_snr", "statistic": "median", "population": "all"},
    {"metric": "certified_snr", "statistic": "mean", "population": "certified"},
    {"metric": "recording_radius", "statistic": "median", "population": "all"},
]
GEOMETRY: list[dict[str, Any]] = [
    {"metric": "d_geom"},
    {"metric": "norm_ratio", "statistic": "median"},
    {"metric": "cosine", "statistic": "mean"},
]
ALIASING: list[dict[str, Any]] = [
    {"metric": "am", "layer": "blocks.0"},
    {"metric": "am_relative", "layer": "blocks.0"},
    {"metric": "alias_energy", "layer": "blocks.1"},
    {"metric": "alias_db", "layer": "blocks.1"},
]
ATTACKED: list[dict[str, Any]] = [
    {"metric": "attacked_accuracy", "classifier": "base", "unit": "percent"},
    {"metric": "attacked_accuracy", "classifier": "defended", "unit": "fraction"},
    {"metric": "clean_accuracy", "classifier": "defended", "unit": "percent"},
    {"metric": "adversarial_count"},
    {"metric": "defence_rate", "unit": "percent"},
    {"metric": "attack_success_rate", "population": "correct", "unit": "percent"},
    {"metric": "perturbation_norm", "statistic": "median", "population": "adversarial"},
]
EVIDENCE = [{"path": "counts.csv", "sha256": "0" * 64, "format": "records"}]

_NORMALIZE = {
    "step": "normalize",
    "measure": "rms",
    "target": 1.0,
    "measured_on": "clean",
    "includes_padding": True,
    "zero_energy": "leave",
}
_BASE: dict[str, Any] = {
    "$schema": "urn:repaudit:results:1",
    "study": {"title": "A keyword spotter", "kind": "original"},
    "data": {
        "test": {
            "kind": "audio",
            "examples": EXAMPLES,
            "classes": CLASSES,
            "subset": {"rule": "all"},
        }
    },
    "pipelines": {"kws": [_NORMALIZE]},
    "models": {
        "cnn": {
            "output": "logits",
            "dtype": "float32",
            "checkpoints": [{"id": "seed0", "seed": 0}],
        }
    },
    "contracts": {
        "wave": {
            "pipeline": "kws",
            "object": "waveform",
            "transform": [],
            "scale": ["certified_radius"],
            "perturbation": {
                "law": "gaussian",
                "norm": "l2",
                "location": "normalize",
                "dtype": "float32",
            },
        }
    },
    "sampling": {
        "mc": {
            "n0": N0,
            "n": N,
            "alpha": ALPHA,
            "bound": "clopper_pearson_one_sided",
            "selection": "independent",
        }
    },
    "evaluations": {
        "wave": {
            "kind": "certification",
            "data": "test",
            "model": "cnn",
            "contract": "wave",
            "sigma": SIGMA,
            "sampling": "mc",
            "claims": [],
        }
    },
}
GEOMETRY_EVALUATION: dict[str, Any] = {
    "kind": "geometry",
    "data": "test",
    "contract": "wave",
    "sigma": SIGMA,
    "draws": 4,
    "claims": [],
}
CLEAN_EVALUATION: dict[str, Any] = {
    "kind": "empirical",
    "data": "test",
    "model": "cnn",
    "pipeline": "kws",
    "attacks": [],
    "claims": [],
}

ALIASING_EVALUATION: dict[str, Any] = {
    "kind": "aliasing",
    "data": "test",
    "model": "cnn",
    "pipeline": "kws",
    "nyquist": "zero",
    "claims": [],
}

DEFENCE: dict[str, Any] = {
    "method": "post_averaging",
    "directions": 3,
    "radius": 0.5,
    "steps": ["1/3", "2/3", 1],
    "includes_input": True,
    "domain": "softmax",
    "location": "normalize",
    "randomness": "per_example",
}
ATTACKED_FILE: dict[str, Any] = {
    "attacks": {
        "fgsm": {"name": "fgsm", "target": "base", "objective": "max_loss", "library": "foolbox"},
        "pgd": {"name": "pgd", "target": "base", "objective": "max_loss", "library": "foolbox"},
        "eot": {
            "name": "eot_pgd",
            "target": "defended",
            "objective": "max_loss",
            "library": "repaudit",
        },
    },
    "defences": {"averaged": DEFENCE},
    "evaluations": {
        "attacked": {
            "kind": "empirical",
            "data": "test",
            "model": "cnn",
            "pipeline": "kws",
            "attacks": ["pgd"],
            "threat_model": {"norm": "linf", "epsilon": 0.01, "location": "normalize"},
            "defence": "averaged",
            "reevaluated": True,
            "claims": [],
        }
    },
}
"""What makes `some_results` hold one attacked evaluation of a defence."""


def some_attacked_records(
    rng: np.random.Generator,
    attacks: Sequence[str] = ("pgd",),
    repeats: int = 1,
    *,
    turned: float = 0.6,
    recovered: float = 0.7,
    examples: int = EXAMPLES,
) -> EmpiricalRecords:
    """Records of attacks on the bare network: who is turned is fixed, who is recovered is drawn.

    Nine of ten examples are right when clean; each attack turns a share of them, and every
    repeat recovers each one with the same chance.
    """
    label = np.arange(examples) % CLASSES
    other = (label + 1) % CLASSES
    right = rng.random(examples) < 0.9
    base = np.where(right, label, other)
    parts = []
    for attack in attacks:
        hit = right & (rng.random(examples) < turned)
        for repeat in range(repeats):
            clean = np.where(rng.random(examples) < 0.9, label, other)
            saved = np.where(rng.random(examples) < recovered, label, other)
            parts.append(
                EmpiricalRecords(
                    example_id=np.array([f"clip{i:04d}" for i in range(examples)]),
                    label=label,
                    base_clean=base,
                    checkpoint=np.full(examples, "seed0"),
                    repeat=np.full(examples, repeat, np.int64),
                    base_attacked=np.where(hit, other, base),
                    attack=np.full(examples, attack),
                    defended_clean=clean,
                    defended_attacked=np.where(hit, saved, clean),
                    perturbation_norm=np.where(hit, rng.uniform(0.005, 0.01, examples), 0.0),
                    base_margin=np.full(examples, 0.5),
                    attacked_margin=np.full(examples, 0.5),
                )
            )
    return concatenate(parts)


def some_results(**patch: Any) -> Results:
    """A valid results file with one certification, ``wave``; ``patch`` is merged into it."""
    return Results.model_validate(_merged(copy.deepcopy(_BASE), copy.deepcopy(patch)))


def with_claims(
    claims: Sequence[Any], evaluation: str = "wave", *, evidence: bool = False, **patch: Any
) -> Results:
    """The same file with claims (as JSON or typed) in one evaluation."""
    written = [
        c.model_dump(mode="json", exclude_none=True, exclude_unset=True)
        if isinstance(c, Claim)
        else c
        for c in claims
    ]
    inner = {"claims": written} | ({"evidence": EVIDENCE} if evidence else {})
    return some_results(**_merged(copy.deepcopy(patch), {"evaluations": {evaluation: inner}}))


def honest_claims(
    results: Results, claims: Sequence[dict[str, Any]], records: Records, evaluation: str = "wave"
) -> list[Claim]:
    """The claims as an author with these records prints them."""
    context = context_of(results, evaluation)
    typed = [Claim.model_validate(claim) for claim in claims]
    return [filled(claim, estimate(claim, context, records)) for claim in typed]


def margins_near(rng: np.random.Generator, examples: int = EXAMPLES) -> NDArray[np.float64]:
    """Hit probabilities of a keyword spotter: most near 1, some borderline, few wrong."""
    z = np.concatenate(
        [
            rng.normal(3.0, 0.7, examples * 3 // 4),
            rng.uniform(0.0, 3.0, examples - examples * 3 // 4 - examples // 12),
            -rng.exponential(1.3, examples // 12),
        ]
    )
    return np.asarray(ndtr(z))


def some_certification_records(
    p: ArrayLike,
    rng: np.random.Generator,
    *,
    n0: int = N0,
    n: int = N,
    checkpoint: str = "seed0",
    repeat: int = 0,
) -> CertificationRecords:
    """One honest run: example i gives its label with probability p_i, else its second class."""
    p = np.asarray(p, np.float64)
    size = p.size
    label = np.arange(size) % CLASSES
    second = (label + 1) % CLASSES
    first_votes = rng.binomial(n0, p)
    # Ties go to the lowest index.
    selects = (first_votes > n0 / 2) | ((first_votes == n0 / 2) & (label < second))
    hits = rng.binomial(n, p)
    wins = (hits > n / 2) | ((hits == n / 2) & (label < second))
    norm = np.asarray(100.0 + np.arange(size) % 5, np.float64)
    own_hits = np.where(selects, hits, n - hits)
    return CertificationRecords(
        example_id=np.array([f"clip{i:04d}" for i in range(size)]),
        label=label,
        selected_class=np.where(selects, label, second),
        hits=own_hits,
        label_hits=hits,
        draws=np.full(size, n, np.int64),
        checkpoint=np.full(size, checkpoint),
        repeat=np.full(size, repeat, np.int64),
        selection_hits=np.where(selects, first_votes, n0 - first_votes),
        top_class=np.where(wins, label, second),
        top_hits=np.maximum(hits, n - hits),
        void=np.zeros(size, np.int64),
        norm=norm,
        recording_radius=SIGMA * certified_z(own_hits, n, ALPHA) * (0.5 + 0.01 * (label + 1)),
        base_class=np.where(p > 0.4, label, second),
        noisy_class=np.where(rng.random(size) < p, label, second),
    )


def some_geometry_records(
    rng: np.random.Generator, *, draws: int = 4, examples: int = EXAMPLES, repeat: int = 0
) -> GeometryRecords:
    """One honest run of a T that shrinks the noise by an amount of each example's own."""
    example = np.repeat(np.arange(examples), draws)
    noise = rng.normal(30.0, 0.2, example.size)
    ratio = 0.9 + 0.001 * example + rng.normal(0.0, 0.001, example.size)
    cosine = 0.95 + rng.normal(0.0, 0.001, example.size)
    return GeometryRecords(
        example_id=np.array([f"clip{i:04d}" for i in example]),
        draw=np.tile(np.arange(draws), examples),
        noise_norm=noise,
        delta_norm=ratio * noise,
        repeat=np.full(example.size, repeat, np.int64),
        clean_bias_norm=0.1 * noise,
        noise_gain_norm=0.8 * noise,
        inner_product=cosine * ratio * noise * noise,
    )


def some_clean_records(
    correct: ArrayLike, *, margin: ArrayLike | None = None, checkpoint: str = "seed0"
) -> EmpiricalRecords:
    """Predicted classes of a clean evaluation: right where ``correct``."""
    right = np.asarray(correct, np.bool_)
    label = np.arange(right.size) % CLASSES
    return EmpiricalRecords(
        example_id=np.array([f"clip{i:04d}" for i in range(right.size)]),
        label=label,
        base_clean=np.where(right, label, (label + 1) % CLASSES),
        checkpoint=np.full(right.size, checkpoint),
        repeat=np.zeros(right.size, np.int64),
        base_margin=None if margin is None else np.asarray(margin, np.float64),
    )


def some_aliasing_records(rng: np.random.Generator, examples: int = EXAMPLES) -> AliasingRecords:
    """Sums of two layers, 8 and 16 maps; each strided spectrum is alias-free plus difference."""
    ids = [f"clip{i:03d}" for i in range(examples)]
    maps = np.tile([8, 16], examples)
    kept, fold = rng.uniform(5, 10, 2 * examples) * maps, rng.uniform(1, 3, 2 * examples) * maps
    return AliasingRecords(
        example_id=np.repeat(ids, 2),
        layer=np.tile(["blocks.0", "blocks.1"], examples),
        maps=maps,
        abs_difference=fold,
        abs_strided=kept + fold,
        abs_alias_free=kept,
        sq_difference=fold**2 / 100,
        sq_strided=(kept**2 + fold**2) / 100,
        sq_alias_free=kept**2 / 100,
        checkpoint=np.full(2 * examples, "seed0"),
    )


def _merged(base: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    for key, value in patch.items():
        inner = base.get(key)
        if isinstance(inner, dict) and isinstance(value, dict):
            _merged(inner, value)
        else:
            base[key] = value
    return base
