"""Attacks and defences on the small studies whose every number is known."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from repaudit.contract.attack import Attack, Defence, ThreatModel
from repaudit.contract.task import EmpiricalTask
from repaudit.rerun.attacks.problem import Problem
from repaudit.rerun.attacks.settings import settings_of
from tests.rerun.engine_cases import PointStudy, two_classes

ATTACKS: dict[str, dict[str, Any]] = {
    "fgsm": {"target": "base", "objective": "max_loss"},
    "pgd": {"target": "base", "objective": "max_loss", "steps": 10},
    "deepfool": {"target": "base", "objective": "min_l2"},
    "cw_l2": {"target": "base", "objective": "min_l2", "steps": 100, "restarts": 5},
    "eot_pgd": {"target": "defended", "objective": "max_loss", "steps": 10},
    "random_search": {"target": "defended", "objective": "max_loss", "queries": 50},
    "random_noise": {"target": "defended", "objective": "max_loss", "restarts": 5},
}


def attack(name: str, **changes: Any) -> Attack:
    library = "foolbox==3.3.4" if "steps" in ATTACKS[name] else "repaudit"
    return Attack.model_validate({"name": name, "library": library, **ATTACKS[name], **changes})


def threat(epsilon: float, norm: str = "linf", location: str = "input") -> ThreatModel:
    return ThreatModel.model_validate({"norm": norm, "epsilon": epsilon, "location": location})


def defence(**changes: Any) -> Defence:
    values = {
        "method": "post_averaging",
        "directions": 3,
        "radius": 0.3,
        "steps": ["1/3", "2/3", 1],
        "includes_input": True,
        "domain": "softmax",
        "location": "input",
        "randomness": "per_example",
    }
    return Defence.model_validate({**values, **changes})


def task(study: PointStudy, attacks: dict[str, Attack], **changes: Any) -> EmpiricalTask:
    values: dict[str, Any] = {
        "evaluation": "attacked",
        "data": study.data,
        "pipeline": (),
        "model": study.model,
        "checkpoint": study.model.checkpoints[0],
        "attacks": tuple(attacks.items()),
        "threat": threat(0.1),
        "defence": None,
        "repeats": 1,
    }
    return EmpiricalTask(**{**values, **changes})


MARGINS = [0.02, -0.04, 0.1, -0.2, 0.35, -0.5, 0.8, -0.05]
"""signed distances from the plane; the label of the last is the wrong one"""


def some_points(folder: Path) -> PointStudy:
    labels = [int(margin > 0) for margin in MARGINS]
    labels[-1] = 1 - labels[-1]
    return two_classes(folder, MARGINS, labels)


class Plain:
    """A network as the victim of an attack, without a pipeline or a defence."""

    is_random = False

    def __init__(self, network: nn.Module) -> None:
        self.network = network

    def scores(self, x: Tensor, rows: Tensor) -> Tensor:
        scores: Tensor = self.network(x)
        return scores

    def rows_at_once(self) -> int:
        return 4


def small_network(classes: int = 4) -> nn.Module:
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 64, classes)]
    return nn.Sequential(*layers).eval().requires_grad_(False)


def problem(
    network: nn.Module, x: Tensor, name: str, epsilon: float, norm: str = "linf", **changes: Any
) -> Problem:
    """An attack on a network's own predictions of images in [0, 1]."""
    labels = network(x).argmax(1)
    generator = torch.Generator().manual_seed(1)
    return Problem(
        x=x,
        labels=labels,
        active=torch.ones(len(x), dtype=torch.bool),
        victim=Plain(network),
        settings=settings_of(name, attack(name, **changes), norm, epsilon),
        bounds=(0.0, 1.0),
        normals=lambda row, count: torch.randn(count, generator=generator),
    )


def images(count: int = 6) -> Tensor:
    return torch.rand(count, 3, 8, 8, generator=torch.Generator().manual_seed(2))
