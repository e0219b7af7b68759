"""The upper rungs of the ladder, climbed by whole audits of points beside a plane."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from repaudit._core.errors import InputError
from repaudit.audit.audit import Audit, Level
from repaudit.check import check
from repaudit.check.outputs import write_outputs
from repaudit.verdicts.levels import highest
from tests.check.points import CPU, inflate, point_results

WIDE = {"accuracy": "6", "radius": "20%"}
"""Thirty examples are few: their honest re-runs differ by a point or two."""


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return point_results(tmp_path_factory.mktemp("points"), 40, borderline=0.0)


def audit(path: Path, out: Path, nonce: str, **options: Any) -> Audit:
    found = check(path, replace(CPU, out=out, nonce=nonce * 32, margins=WIDE, **options))
    write_outputs(found, out)
    return found


def rung(found: Audit, name: str) -> Level:
    return next(level for level in found.levels if level.id == name)


@pytest.fixture(scope="module")
def first(points: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("first")
    found = audit(points, out, "1", mode="full", party="lab A")
    assert found.level == "L3"
    return out / "audit.json"


def test_second_party_reaches_the_fourth_level(points: Path, first: Path, tmp_path: Path) -> None:
    found = audit(points, tmp_path, "2", confirm=first, party="lab B")
    assert (found.level, rung(found, "L4").status) == ("L4", "passed")


def test_attacks_that_fail_reach_the_fifth_level(points: Path, first: Path, tmp_path: Path) -> None:
    found = audit(points, tmp_path, "3", confirm=first, party="lab B", falsify=True, attempts=4)
    assert (found.level, rung(found, "L5").status) == ("L5", "passed")
    assert [(f.evaluation, f.attempts, f.flips) for f in found.falsifications] == [("main", 4, [])]


def test_attacks_alone_do_not_skip_a_level(points: Path, tmp_path: Path) -> None:
    found = audit(points, tmp_path, "4", mode="full", falsify=True, attempts=2)
    assert rung(found, "L5").status == "passed"
    assert found.level == highest(found.levels) == "L3"


def test_same_noise_confirms_nothing(points: Path, first: Path, tmp_path: Path) -> None:
    found = audit(points, tmp_path, "1", confirm=first, party="lab B")
    assert rung(found, "L4").status == "not_checked"
    assert "same noise" in rung(found, "L4").reason


def test_file_that_is_no_audit_is_refused_before_anything_runs(
    points: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"results\.json"):
        audit(points, tmp_path / "out", "5", confirm=points)
    assert not (tmp_path / "out").exists()


def test_audit_of_another_file_confirms_nothing(first: Path, tmp_path: Path) -> None:
    other = inflate(point_results(tmp_path, 40, borderline=0.0), every=40)
    found = audit(other, tmp_path / "out", "6", confirm=first, party="lab B")
    assert "another file" in rung(found, "L4").reason


def test_missing_audit_is_refused(points: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        audit(points, tmp_path, "7", confirm=tmp_path / "nowhere.json")
