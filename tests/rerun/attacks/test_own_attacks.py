"""Our own attacks on small networks: they stay inside, climb, and find what is there."""

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from repaudit.rerun.attacks import ATTACKS, Candidates
from repaudit.rerun.attacks.norms import inside_ball, norms_of, on_sphere, project
from repaudit.rerun.attacks.problem import Problem, chunks, losses, margin
from repaudit.rerun.attacks.random_search import share
from tests.rerun.attack_cases import Plain, images, problem, small_network

OURS = ["eot_pgd", "random_search", "random_noise"]


def attacked(name: str, norm: str = "linf", epsilon: float = 0.1) -> tuple[Problem, Candidates]:
    asked = problem(small_network(), images(), name, epsilon, norm)
    return asked, ATTACKS[name](asked)


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_nothing_leaves_the_box_or_the_ball(name: str, norm: str) -> None:
    asked, found = attacked(name, norm, 0.3)

    assert float(found.x.min()) >= 0.0
    assert float(found.x.max()) <= 1.0
    assert bool((norms_of(found.x - asked.x, norm) <= 0.3 * (1 + 1e-5)).all())


@pytest.mark.parametrize("name", OURS)
def test_claims_are_what_the_victim_gets_wrong(name: str) -> None:
    asked, found = attacked(name)

    lead = margin(asked.victim.scores(found.x, torch.arange(6)), asked.labels)
    assert found.claimed.tolist() == (lead > 0).tolist()


def test_following_the_gradient_beats_searching_beats_noise() -> None:
    def loss(name: str) -> float:
        asked, found = attacked(name, epsilon=0.02)
        return float(margin(asked.victim.scores(found.x, torch.arange(6)), asked.labels).mean())

    assert loss("eot_pgd") > loss("random_search") > loss("random_noise")


@pytest.mark.parametrize("name", OURS)
def test_rows_not_worth_attacking_are_left_alone(name: str) -> None:
    asked = problem(small_network(), images(), name, 0.1)
    some = replace(asked, active=torch.tensor([True, False] * 3))

    found = ATTACKS[name](some)

    assert torch.equal(found.x[1::2], some.x[1::2])
    assert not found.claimed[1::2].any()
    nobody = replace(asked, active=torch.zeros(6, dtype=torch.bool))
    assert torch.equal(ATTACKS[name](nobody).x, asked.x)


class Noisy(Plain):
    """Scores with noise of their own at every call."""

    is_random = True

    def __init__(self, network: nn.Module, size: float) -> None:
        super().__init__(network)
        self._size, self._generator = size, torch.Generator().manual_seed(0)
        self.calls = 0

    def scores(self, x: Tensor, rows: Tensor) -> Tensor:
        self.calls += 1
        scores = super().scores(x, rows)
        return scores + self._size * torch.randn(scores.shape, generator=self._generator)


def test_several_draws_are_averaged_per_gradient() -> None:
    asked = problem(small_network(), images(4), "eot_pgd", 0.1, eot_samples=3, steps=5)
    noisy = Noisy(small_network(), 0.0)

    ATTACKS["eot_pgd"](replace(asked, victim=noisy))

    # One group of four rows: three draws in each of five steps, and one look at the end.
    assert noisy.calls == 16


def test_a_lucky_draw_does_not_end_a_search() -> None:
    """Huge noise makes every second score adversarial; an end takes two in a row."""
    asked = problem(small_network(), images(), "random_search", 1e-6, queries=40)

    found = ATTACKS["random_search"](replace(asked, victim=Noisy(small_network(), 100.0)))

    assert bool((norms_of(found.x - asked.x, "linf") <= 1e-6 * 1.1).all())


def test_windows_shrink_as_the_square_attack_s_do() -> None:
    # Square: halved after 10, 50, 200, ... of 10 000 queries, from .8.
    assert [share(q, 10_000) for q in (0, 10, 11, 51, 201, 9999)] == [
        0.8,
        0.8,
        0.4,
        0.2,
        0.1,
        0.8 / 2**8,
    ]
    assert share(51, 1000) == share(510, 10_000)


def test_a_search_moves_segments_of_a_waveform() -> None:
    """One query after the start changes one segment, to epsilon on one side."""
    network = nn.Linear(400, 2).eval().requires_grad_(False)
    x = torch.zeros(3, 400)
    asked = problem(network, x, "random_search", 0.1, queries=2)
    start = ATTACKS["random_search"](
        replace(asked, settings=replace(asked.settings, queries=1), bounds=(-1.0, 1.0))
    )
    asked = problem(network, x, "random_search", 0.1, queries=2)
    moved = ATTACKS["random_search"](replace(asked, bounds=(-1.0, 1.0)))

    for before, after in zip(start.x, moved.x, strict=True):
        changed = (before != after).nonzero()[:, 0]
        if len(changed):
            assert int(changed[-1] - changed[0]) < 320  # 0.8 of 400
            window = after[int(changed[0]) : int(changed[-1]) + 1]
            assert len(window.unique()) == 1


def test_points_of_a_ball_and_its_sphere() -> None:
    normals = torch.randn(2000, 11, generator=torch.Generator().manual_seed(0))
    lengths = norms_of(inside_ball(normals, "l2", 2.0), "l2") / 2.0

    # r^10 of a uniform point of the ball in ten dimensions is uniform.
    assert float((lengths**10).mean()) == pytest.approx(0.5, abs=5 / math.sqrt(12 * 2000))
    assert float(lengths.max()) <= 1.0 + 1e-6
    corner = on_sphere(normals, "linf", 0.5)
    assert corner.abs().unique().tolist() == [0.5]
    assert float(inside_ball(normals, "linf", 0.5).abs().max()) <= 0.5


def test_projection_keeps_what_is_inside() -> None:
    delta = torch.tensor([[3.0, 4.0], [0.3, 0.4]])

    assert project(delta, "l2", 1.0).tolist() == [
        pytest.approx([0.6, 0.8]),
        pytest.approx([0.3, 0.4]),
    ]
    assert project(delta, "linf", 3.5).tolist() == [
        [3.0, 3.5],
        pytest.approx([0.3, 0.4]),
    ]


def test_losses_are_those_of_their_names() -> None:
    scores, labels = torch.tensor([[1.0, 3.0, 0.0]]), torch.tensor([1])

    assert margin(scores, labels).tolist() == [-2.0]
    expected = math.log(math.exp(1) + math.exp(3) + 1) - 3
    assert float(losses(scores, labels, "cross_entropy")[0]) == pytest.approx(expected, rel=1e-6)


def test_chunks_of_no_rows_are_none() -> None:
    assert chunks(torch.zeros(0, 2), 3) == []
    assert [len(part) for part in chunks(torch.zeros(7, 2), 3)] == [3, 3, 1]
