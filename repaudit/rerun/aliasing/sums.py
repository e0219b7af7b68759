"""The sums that every aliasing measure of one operation is made of, example by example.

Nothing is reported that does not prove itself on the data at hand: the strided output is the
dense twin's every s-th value, and its spectrum is the dense one folded.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from repaudit.rerun.aliasing.bands import BANDS, band_of, power_in_bands
from repaudit.rerun.aliasing.operation import Operation
from repaudit.rerun.aliasing.spectra import (
    Nyquist,
    alias_free,
    decimated,
    folded,
    hann,
    spectrum,
)

CHUNK_VALUES = 1 << 21
"""dense values that are transformed at a time: about 100 MiB with everything made of them"""
MOST_AXES = 3
SUMS = ("abs_difference", "abs_strided", "abs_alias_free")
SQUARES = ("sq_difference", "sq_strided", "sq_alias_free")
HANN = ("hann_difference", "hann_strided")
"""squares under a Hann window, beside the declared window none"""
AXIS = tuple(f"axis{axis}_{side}" for axis in range(MOST_AXES) for side in ("fold", "total"))
"""squares when the grid gets coarser along one axis alone"""
TOTALS = (*SUMS, *SQUARES, *HANN, *AXIS)
ERRORS = ("decimation", "folding")
"""largest error and largest value of both identities"""


@dataclass(frozen=True)
class Settings:
    """What an evaluation declares about the measure."""

    nyquist: Nyquist
    window: str
    """none or hann"""


class Sums:
    """Totals of one operation for some examples; chunks of maps are added in turn."""

    def __init__(self, strides: Sequence[int], sizes: Sequence[int], like: Tensor) -> None:
        """``sizes`` is M per axis; ``like`` is [rows, channels, M], the strided output."""
        rows, device = like.shape[0], like.device
        self.strides, self.sizes, self.maps = tuple(strides), tuple(sizes), like.shape[1]
        self.grid = tuple(s * m for s, m in zip(strides, sizes, strict=True))

        def zeros(*shape: int) -> Tensor:
            return torch.zeros(rows, *shape, dtype=torch.float64, device=device)

        self.totals = {name: zeros() for name in TOTALS}
        self.errors = {name: zeros(2) for name in ERRORS}
        self.before, self.after = zeros(2 * BANDS), zeros(2, BANDS)
        self._bands = band_of(sizes, strides, device)
        self._coarse = alias_free(self._bands, strides, "one_sided").clamp(max=BANDS - 1)

    def add(self, rows: slice, dense: Tensor, strided: Tensor, settings: Settings) -> None:
        """Add some maps of some rows: dense ``[rows, channels, grid]`` and its coarse version."""
        self._check_decimation(rows, dense, strided)
        if settings.window == "hann":
            dense, strided = self._windowed(dense, strided)
        else:
            u, s, kept = self._spectra(*self._windowed(dense, strided), settings.nyquist)
            self._square(rows, "hann_difference", s - kept)
            self._square(rows, "hann_strided", s)
        u, s, kept = self._spectra(dense, strided, settings.nyquist)
        self._check_folding(rows, u, s)
        for name, values in zip(
            ("difference", "strided", "alias_free"), (s - kept, s, kept), strict=True
        ):
            self.totals[f"abs_{name}"][rows] += values.abs().flatten(1).sum(1, dtype=torch.float64)
            self._square(rows, f"sq_{name}", values)
        self._add_axes(rows, u, settings.nyquist)
        self._add_bands(rows, u, s - kept, kept)

    def _windowed(self, dense: Tensor, strided: Tensor) -> tuple[Tensor, Tensor]:
        window = hann(self.grid, self.strides, dense)
        return dense * window, strided * decimated(window, self._window_strides(window))

    def _window_strides(self, window: Tensor) -> tuple[int, ...]:
        return tuple(
            stride if size > 1 else 1
            for stride, size in zip(self.strides, window.shape, strict=True)
        )

    def _spectra(
        self, dense: Tensor, strided: Tensor, nyquist: Nyquist
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return U, S and U0."""
        axes = len(self.strides)
        u = spectrum(dense, axes)
        return u, spectrum(strided, axes), alias_free(u, self.strides, nyquist)

    def _square(self, rows: slice, name: str, values: Tensor) -> None:
        self.totals[name][rows] += _power(values).flatten(1).sum(1, dtype=torch.float64)

    def _add_axes(self, rows: slice, u: Tensor, nyquist: Nyquist) -> None:
        for axis, stride in enumerate(self.strides):
            if stride > 1:
                alone = [s if other == axis else 1 for other, s in enumerate(self.strides)]
                whole = folded(u, alone)
                self._square(rows, f"axis{axis}_fold", whole - alias_free(u, alone, nyquist))
                self._square(rows, f"axis{axis}_total", whole)

    def _add_bands(self, rows: slice, u: Tensor, fold: Tensor, kept: Tensor) -> None:
        self.before[rows] += power_in_bands(_power(u).sum(1), self._bands, 2 * BANDS)
        for side, values in enumerate((kept, fold)):
            self.after[rows, side] += power_in_bands(_power(values).sum(1), self._coarse, BANDS)

    def _check_decimation(self, rows: slice, dense: Tensor, strided: Tensor) -> None:
        self._note(rows, "decimation", decimated(dense, self.strides) - strided, strided)

    def _check_folding(self, rows: slice, u: Tensor, s: Tensor) -> None:
        self._note(rows, "folding", folded(u, self.strides) - s, u)

    def _note(self, rows: slice, name: str, difference: Tensor, scale: Tensor) -> None:
        found = torch.stack(
            [difference.abs().flatten(1).amax(1), scale.abs().flatten(1).amax(1)], 1
        )
        noted = self.errors[name]
        noted[rows] = torch.maximum(noted[rows], found.to(torch.float64))


def measure(operation: Operation, output: Tensor, settings: Settings) -> Sums:
    """Return the sums of one operation over all rows of its output.

    Shapes
        output  float[rows, channels, M], the strided output (or [rows, M], one channel)
    """
    axes = len(operation.strides)
    strided = output.unsqueeze(1) if output.dim() == axes + 1 else output
    sums = Sums(operation.strides, strided.shape[2:], strided)
    for rows, channels in _chunks(strided, math.prod(sums.grid), operation.channel_step):
        dense = operation.dense(rows, channels, sums.grid)
        sums.add(rows, _wide(dense), _wide(strided[rows, channels]), settings)
    return sums


def _chunks(strided: Tensor, values: int, step: int) -> Iterator[tuple[slice, slice]]:
    """Yield rows and channels whose dense maps, of ``values`` values each, fit into a chunk."""
    rows, channels = strided.shape[:2]
    together = max(1, CHUNK_VALUES // (values * channels))
    width = channels
    if values * channels > CHUNK_VALUES:
        width = min(channels, max(1, CHUNK_VALUES // (values * step)) * step)
    for first in range(0, rows, together):
        for channel in range(0, channels, width):
            yield (
                slice(first, min(first + together, rows)),
                slice(channel, min(channel + width, channels)),
            )


def _wide(maps: Tensor) -> Tensor:
    """Return maps in a type that has a Fourier transform."""
    return maps if maps.dtype == torch.float64 else maps.to(torch.float32)


def _power(values: Tensor) -> Tensor:
    parts = torch.view_as_real(values)
    power: Tensor = parts.square().sum(-1)
    return power
