"""An author's sampler with a planted fault is caught; white Gaussian noise is not, 200 times."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from repaudit.rerun.probes import probe_sampler
from tests.rerun.probes.planted import codes, judged

Sample = Callable[[Tensor, int], Tensor]
SIGMA = 0.0025
LENGTH, SPOKEN = 4000, 3000
"""samples of a clip, and those before its padding"""


def clips(channels: int = 2) -> Tensor:
    """Four tones in hum at RMS 1, zero padded, as the paper's: sigma is a 400th of it."""
    generator = torch.Generator().manual_seed(0)
    time = torch.arange(SPOKEN) * torch.tensor([0.05, 0.2, 0.7, 1.9])[:, None]
    tones = torch.sin(time)[:, None] + 0.2 * torch.randn(4, channels, SPOKEN, generator=generator)
    padded = torch.nn.functional.pad(tones, (0, LENGTH - SPOKEN))
    return padded / padded.square().mean((1, 2), keepdim=True).sqrt()


def sound(seed: int = 0, sigma: float = SIGMA) -> Sample:
    generator = torch.Generator().manual_seed(seed)
    return lambda x, n: x + sigma * torch.randn((n, *x.shape[1:]), generator=generator)


def in_bfloat16() -> Sample:
    generator = torch.Generator().manual_seed(0)

    def sample(x: Tensor, n: int) -> Tensor:
        noise = SIGMA * torch.randn((n, *x.shape[1:]), generator=generator)
        return x.bfloat16() + noise.bfloat16()

    return sample


def seeded_in_the_loop() -> Sample:
    return lambda x, n: sound(seed=0)(x, n)


def uniform() -> Sample:
    generator = torch.Generator().manual_seed(0)
    width = SIGMA * 12**0.5  # the same standard deviation
    return lambda x, n: x + width * (torch.rand((n, *x.shape[1:]), generator=generator) - 0.5)


def coloured() -> Sample:
    generator = torch.Generator().manual_seed(0)

    def sample(x: Tensor, n: int) -> Tensor:
        white = torch.randn((n, *x.shape[1:-1], x.shape[-1] + 1), generator=generator)
        return x + SIGMA * (0.995 * white[..., 1:] + 0.0999 * white[..., :-1])

    return sample


def before_padding() -> Sample:
    inner = sound()
    return lambda x, n: torch.where(x != 0, inner(x, n), x)


def shared_by_channels() -> Sample:
    inner = sound()
    return lambda x, n: x + inner(torch.zeros_like(x[:, :1]), n)


def shared_by_rows() -> Sample:
    """Rows that are half one common noise, and not equal."""
    generator = torch.Generator().manual_seed(0)

    def sample(x: Tensor, n: int) -> Tensor:
        own = torch.randn((n, *x.shape[1:]), generator=generator)
        common = torch.randn(x.shape, generator=generator)
        return x + SIGMA * (own + common) / 2**0.5

    return sample


def shared_by_examples() -> Sample:
    """The generator is set back for every example: each certificate stands, the table does not."""
    generator = torch.Generator()
    last: list[Tensor] = []

    def sample(x: Tensor, n: int) -> Tensor:
        if not last or not torch.equal(last[-1], x):
            generator.manual_seed(0)
            last.append(x)
        return x + SIGMA * torch.randn((n, *x.shape[1:]), generator=generator)

    return sample


def with_nan() -> Sample:
    return lambda x, n: sound()(x, n) * torch.where(x == x.max(), torch.nan, 1.0)


def heavy_tailed() -> Sample:
    """Now and then a louder row: the mean power is right."""
    generator = torch.Generator().manual_seed(0)

    def sample(x: Tensor, n: int) -> Tensor:
        level = torch.where(torch.rand((n, 1, 1), generator=generator) < 0.5, 0.6, 1.28**0.5 * 1.13)
        return x + SIGMA * level * torch.randn((n, *x.shape[1:]), generator=generator)

    return sample


