"""The noise of an audit: a function of its key alone, and normal."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from scipy import stats

from repaudit.contract.base import UnstatedError
from repaudit.contract.contract import Perturbation
from repaudit.contract.task import Unsupported
from repaudit.rerun.noise import NormalSource, Stream, noise_dtype

CPU = torch.device("cpu")
STREAM = Stream(bytes(32), "main", "seed-0", "yes_0000.flac", 0, "certification")


def drawn(key: bytes, *shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return NormalSource(CPU).fill(torch.empty(shape, dtype=dtype), key)


def test_the_same_key_gives_the_same_draws_whatever_was_drawn_before() -> None:
    source, first = NormalSource(CPU), drawn(STREAM.key(3), 16, 10)
    source.fill(torch.empty(7, 3), STREAM.key(2))  # 21 draws leave half a Box-Muller pair behind

    assert torch.equal(source.fill(torch.empty(16, 10), STREAM.key(3)), first)


@pytest.mark.parametrize(
    "change",
    [
        {"seed": bytes([1] * 32)},
        {"evaluation": "other"},
        {"checkpoint": "seed-1"},
        {"example_id": "yes_0001.flac"},
        {"repeat": 1},
        {"phase": "selection"},
    ],
)
def test_everything_that_names_a_stream_changes_its_key(change: dict[str, Any]) -> None:
    assert replace(STREAM, **change).key(0) != STREAM.key(0)


def test_neighbouring_fields_cannot_stand_in_for_each_other() -> None:
    moved = replace(STREAM, evaluation="mains", checkpoint="eed-0")

    assert moved.key(0) != STREAM.key(0)


def test_blocks_of_a_stream_differ() -> None:
    assert len({STREAM.key(block) for block in range(100)}) == 100


def test_keys_that_agree_in_their_first_bytes_still_draw_other_noise() -> None:
    # A CPU generator that was only seeded would read 32 bits of the key.
    key = STREAM.key(0)

    assert not torch.equal(drawn(key, 100), drawn(key[:-1] + bytes([key[-1] ^ 1]), 100))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_draws_are_standard_normal_and_independent_between_blocks(dtype: torch.dtype) -> None:
    blocks = torch.stack([drawn(STREAM.key(i), 1000, dtype=dtype) for i in range(100)]).double()

    assert stats.kstest(blocks.flatten().numpy(), "norm").pvalue > 1e-3
    # Correlations of 1000 pairs: sd .0316; 4950 of them stay below 5 sd with probability .997.
    assert float(torch.corrcoef(blocks).triu(1).abs().max()) < 5 / 1000**0.5


def test_noise_narrower_than_float32_is_refused() -> None:
    perturbation = Perturbation.model_validate(
        {"law": "gaussian", "norm": "l2", "location": "input", "dtype": "bfloat16"}
    )
    with pytest.raises(Unsupported, match="rounded away"):
        noise_dtype(perturbation)


def test_an_unstated_arithmetic_of_the_addition_cannot_be_run() -> None:
    perturbation = Perturbation.model_validate(
        {"law": "gaussian", "norm": "l2", "location": "input", "dtype": "unstated"}
    )
    with pytest.raises(UnstatedError, match="dtype"):
        noise_dtype(perturbation)
