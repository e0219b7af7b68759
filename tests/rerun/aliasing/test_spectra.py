"""The measure on maps whose aliasing is known, and against naive sums."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from repaudit.rerun.aliasing.bands import BANDS, band_of
from repaudit.rerun.aliasing.slicing import Slicing
from repaudit.rerun.aliasing.spectra import (
    alias_free,
    decimated,
    folded,
    spectrum,
    white_noise_energy,
)
from repaudit.rerun.aliasing.sums import SQUARES, SUMS, Settings, Sums, measure
from tests.oracles import aliasing as oracle

GRIDS = [
    ((32,), (2,)),
    ((45,), (3,)),
    ((64,), (4,)),
    ((80,), (5,)),
    ((1600,), (160,)),
    ((16, 16), (2, 2)),
    ((18, 12), (2, 3)),
    ((15, 35), (3, 5)),
    ((16, 9), (4, 1)),
    ((7, 22), (1, 2)),
    ((8, 12, 10), (2, 2, 2)),
    ((6, 9, 4), (2, 3, 1)),
]
"""dense grid and strides: one to three axes, even and odd sizes, unequal strides"""
RULES = ["zero", "one_sided", "both"]


def measured(
    maps: Tensor, strides: tuple[int, ...], nyquist: str = "zero", window: str = "none"
) -> Sums:
    """Return the sums of ``[rows, channels, grid]``, every s-th value of which is taken."""
    return measure(Slicing(maps, strides), decimated(maps, strides), Settings(nyquist, window))


def total(sums: Sums, name: str) -> float:
    return float(sums.totals[name].sum())


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def band_limited(grid: tuple[int, ...], strides: tuple[int, ...]) -> Tensor:
    """Real noise without a frequency that the coarse grid cannot hold."""
    full = torch.fft.fftn(noise(2, 3, *grid), dim=tuple(range(-len(grid), 0)))
    for axis, (size, stride) in enumerate(zip(grid, strides, strict=True)):
        if stride > 1:
            kappa = torch.fft.fftfreq(size, 1.0 / size, dtype=torch.float64)
            kept = (kappa.abs() < size / stride / 2).to(torch.float64)
            full = full * kept.reshape([-1 if a == axis else 1 for a in range(len(grid))])
    return torch.fft.ifftn(full, dim=tuple(range(-len(grid), 0))).real


@pytest.mark.parametrize(("grid", "strides"), GRIDS)
@pytest.mark.parametrize("nyquist", RULES)
def test_band_limited_maps_do_not_alias(
    grid: tuple[int, ...], strides: tuple[int, ...], nyquist: str
) -> None:
    sums = measured(band_limited(grid, strides), strides, nyquist)
    assert total(sums, "abs_difference") <= 1e-12 * total(sums, "abs_strided")
    assert total(sums, "sq_difference") <= 1e-24 * total(sums, "sq_strided")


@pytest.mark.parametrize(("grid", "strides"), GRIDS)
def test_a_tone_at_three_quarters_of_the_old_nyquist_aliases_fully(
    grid: tuple[int, ...], strides: tuple[int, ...]
) -> None:
    axis = next(a for a, stride in enumerate(strides) if stride > 1)
    kappa = round(0.75 * grid[axis] / 2)
    wave = torch.cos(
        2 * math.pi * kappa * torch.arange(grid[axis], dtype=torch.float64) / grid[axis]
    )
    shape = [-1 if a == axis else 1 for a in range(len(grid))]
    sums = measured(wave.reshape(1, 1, *shape).expand(1, 1, *grid), strides)

    assert total(sums, "sq_difference") / total(sums, "sq_strided") == pytest.approx(1.0, abs=1e-12)
    assert total(sums, "sq_alias_free") <= 1e-24


@pytest.mark.parametrize("size", [16, 32, 64])
def test_white_maps_give_the_closed_form(size: int) -> None:
    """Per bin |S - U0| is Rayleigh: sqrt(3 pi) / 4 / M for the folded three quarters, M^2 bins.

    The bins at the Nyquist frequency fold all four quarters: 2 / sqrt(3) times as much for
    2 M - 1 of M^2 of them, under 2 % of all from M = 16 on.
    """
    maps = noise(4, 4096 // size, 2 * size, 2 * size, seed=size)
    sums = measured(maps, (2, 2))
    am = total(sums, "abs_difference") / (4 * sums.maps)
    assert am == pytest.approx(math.sqrt(3 * math.pi) / 4 * size, rel=0.02)
    energy = total(sums, "sq_difference") / total(sums, "sq_strided")
    assert energy == pytest.approx(white_noise_energy((size, size), (2, 2)), rel=0.02)


@pytest.mark.parametrize(("grid", "strides"), [g for g in GRIDS if math.prod(g[0]) < 600])
@pytest.mark.parametrize("nyquist", RULES)
def test_naive_sums_agree(grid: tuple[int, ...], strides: tuple[int, ...], nyquist: str) -> None:
    maps = noise(1, 2, *grid)
    sums = measured(maps, strides, nyquist)
    expected = [oracle.sums(maps[0, channel].numpy(), strides, nyquist) for channel in range(2)]
    for name in (*SUMS, *SQUARES):
        # float64 sums in another order
        assert total(sums, name) == pytest.approx(sum(e[name] for e in expected), rel=1e-10)


@pytest.mark.parametrize(("grid", "strides"), GRIDS)
def test_the_spectrum_of_every_sth_value_is_the_folded_one(
    grid: tuple[int, ...], strides: tuple[int, ...]
) -> None:
    maps = noise(2, 3, *grid)
    found = folded(spectrum(maps, len(grid)), strides)
    expected = spectrum(decimated(maps, strides), len(grid))
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-14)


def test_what_an_alias_free_spectrum_keeps_is_the_oracles() -> None:
    dense = noise(12, 10).to(torch.complex128)
    for nyquist in RULES:
        expected = oracle.alias_free(dense.numpy(), (2, 5), nyquist)
        np.testing.assert_allclose(alias_free(dense, (2, 5), nyquist).numpy(), expected, atol=1e-15)


def test_a_hann_window_leaves_no_leakage_of_the_edges() -> None:
    """A ramp is smooth but for its edges: it seems to alias without a window, and not with one."""
    ramp = torch.linspace(-1, 1, 256, dtype=torch.float64).reshape(1, 1, -1)
    plain, windowed = measured(ramp, (4,)), measured(ramp, (4,), window="hann")
    energies = [total(s, "sq_difference") / total(s, "sq_strided") for s in (plain, windowed)]
    assert energies[0] > 0.01
    assert energies[1] < 1e-6
    assert total(plain, "hann_difference") / total(plain, "hann_strided") == energies[1]


def test_each_axis_alone_folds_what_it_folds() -> None:
    """A tone that only the second axis cannot hold folds along the second axis alone."""
    places = torch.arange(16, dtype=torch.float64)
    tone = torch.cos(2 * math.pi * places[:, None] / 16) * torch.cos(2 * math.pi * 6 * places / 16)
    sums = measured(tone.reshape(1, 1, 16, 16), (2, 2))
    assert total(sums, "axis0_fold") / total(sums, "axis0_total") <= 1e-24
    assert total(sums, "axis1_fold") / total(sums, "axis1_total") == pytest.approx(1.0)


def test_bands_divide_at_the_new_nyquist_frequency() -> None:
    bands = band_of([8], [4], torch.device("cpu"))
    kappa = torch.fft.fftfreq(32, 1.0 / 32).abs()
    assert bool(((bands < BANDS) == (kappa < 4)).all())
    assert int(bands.max()) == 2 * BANDS - 1


def test_bands_hold_all_energy_and_the_fold_is_where_the_energy_went() -> None:
    sums = measured(noise(2, 3, 24, 20), (2, 4))
    dense = 24 * 20 * float(sums.before.sum())
    assert dense == pytest.approx(float(noise(2, 3, 24, 20).square().sum()), rel=1e-9)  # Parseval
    assert float(sums.after[:, 1].sum()) == pytest.approx(total(sums, "sq_difference"), rel=1e-9)
    assert float(sums.after[:, 0].sum()) == pytest.approx(total(sums, "sq_alias_free"), rel=1e-9)


def test_chunks_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    maps = noise(3, 5, 16, 18)
    whole = measured(maps, (2, 3))
    monkeypatch.setattr("repaudit.rerun.aliasing.sums.CHUNK_VALUES", 700)
    parts = measured(maps, (2, 3))
    for name, expected in whole.totals.items():
        torch.testing.assert_close(parts.totals[name], expected, rtol=1e-12, atol=0)
    torch.testing.assert_close(parts.before, whole.before, rtol=1e-12, atol=0)
