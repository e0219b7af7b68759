"""What an attack returns counts only after it was run again."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from repaudit.rerun.attacks.problem import Candidates, Problem
from repaudit.rerun.attacks.verify import Verified, verify
from tests.rerun.attack_cases import images, problem, small_network

EPSILON = 0.1


@pytest.fixture
def asked() -> Problem:
    return problem(small_network(), images(), "fgsm", EPSILON)


def everything_is_wrong(x: Tensor) -> tuple[Tensor, np.ndarray]:
    return torch.ones(len(x), dtype=torch.bool), np.ones(len(x))


def verified(asked: Problem, x: Tensor, claimed: bool = True) -> Verified:
    found = Candidates(x, torch.full((len(x),), claimed))
    return verify(asked, found, everything_is_wrong)


def test_all_zero_inputs_are_never_adversarial(asked: Problem) -> None:
    # A dark image: zeros lie within epsilon of it, and the victim is wrong about them.
    dark = replace(asked, x=asked.x * EPSILON)

    found = verified(dark, torch.zeros_like(asked.x))

    assert not found.adversarial.any()
    assert found.zero.all()
    assert torch.equal(found.x, dark.x)
    assert found.length.tolist() == [0.0] * len(asked.x)


def test_the_clean_input_is_never_adversarial(asked: Problem) -> None:
    found = verified(asked, asked.x.clone())

    assert not found.adversarial.any()
    assert found.zero.all()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_is_dropped(asked: Problem, value: float) -> None:
    x = asked.x + 0.05
    x[0, 0, 0, 0] = value

    found = verified(asked, x)

    assert found.adversarial.tolist() == [False] + [True] * 5
    assert found.outside.tolist() == [True] + [False] * 5
    assert bool(torch.isfinite(found.x).all())


def test_what_lies_outside_of_epsilon_is_dropped(asked: Problem) -> None:
    x = asked.x + 0.05
    x[2, 0, 0, 0] = asked.x[2, 0, 0, 0] + 1.001 * EPSILON

    found = verified(asked, x)

    assert found.adversarial.tolist() == [True, True, False, True, True, True]
    assert float(found.length[2]) == 0.0
    assert float(found.tried[2]) == pytest.approx(1.001 * EPSILON, rel=1e-4)


def test_rounding_at_the_edge_is_not_outside(asked: Problem) -> None:
    # (x + eps) - x in float32 may exceed eps by an ulp of x.
    assert verified(asked, asked.x + EPSILON).adversarial.all()


def test_misclassified_examples_are_left_alone(asked: Problem) -> None:
    some = replace(asked, active=torch.tensor([True, False] * 3))

    found = verified(some, asked.x + 0.05)

    assert found.adversarial.tolist() == [True, False] * 3
    assert found.claimed.tolist() == [True, False] * 3


def test_only_what_the_victim_gets_wrong_again_counts(asked: Problem) -> None:
    def judge(x: Tensor) -> tuple[Tensor, np.ndarray]:
        return torch.arange(len(x)) < 2, np.ones(len(x))

    found = verify(asked, Candidates(asked.x + 0.05, torch.ones(6, dtype=torch.bool)), judge)

    assert found.adversarial.tolist() == [True, True, False, False, False, False]
    assert (found.claimed & ~found.adversarial).sum() == 4


def test_an_input_that_the_attack_did_not_claim_counts_when_it_is_wrong(asked: Problem) -> None:
    assert verified(asked, asked.x + 0.05, claimed=False).adversarial.all()
