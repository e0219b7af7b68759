"""Curves along K, r and epsilon: one attack, one defence, one setting at a time."""

from pathlib import Path

import pytest

from repaudit.evidence.tables import EmpiricalRecords
from repaudit.rerun.attacks.curves import curve, with_setting
from tests.rerun.attack_cases import MARGINS, attack, defence, some_points, task, threat
from tests.rerun.engine_cases import SEED


def test_a_linear_network_falls_further_with_epsilon(tmp_path: Path) -> None:
    study = some_points(tmp_path)
    one = task(study, {"fgsm": attack("fgsm")}, threat=threat(0.1, "l2"), defence=defence())

    points = curve(study.engine(), one, "epsilon", ["0.03", "0.15", "0.6"], SEED)

    # l2 reach is epsilon itself; the last margin's example is wrong from the start.
    expected = [sum(abs(m) < e for m in MARGINS[:-1]) for e in (0.03, 0.15, 0.6)]
    assert [point.run.summary["adversarial examples"] for point in points] == expected
    assert [point.value for point in points] == ["0.03", "0.15", "0.6"]


def test_along_the_directions_the_attack_stays_the_same(tmp_path: Path) -> None:
    study = some_points(tmp_path)
    one = task(study, {"fgsm": attack("fgsm")}, threat=threat(0.1, "l2"), defence=defence())

    points = curve(study.engine(), one, "directions", [1, 6, 15], SEED)

    counts = [point.run.summary["forwards per defended prediction"] for point in points]
    assert counts == [7, 37, 91]
    attacked = []
    for point in points:
        assert isinstance(point.run.records, EmpiricalRecords)
        assert point.run.records.base_attacked is not None
        attacked.append(point.run.records.base_attacked.tolist())
    assert attacked[0] == attacked[1] == attacked[2]


def test_the_radius_is_that_of_the_defence(tmp_path: Path) -> None:
    one = task(some_points(tmp_path), {}, threat=None, defence=defence(radius=1))

    changed = with_setting(one, "radius", "2.5")

    assert changed.defence is not None
    assert float(changed.defence.radius) == 2.5  # type: ignore[arg-type]


def test_a_setting_that_is_not_there_cannot_be_varied(tmp_path: Path) -> None:
    study = some_points(tmp_path)
    with pytest.raises(ValueError, match="a task with attacks"):
        with_setting(task(study, {}, threat=None), "epsilon", "1")
    with pytest.raises(ValueError, match="a task with a defence"):
        with_setting(task(study, {}), "radius", "1")
