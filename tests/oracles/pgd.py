"""Projected gradient ascent in ten lines, linf, from a given start [Madry et al. 2018]."""

from collections.abc import Callable

import torch
from torch import Tensor


def pgd_linf(
    network: Callable[[Tensor], Tensor],
    x: Tensor,
    labels: Tensor,
    start: Tensor,
    epsilon: float,
    step: float,
    steps: int,
    low: float,
    high: float,
) -> Tensor:
    adversarial = (x + start).clamp(low, high)
    for _ in range(steps):
        leaf = adversarial.detach().requires_grad_()
        loss = torch.nn.functional.cross_entropy(network(leaf), labels, reduction="sum")
        (gradient,) = torch.autograd.grad(loss, leaf)
        moved = adversarial + step * gradient.sign()
        adversarial = (x + (moved - x).clamp(-epsilon, epsilon)).clamp(low, high)
    return adversarial.detach()
