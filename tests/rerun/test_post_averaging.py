"""Post-averaging: its points, its three domains, its directions."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from repaudit.contract.base import UnstatedError
from repaudit.contract.task import Unsupported
from repaudit.rerun.noise import NormalSource, Stream
from repaudit.rerun.post_averaging import DOMAINS, average, post_averaging, unit_directions
from tests.rerun.attack_cases import defence
from tests.rerun.engine_cases import SEED


def directions(count: int, size: int, example: str = "a", block: int = 0) -> torch.Tensor:
    stream = Stream(SEED, "main", "a", example, 0, "directions")
    source = NormalSource(torch.device("cpu"))
    return unit_directions(source, stream, block, count, torch.zeros(size))


@pytest.mark.parametrize(("k", "points"), [(6, 37), (15, 91), (30, 181), (60, 361)])
def test_three_multiples_on_both_sides_and_the_centre_are_6k_plus_1_points(
    k: int, points: int
) -> None:
    averaging = post_averaging(defence(directions=k), "logits")

    around = averaging.around(torch.zeros(2, 5), directions(k, 5)[None])

    assert averaging.points == around.shape[1] == points


def test_points_lie_at_thirds_of_the_radius_on_both_sides() -> None:
    averaging = post_averaging(defence(directions=2, radius=6), "logits")
    x, along = torch.randn(3, 40), torch.stack([directions(2, 40, e) for e in "abc"])

    around = averaging.around(x, along) - x[:, None]

    lengths = torch.linalg.vector_norm(around, dim=2)
    expected = [2, 2, 4, 4, 6, 6] * 2 + [0]
    assert torch.allclose(lengths, torch.tensor(expected).float().expand(3, 13), atol=1e-5)
    assert torch.allclose(around.sum(1), torch.zeros(3, 40), atol=1e-5)  # both sides alike
    assert torch.allclose(around[:, 0], 2 * along[:, 0], atol=1e-5)


def test_without_the_centre_there_is_one_point_less() -> None:
    averaging = post_averaging(defence(includes_input=False), "logits")

    around = averaging.around(torch.ones(1, 4), directions(3, 4)[None])

    assert averaging.points == around.shape[1] == 18
    assert not bool((around == 1.0).all(2).any())


def test_the_three_domains_are_three_classifiers() -> None:
    # One point certain of class 0 by 9, two sure of class 1 by 2: probabilities .9999 and .88.
    scores = torch.tensor([[[9.0, 0.0], [0.0, 2.0], [0.0, 2.0]]])
    found = {domain: average(scores, domain)[0] for domain in DOMAINS}

    p = [math.exp(9) / (math.exp(9) + 1), 1 / (1 + math.exp(2)), 1 / (1 + math.exp(2))]
    assert float(found["softmax"][0]) == pytest.approx(math.log(sum(p) / 3))
    assert found["logits"].tolist() == pytest.approx([3.0, 4.0 / 3.0])
    assert found["votes"].tolist() == pytest.approx([1 / 3, 2 / 3])
    assert [int(f.argmax()) for f in found.values()] == [1, 0, 1]


@given(st.integers(1, 7), st.integers(2, 5), st.integers(0, 100))
@settings(max_examples=30, deadline=None)
def test_mean_probabilities_and_votes_sum_to_one(points: int, classes: int, seed: int) -> None:
    scores = torch.randn(3, points, classes, generator=torch.Generator().manual_seed(seed)) * 20

    assert torch.allclose(average(scores, "softmax").exp().sum(1), torch.ones(3), atol=1e-5)
    assert torch.allclose(average(scores, "votes").sum(1), torch.ones(3))


def test_a_point_that_is_not_finite_votes_for_nothing_and_voids_the_means() -> None:
    scores = torch.tensor([[[1.0, 0.0], [float("nan"), 0.0]]])

    assert average(scores, "votes").tolist() == [[0.5, 0.0]]
    assert bool(average(scores, "softmax").isnan().all())


def test_directions_have_length_one_and_are_uniform_on_the_sphere() -> None:
    found = directions(2000, 3)

    lengths = torch.linalg.vector_norm(found, dim=1)
    assert torch.allclose(lengths, torch.ones(2000), atol=1e-6)
    # Archimedes: each coordinate of a uniform point on the 2-sphere is uniform on [-1, 1].
    for axis in range(3):
        assert stats.kstest(found[:, axis].numpy(), stats.uniform(-1, 2).cdf).pvalue > 1e-3


def test_directions_are_a_function_of_their_key() -> None:
    one = directions(4, 10)

    assert torch.equal(one, directions(4, 10))
    for other in (directions(4, 10, "b"), directions(4, 10, block=1)):
        assert abs(float(np.corrcoef(one.flatten(), other.flatten())[0, 1])) < 0.6


def test_classes_cannot_be_averaged_as_scores() -> None:
    with pytest.raises(Unsupported, match="puts out classes"):
        post_averaging(defence(), "class")
    assert post_averaging(defence(domain="votes"), "class").domain == "votes"


def test_an_open_setting_is_no_guess() -> None:
    with pytest.raises(UnstatedError, match=r"defence\.randomness"):
        post_averaging(defence(randomness="unstated"), "logits")