PLANTED = {
    "addition in bfloat16": (in_bfloat16(), {"RA923": "warning"}),
    "seed reset inside the loop": (seeded_in_the_loop(), {"RA912": "error"}),
    "uniform law": (uniform(), {"RA911": "warning"}),
    "coloured by a tenth": (coloured(), {"RA911": "warning"}),
    "none on the padding": (before_padding(), {"RA911": "warning"}),
    "one for both channels": (shared_by_channels(), {"RA911": "warning"}),
    "half in common between rows": (shared_by_rows(), {"RA911": "warning"}),
    "the same for every example": (shared_by_examples(), {"RA911": "warning"}),
    "not finite": (with_nan(), {"RA911": "warning"}),
    "rows of two levels": (heavy_tailed(), {"RA911": "warning"}),
    "twice sigma": (sound(sigma=2 * SIGMA), {"RA910": "warning"}),
    "one per cent above sigma": (sound(sigma=1.01 * SIGMA), {"RA910": "warning"}),
    "no noise": (lambda x, n: x.expand(n, *x.shape[1:]), {"RA911": "warning"}),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_faulty_sampler_is_caught_for_what_it_is(fault: str) -> None:
    sample, expected = PLANTED[fault]
    found = codes(probe_sampler(sample, clips(), SIGMA))
    if fault == "rows of two levels":
        found.pop("RA910", None)  # the levels' powers average to about 1, not exactly
    assert found == expected


def test_what_was_lost_is_counted_as_the_type_rounds() -> None:
    (probe,) = probe_sampler(in_bfloat16(), clips(), SIGMA)
    assert probe.numbers["significant_bits"] == 8
    # RMS 1 and sigma .0025: between a quarter and a half, as the standard says.
    assert 0.15 < float(probe.numbers["lost"] or 0) < 0.5


def test_all_repeats_are_counted() -> None:
    (probe,) = probe_sampler(seeded_in_the_loop(), clips(), SIGMA)
    # Four calls per example draw one block.
    assert probe.numbers["repeated_rows"] == int(probe.numbers["rows"] or 0) * 3 / 4


def test_the_padding_that_no_noise_reaches_is_measured() -> None:
    (probe,) = probe_sampler(before_padding(), clips(), SIGMA)
    assert probe.numbers["untouched"] == (LENGTH - SPOKEN) / LENGTH


@pytest.mark.parametrize("shape", [(4000,), (2, 500), (3, 32, 32), (1, 40, 101), (8,), (1,)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_white_noise_passes_in_every_shape(shape: tuple[int, ...], dtype: torch.dtype) -> None:
    clean = torch.rand((3, *shape), generator=torch.Generator().manual_seed(1), dtype=dtype)
    sample = sound(sigma=0.25)
    assert codes(probe_sampler(lambda x, n: sample(x, n).to(dtype), clean, 0.25)) == {}


@pytest.mark.slow
def test_white_noise_passes_two_hundred_times() -> None:
    # Six standard deviations: 2e-9 per statistic, so one alarm in 200 is a fault of the probe.
    clean = clips(1)[:, :, 2500:3500]
    alarms = [
        seed
        for seed in range(200)
        if judged(probe_sampler(sound(seed), clean, SIGMA, values=1 << 15))
    ]
    assert alarms == []


@pytest.mark.slow
def test_scores_of_white_noise_have_the_spread_that_they_say() -> None:
    """Each is a standard normal: 200 of them have a standard deviation of 1 within 5 sd."""
    names = ("std_score", "mean_score", "skewness_score", "kurtosis_score")
    clean = torch.zeros(2, 500)
    scores = torch.tensor(
        [
            [float(probe_sampler(sound(seed), clean, SIGMA, values=1 << 14)[0].numbers[n] or 0)
             for n in names]
            for seed in range(200)
        ]
    )  # fmt: skip
    assert bool(((scores.std(0) - 1).abs() < 5 / 400**0.5).all())
    assert bool((scores.mean(0).abs() < 5 / 200**0.5).all())


def test_copies_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="expected copies"):
        probe_sampler(lambda x, n: x, torch.zeros(1, 4000), SIGMA)


def test_nothing_to_ask_about_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an example"):
        probe_sampler(sound(), torch.zeros(0, 4000), SIGMA)
