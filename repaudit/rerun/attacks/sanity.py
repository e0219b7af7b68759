"""Is the attack any good: a few examples attacked harder, longer and with more room.

An attack that does not gain from a larger ball, that leaves examples standing in a huge one, or
that changes its mind with twice the steps measures itself, not the defence.

Reference: Carlini et al. 2019, section 3.2 and the checklist of section 5.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from repaudit.contract.attack import Attack
from repaudit.rerun.attacks.block import Block, Setup
from repaudit.rerun.attacks.problem import Problem, chunks, margin
from repaudit.rerun.attacks.settings import Settings, settings_of
from repaudit.rerun.stages import Subject

VARIATIONS = ("half", "double", "large", "longer")
"""half, twice and ten times the box (or signal) of epsilon; twice the steps"""
PROBED = 6
"""examples of a task on which the variations are run"""
NOT_ASKED = -1
ADAPTIVE = Attack(
    name="eot_pgd", target="defended", objective="max_loss", library="repaudit", steps=10
)
"""What is shown beside numbers of a defence that no attack saw."""


def probed_attack(panel: Sequence[Settings]) -> int | None:
    """Return which attack is varied: one that follows a gradient, on the defence if any.

    One with held directions comes first: its variations differ by no draw.
    """
    able = [i for i, s in enumerate(panel) if s.is_gradient and not s.is_minimal]
    held = {"fixed": 0, None: 1, "fresh": 2}
    ranked = sorted(able, key=lambda i: (panel[i].target != "defended", held[panel[i].directions]))
    return ranked[0] if ranked else None


def varied(settings: Settings, name: str, largest: float) -> Settings | None:
    """Return the attack under a variation; None where it would be the same attack."""
    if settings.epsilon == 0:
        return None
    if name == "longer":
        if settings.name == "fgsm":
            return None
        return replace(settings, id=f"{settings.id} {name}", steps=2 * settings.steps)
    factor = {"half": 0.5, "double": 2.0, "large": 10.0 * largest / settings.epsilon}[name]
    return replace(
        settings,
        id=f"{settings.id} {name}",
        epsilon=settings.epsilon * factor,
        step_size=settings.step_size * factor,
    )


def vary(setup: Setup, subjects: Sequence[Subject], number: int) -> dict[str, NDArray[np.int64]]:
    """Return per variation which examples are still right: 1, 0, or -1 where not asked.

    Over all ``subjects``; an example that the victim gets wrong when clean is not asked about.
    """
    asked, settings = list(subjects[:PROBED]), setup.panel[number]
    block = Block(setup, asked, 0)
    right = is_right(block, settings)
    largest = float(block.x.abs().max()) if not np.isfinite(setup.box).all() else 1.0
    if settings.norm == "l2":
        largest *= float(np.sqrt(block.x[0].numel()))
    found = {}
    for name in VARIATIONS:
        variant = varied(settings, name, largest)
        still = np.full(len(subjects), NOT_ASKED)
        if variant is not None:
            turned = block.attack(variant, number, right).adversarial.cpu().numpy()
            still[: len(asked)] = np.where(right, 1 - turned, NOT_ASKED)
        found[name] = still
    return found


def see_defence(setup: Setup, subjects: Sequence[Subject], settings: Settings) -> NDArray[np.int64]:
    """Return which of the first examples survive an attack that sees the defence: 1, 0, or -1.

    For a panel of which no attack does; an example that is wrong when clean does not survive.
    """
    asked = list(subjects[:PROBED])
    block = Block(setup, asked, 0)
    own = settings_of("adaptive", ADAPTIVE, settings.norm, settings.epsilon)
    right = is_right(block, own)
    turned = block.attack(own, len(setup.panel), right).adversarial.cpu().numpy()
    found = np.full(len(subjects), NOT_ASKED)
    found[: len(asked)] = right & ~turned
    return found


def is_right(block: Block, settings: Settings) -> NDArray[np.bool_]:
    """Return which clean examples the victim of an attack gets right."""
    labels = block.labels.cpu().numpy()
    seen = block.bare(block.x) if settings.target == "base" else block.averaged(block.x, 0)
    return np.asarray(seen.classes == labels)


def has_no_gradient(problem: Problem) -> NDArray[np.bool_]:
    """Return the active rows whose loss has a gradient of exactly 0, or one that is not finite."""
    none = torch.zeros_like(problem.active)
    rows = problem.active.nonzero()[:, 0]
    for part in chunks(rows, problem.victim.rows_at_once()):
        with torch.enable_grad():
            leaf = problem.x[part].detach().requires_grad_()
            lead = margin(problem.victim.scores(leaf, part), problem.labels[part]).sum()
            gradient = torch.autograd.grad(lead, leaf)[0].flatten(1)
        none[part] = ~torch.isfinite(gradient).all(1) | (gradient == 0).all(1)
    return np.asarray(none.cpu().numpy())
