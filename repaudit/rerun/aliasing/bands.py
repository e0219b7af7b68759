"""A spectrum in a few bands: how far a frequency lies from the middle, in new Nyquists.

The distance of a bin is the largest |kappa_a| / (M_a / 2) over the axes that get coarser: below 1
is what the coarse grid can hold, all the rest folds.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

BANDS = 16
"""bands below the new Nyquist frequency, and as many above it"""


def band_of(sizes: Sequence[int], strides: Sequence[int], device: torch.device) -> Tensor:
    """Return the band of every bin of a dense grid, int64[grid]: 0..31, from 16 on it folds.

    ``sizes`` is M per axis. The bands above are as wide as reaches the old Nyquist frequency.
    """
    distance = torch.zeros([1] * len(sizes), dtype=torch.float64, device=device)
    for axis, (size, stride) in enumerate(zip(sizes, strides, strict=True)):
        if stride > 1:
            kappa = torch.fft.fftfreq(size * stride, 1.0, dtype=torch.float64, device=device)
            shape = [-1 if other == axis else 1 for other in range(len(sizes))]
            distance = torch.maximum(distance, (kappa.abs() * 2.0 * stride).reshape(shape))
    below = (distance * BANDS).long()
    top = max(strides)
    above = BANDS + ((distance - 1.0) / (top - 1.0) * BANDS).long().clamp(0, BANDS - 1)
    # A Nyquist bin is at 1 but for rounding; it is where folding begins.
    bands = torch.where(distance < 1.0 - 1e-9, below, above)
    grid = [size * stride for size, stride in zip(sizes, strides, strict=True)]
    return bands.expand(grid)


def power_in_bands(power: Tensor, bands: Tensor, count: int) -> Tensor:
    """Return the power per band.

    Shapes
        power   float[rows, grid]
        bands   int64[grid]
        return  float64[rows, count]
    """
    rows = power.flatten(1).to(torch.float64)
    total = rows.new_zeros(len(rows), count)
    return total.index_add_(1, bands.reshape(-1), rows)
