"""Lengths, balls and spheres of a threat model: linf and l2 of each row."""

from typing import Literal

import torch
from torch import Tensor

Norm = Literal["linf", "l2"]


def norms_of(rows: Tensor, norm: str) -> Tensor:
    """Return the length of each row of [n, ...], float64[n].

    >>> norms_of(torch.tensor([[3.0, -4.0]]), "l2").item()
    5.0
    """
    flat = rows.flatten(1).to(torch.float64)
    return flat.abs().amax(1) if norm == "linf" else torch.linalg.vector_norm(flat, dim=1)


def project(delta: Tensor, norm: str, epsilon: float) -> Tensor:
    """Return the nearest perturbations within epsilon (linf), or on the way to 0 (l2)."""
    if norm == "linf":
        return delta.clamp(-epsilon, epsilon)
    lengths = norms_of(delta, norm).to(delta.dtype).clamp(min=torch.finfo(delta.dtype).tiny)
    return delta * per_row((epsilon / lengths).clamp(max=1.0), delta)


def steepest(gradient: Tensor, norm: str) -> Tensor:
    """Return the direction of length 1 in which a loss grows most: sign, or the unit gradient."""
    if norm == "linf":
        return gradient.sign()
    lengths = norms_of(gradient, norm).to(gradient.dtype)
    return gradient / per_row(lengths.clamp(min=torch.finfo(gradient.dtype).tiny), gradient)


def inside_ball(normals: Tensor, norm: str, epsilon: float) -> Tensor:
    """Return uniform points of the ball from standard normal draws, [n, 1 + d] → [n, d].

    The first draw of a row gives the radius of an l2 point.
    """
    uniform: Tensor = torch.special.ndtr(normals)
    if norm == "linf":
        return (2.0 * uniform[:, 1:] - 1.0) * epsilon
    direction = steepest(normals[:, 1:], "l2")
    return direction * (uniform[:, :1] ** (1.0 / direction.shape[1]) * epsilon)


def on_sphere(normals: Tensor, norm: str, epsilon: float) -> Tensor:
    """Return uniform points at distance epsilon, corners of the box for linf: [n, d] → [n, d]."""
    return steepest(normals, norm) * epsilon


def per_row(numbers: Tensor, like: Tensor) -> Tensor:
    """Return [n] numbers in the shape that broadcasts over ``like``, [n, ...]."""
    return numbers.reshape(-1, *[1] * (like.dim() - 1))


def tolerance(x: Tensor, epsilon: float) -> Tensor:
    """Return what rounding may add to the length of ``(x + delta) - x``, float64[n]."""
    largest = x.flatten(1).abs().amax(1).to(torch.float64)
    return epsilon * 1e-5 + 4.0 * torch.finfo(x.dtype).eps * largest
