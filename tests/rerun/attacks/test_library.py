"""Attacks of the library behind our door: right on closed forms, and equal to ten plain lines."""

import math
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from repaudit._core.errors import MissingPart
from repaudit.contract.base import UnstatedError
from repaudit.contract.task import Unsupported
from repaudit.evidence.tables import EmpiricalRecords
from repaudit.rerun.attacks import library
from repaudit.rerun.attacks.norms import inside_ball, norms_of
from repaudit.rerun.attacks.settings import settings_of
from tests.oracles.pgd import pgd_linf
from tests.rerun.attack_cases import (
    MARGINS,
    attack,
    images,
    problem,
    small_network,
    some_points,
    task,
    threat,
)
from tests.rerun.engine_cases import SEED

NORMAL_L1 = sum(range(1, 9)) / math.sqrt(sum(k * k for k in range(1, 9)))
"""l1 length of the unit normal (1..8): linf epsilon reaches epsilon times this far"""
RIGHT = MARGINS[:-1]
"""distances of the examples that the network gets right"""


def records_of(
    folder: Path, name: str, epsilon: float, norm: str, **changes: Any
) -> EmpiricalRecords:
    study = some_points(folder)
    one = task(study, {name: attack(name, **changes)}, threat=threat(epsilon, norm))
    found = study.engine().run_task(one, SEED).records
    assert isinstance(found, EmpiricalRecords)
    return found


@pytest.mark.parametrize("name", ["fgsm", "pgd"])
@pytest.mark.parametrize(("norm", "reach"), [("linf", NORMAL_L1), ("l2", 1.0)])
def test_a_linear_network_falls_exactly_within_reach(
    tmp_path: Path, name: str, norm: str, reach: float
) -> None:
    # A start on the far side of the ball needs 2 epsilon of steps.
    more = {"steps": 12, "step_size": "0.03"} if name == "pgd" else {}
    records = records_of(tmp_path, name, 0.12, norm, **more)

    assert records.base_attacked is not None
    turned = (records.base_clean == records.label) & (records.base_attacked != records.label)
    assert turned.tolist() == [abs(m) < 0.12 * reach for m in RIGHT] + [False]


def test_deepfool_ends_just_behind_the_plane(tmp_path: Path) -> None:
    # The distance to the plane, 2 % of overshoot, and 1e-4 over the difference of the weights' 2.
    records = records_of(tmp_path, "deepfool", 10.0, "l2")

    assert records.perturbation_norm is not None
    expected = [1.02 * (abs(margin) + 5e-5) for margin in RIGHT]
    assert records.perturbation_norm[:-1].tolist() == pytest.approx(expected, rel=1e-2)
    assert records.perturbation_norm[-1] == 0.0


def test_a_minimal_attack_counts_within_epsilon_only(tmp_path: Path) -> None:
    records = records_of(tmp_path, "deepfool", 0.15, "l2")

    assert records.base_attacked is not None
    turned = records.base_attacked != records.base_clean
    assert turned.tolist() == [1.02 * abs(m) < 0.15 for m in RIGHT] + [False]


def test_carlini_wagner_ends_beyond_the_plane_and_not_far(tmp_path: Path) -> None:
    records = records_of(tmp_path, "cw_l2", 10.0, "l2", steps=200, restarts=9)

    assert records.perturbation_norm is not None
    # Its steps are a hundredth of a box of 16: 2.2 times the distance at worst.
    norms = records.perturbation_norm[:-1].tolist()
    assert all(abs(m) <= norm <= 2.2 * abs(m) for norm, m in zip(norms, RIGHT, strict=True))


def test_minimal_pgd_finds_the_smallest_of_its_levels(tmp_path: Path) -> None:
    # 32 levels of 0.005625; the first beyond a margin is where it ends.
    records = records_of(tmp_path, "fgsm", 0.18, "l2", objective="min_l2")

    assert records.perturbation_norm is not None
    expected = [0.005625 * math.ceil(abs(m) / 0.005625) if abs(m) < 0.18 else 0.0 for m in RIGHT]
    assert records.perturbation_norm[:-1].tolist() == pytest.approx(expected, rel=1e-4)


