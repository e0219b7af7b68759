"""Aliasing by its definition: sums of exponentials, and operations as loops. Slow and obvious."""

import cmath
import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Spectrum = NDArray[np.complex128]


def dft(values: Array) -> Spectrum:
    """Return sum_n x(n) exp(-2 pi i k n / N) / N along every axis."""
    found: Spectrum = values.astype(np.complex128)
    for axis, size in enumerate(values.shape):
        matrix = np.array(
            [[cmath.exp(-2j * math.pi * k * n / size) for n in range(size)] for k in range(size)]
        )
        found = np.moveaxis(np.tensordot(matrix, found, (1, axis)), 0, axis) / size
    return found


def alias_free(dense: Spectrum, strides: Sequence[int], nyquist: str) -> Spectrum:
    """Return U at the signed frequencies below M / 2, bin by bin (S3 eq. 5 and 6)."""
    sizes = [n // s for n, s in zip(dense.shape, strides, strict=True)]
    found = np.zeros(sizes, np.complex128)
    for k in itertools.product(*map(range, sizes)):
        found[k] = sum(
            dense[kappa] for kappa in itertools.product(*_kept(k, sizes, strides, nyquist))
        )
    return found


def _kept(
    k: Sequence[int], sizes: Sequence[int], strides: Sequence[int], nyquist: str
) -> list[list[int]]:
    """Return per axis the dense bins that a coarse bin keeps."""
    kept = []
    for index, size, stride in zip(k, sizes, strides, strict=True):
        if stride == 1:
            kept.append([index])
        elif 2 * index == size:
            sides = {"zero": [], "one_sided": [-index], "both": [-index, index]}
            kept.append(sides[nyquist])
        else:
            kept.append([index if 2 * index < size else index - size])
    return kept


def sums(dense: Array, strides: Sequence[int], nyquist: str) -> dict[str, float]:
    """Return the sums of one map."""
    coarse = dense[tuple(slice(None, None, s) for s in strides)]
    s, u0 = dft(coarse), alias_free(dft(dense), strides, nyquist)
    values = {"difference": s - u0, "strided": s, "alias_free": u0}
    return {
        f"{name}_{kind}": float(np.sum(np.abs(v) ** power))
        for kind, v in values.items()
        for name, power in (("abs", 1), ("sq", 2))
    }


def convolution(
    source: Array,
    weight: Array,
    bias: Array,
    padding: Sequence[int],
    dilation: Sequence[int],
    groups: int,
    grid: Sequence[int],
) -> Array:
    """Return a convolution of one example at stride 1, ``[outputs, grid]``; 0 outside."""
    outputs, inputs = weight.shape[:2]
    found = np.zeros((outputs, *grid))
    for o in range(outputs):
        first = o // (outputs // groups) * inputs
        for place in itertools.product(*map(range, grid)):
            total = bias[o]
            for i in range(inputs):
                for tap in itertools.product(*map(range, weight.shape[2:])):
                    at = [
                        p - pad + d * t
                        for p, pad, d, t in zip(place, padding, dilation, tap, strict=True)
                    ]
                    if _inside(at, source.shape[1:]):
                        total += weight[(o, i, *tap)] * source[(first + i, *at)]
            found[(o, *place)] = total
    return found


def pooling(
    source: Array,
    kernel: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    grid: Sequence[int],
    reduce: Callable[[list[float], int], float],
) -> Array:
    """Return a pooling of one example at stride 1.

    ``reduce`` gets the values inside the map and the number of places in the window.
    """
    found = np.zeros((source.shape[0], *grid))
    for c, *place in itertools.product(range(source.shape[0]), *map(range, grid)):
        values = []
        for tap in itertools.product(*map(range, kernel)):
            at = [
                p - pad + d * t for p, pad, d, t in zip(place, padding, dilation, tap, strict=True)
            ]
            if _inside(at, source.shape[1:]):
                values.append(float(source[(c, *at)]))
        found[(c, *place)] = reduce(values, math.prod(kernel))
    return found


def _inside(at: Sequence[int], shape: Sequence[int]) -> bool:
    return all(0 <= place < size for place, size in zip(at, shape, strict=True))
