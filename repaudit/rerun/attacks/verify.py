"""Nothing an attack returns is believed: every candidate is run again before it counts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from repaudit.rerun.attacks.norms import norms_of, tolerance
from repaudit.rerun.attacks.problem import Candidates, Problem

Judge = Callable[[Tensor], tuple[Tensor, NDArray[np.float64]]]


@dataclass(frozen=True)
class Verified:
    """The attacked block: adversarial inputs where there are any, the clean ones elsewhere."""

    x: Tensor
    """[B, ...]"""
    adversarial: Tensor
    """bool[B]"""
    length: Tensor
    """float64[B], of the perturbation in the threat model's norm; 0 where nothing was replaced"""
    tried: Tensor
    """float64[B], length of the candidate, also of one that was dropped"""
    claimed: Tensor
    """bool[B], what the attack called adversarial among the rows worth attacking"""
    zero: Tensor
    """bool[B], claimed rows that are the clean input, or all zero"""
    outside: Tensor
    """bool[B], claimed rows outside of epsilon, or not finite"""
    margin: NDArray[np.float64]
    """f64[B], of the victim's output for the candidate, relative"""


def verify(problem: Problem, found: Candidates, judge: Judge) -> Verified:
    """Return what is left of the candidates.

    ``judge`` says of inputs [B, ...] which the victim, run again in eval mode, misclassifies,
    and by what margin.
    Dropped: rows that were wrong already, that did not change or are all zero, that are not
    finite or lie outside of epsilon, and those that the victim gets right after all.
    """
    settings = problem.settings
    delta = found.x - problem.x
    tried = norms_of(delta, settings.norm)
    is_zero = (tried == 0) | (found.x.flatten(1) == 0).all(1)
    is_outside = ~(tried <= settings.epsilon + tolerance(problem.x, settings.epsilon))
    usable = problem.active & ~is_zero & ~is_outside
    kept = _where(usable, found.x, problem.x)
    is_wrong, margin = judge(kept)
    adversarial = usable & is_wrong
    claimed = found.claimed & problem.active
    return Verified(
        x=_where(adversarial, kept, problem.x),
        adversarial=adversarial,
        length=torch.where(adversarial, tried, 0.0),
        tried=tried,
        claimed=claimed,
        zero=claimed & is_zero,
        outside=claimed & ~is_zero & is_outside,
        margin=margin,
    )


def _where(rows: Tensor, yes: Tensor, no: Tensor) -> Tensor:
    return torch.where(rows.reshape(-1, *[1] * (yes.dim() - 1)), yes, no)
