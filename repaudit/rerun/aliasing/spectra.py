"""Spectra before and after a grid gets coarser: folding, and what is left without it.

Maps are ``[..., grid]``; the last axes are the grid. A spectrum is normalised by the number of
its bins, so that a dense map and its decimated one have the same value at a frequency that does
not fold.

References
    [GKK22]  Grabinski, Keuper and Keuper, Aliasing coincides with CNNs vulnerability towards
             adversarial attacks, AAAI-22 workshop on adversarial machine learning, eq. 3-7.
"""

from collections.abc import Sequence
from math import ceil
from typing import Literal

import torch
from torch import Tensor

Nyquist = Literal["zero", "one_sided", "both"]


def spectrum(maps: Tensor, axes: int) -> Tensor:
    """Return the discrete Fourier transform of the last ``axes`` axes over their size.

    >>> spectrum(torch.tensor([1.0, 1.0]), 1).real.tolist()
    [1.0, 0.0]
    """
    dims = tuple(range(-axes, 0))
    transformed: Tensor = torch.fft.fftn(maps, dim=dims, norm="forward")
    return transformed


def folded(dense: Tensor, strides: Sequence[int]) -> Tensor:
    """Return the spectrum of the decimated maps from that of the dense ones.

    S(k) = sum over j of U(k + jM), with M = N / stride on every axis.

    Shapes
        dense   complex[..., N]
        return  complex[..., N / stride]
    """
    axes = len(strides)
    for axis, stride in zip(range(-axes, 0), strides, strict=True):
        if stride > 1:
            shape = list(dense.shape)
            shape[axis : axis + 1 or None] = [stride, shape[axis] // stride]
            dense = dense.reshape(shape).sum(axis - 1)
    return dense


def alias_free(dense: Tensor, strides: Sequence[int], nyquist: Nyquist) -> Tensor:
    """Return what the decimated maps' spectrum would be if nothing folded.

    U at the signed frequency kappa, |kappa| < M / 2 on every axis that gets coarser. An even M
    has a bin at M / 2 itself: ``zero`` drops it [GKK22, eq. 5], ``one_sided`` takes U(-M / 2),
    ``both`` adds U(M / 2) to that.

    Shapes
        dense   complex[..., N]
        return  complex[..., N / stride]
    """
    axes = len(strides)
    for axis, stride in zip(range(-axes, 0), strides, strict=True):
        if stride > 1:
            dense = _kept(dense, axis, dense.shape[axis] // stride, nyquist)
    return dense


def _kept(dense: Tensor, axis: int, size: int, nyquist: Nyquist) -> Tensor:
    low = dense.narrow(axis, 0, ceil(size / 2))
    high = (size - 1) // 2
    parts = [low]
    if size % 2 == 0:
        negative = dense.narrow(axis, dense.shape[axis] - size // 2, 1)
        if nyquist == "zero":
            parts.append(torch.zeros_like(negative))
        elif nyquist == "one_sided":
            parts.append(negative)
        else:
            parts.append(negative + dense.narrow(axis, size // 2, 1))
    parts.append(dense.narrow(axis, dense.shape[axis] - high, high))
    return torch.cat(parts, axis)


def white_noise_energy(sizes: Sequence[int], strides: Sequence[int]) -> float:
    """Return the alias energy of white noise, 1 - product of kept / (stride M).

    ``sizes`` is M per axis; kept = bins with |kappa| < M / 2, all of them where the stride is 1.

    >>> white_noise_energy([3], [2]), white_noise_energy([3, 3], [2, 2])
    (0.5, 0.75)
    """
    share = 1.0
    for size, stride in zip(sizes, strides, strict=True):
        if stride > 1:
            kept = size - 1 if size % 2 == 0 else size
            share *= kept / (stride * size)
    return 1.0 - share


def hann(sizes: Sequence[int], strides: Sequence[int], like: Tensor) -> Tensor:
    """Return the periodic Hann window of a dense grid, along the axes that get coarser.

    Shapes
        sizes   N per axis
        return  float[grid], broadcast over maps
    """
    window = like.new_ones([1] * len(sizes))
    for axis, (size, stride) in enumerate(zip(sizes, strides, strict=True)):
        if stride > 1:
            shape = [size if other == axis else 1 for other in range(len(sizes))]
            one = torch.hann_window(size, dtype=like.dtype, device=like.device)
            window = window * one.reshape(shape)
    return window


def decimated(maps: Tensor, strides: Sequence[int]) -> Tensor:
    """Return every stride-th value along the last axes, from the first on."""
    for axis, stride in zip(range(-len(strides), 0), strides, strict=True):
        if stride > 1:
            places = torch.arange(0, maps.shape[axis], stride, device=maps.device)
            maps = maps.index_select(axis, places)
    return maps