def test_the_library_climbs_like_ten_plain_lines() -> None:
    network, x = small_network(), images()
    asked = problem(network, x, "pgd", 0.05)
    again = problem(network, x, "pgd", 0.05)  # with the same draws

    found = library.attack(asked)

    normals = again.normal_rows(torch.arange(len(x)), extra=1)
    start = inside_ball(normals, "linf", 0.05).reshape(x.shape)
    step = asked.settings.step_size
    expected = pgd_linf(network, x, asked.labels, start, 0.05, step, 10, 0.0, 1.0)
    # Where a gradient is nearly 0 its sign may differ by rounding; there is none such here.
    assert torch.allclose(found.x, expected, atol=1e-7)
    assert found.claimed.tolist() == (network(expected).argmax(1) != asked.labels).tolist()


@pytest.mark.parametrize("name", ["fgsm", "pgd"])
@pytest.mark.parametrize("norm", ["linf", "l2"])
def test_nothing_leaves_the_box_or_the_ball(name: str, norm: str) -> None:
    asked = problem(small_network(), images(), name, 0.3, norm)

    found = library.attack(asked)

    assert float(found.x.min()) >= 0.0
    assert float(found.x.max()) <= 1.0
    assert bool((norms_of(found.x - asked.x, norm) <= 0.3 * (1 + 1e-5)).all())


def test_without_the_extra_the_reason_is_the_command_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "foolbox", None)
    study = some_points(tmp_path)

    with pytest.raises(MissingPart, match=r"pip install 'repaudit\[attacks\]'"):
        study.engine().run_task(task(study, {"fgsm": attack("fgsm")}), SEED)


def test_our_own_attacks_need_no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "foolbox", None)
    study = some_points(tmp_path)
    noise = attack("random_noise", target="base")

    assert study.engine().run_task(task(study, {"noise": noise}), SEED).forwards > 0


@pytest.mark.parametrize(
    ("name", "norm", "changes", "words"),
    [
        ("deepfool", "linf", {"objective": "max_loss"}, "deepfool optimises"),
        ("pgd", "linf", {"objective": "min_l2"}, "cannot minimise another norm"),
        ("pgd", "l1", {}, "attacks in l1"),
        ("pgd", "linf", {"loss": "hinge"}, "the loss hinge"),
        ("pgd", "linf", {"target": "smoothed"}, "the smoothed classifier"),
    ],
)
def test_what_is_not_run_says_so(name: str, norm: str, changes: dict[str, str], words: str) -> None:
    with pytest.raises(Unsupported, match=words):
        settings_of("a", attack(name, **changes), norm, 0.1)


def test_an_unstated_target_is_no_guess() -> None:
    with pytest.raises(UnstatedError, match=r"attacks\.a\.target"):
        settings_of("a", attack("pgd", target="unstated"), "linf", 0.1)


def test_absent_hyper_parameters_are_those_of_the_library() -> None:
    foolbox = pytest.importorskip("foolbox")
    given = {"steps": None, "restarts": None}
    ours = {
        (name, norm): settings_of(name, attack(name, **given), norm, 0.3)
        for name, norm in (("pgd", "linf"), ("pgd", "l2"), ("deepfool", "l2"), ("cw_l2", "l2"))
    }
    pgd, l2 = foolbox.attacks.LinfPGD(), foolbox.attacks.L2PGD()
    deepfool, cw = foolbox.attacks.L2DeepFoolAttack(), foolbox.attacks.L2CarliniWagnerAttack()

    assert ours["pgd", "linf"].steps == pgd.steps
    assert ours["pgd", "linf"].step_size == pytest.approx(pgd.rel_stepsize * 0.3)
    assert (ours["pgd", "l2"].steps, ours["pgd", "l2"].step_size) == (
        l2.steps,
        l2.rel_stepsize * 0.3,
    )
    assert (ours["deepfool", "l2"].steps, ours["deepfool", "l2"].loss) == (50, deepfool.loss)
    assert (ours["cw_l2", "l2"].steps, ours["cw_l2", "l2"].restarts) == (
        cw.steps,
        cw.binary_search_steps,
    )
    assert ours["cw_l2", "l2"].step_size == cw.stepsize
