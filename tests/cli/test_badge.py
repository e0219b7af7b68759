"""``repaudit badge`` as a user runs it."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from repaudit.report.formats.json import render
from tests.cli.commands import repaudit
from tests.report.audits import contradicted, honest


@pytest.fixture
def audit(tmp_path: Path) -> Path:
    path = tmp_path / "audit.json"
    path.write_text(render(honest()), encoding="utf-8")
    return path


def test_badge_is_written_where_it_was_asked_for(audit: Path, tmp_path: Path) -> None:
    ended = repaudit("badge", audit, "-o", tmp_path / "badge.svg")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert ET.parse(tmp_path / "badge.svg").getroot().get("aria-label") == "repaudit: L3 reproduced"


def test_badge_of_a_contradicted_file_is_drawn_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    path.write_text(render(contradicted()), encoding="utf-8")
    ended = repaudit("badge", path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ET.fromstring(ended.stdout).get("aria-label") == "repaudit: L0 contradicted"


def test_what_is_no_audit_ends_with_2(tmp_path: Path) -> None:
    other = tmp_path / "results.json"
    other.write_text('{"$schema": "urn:repaudit:results:1"}', encoding="utf-8")
    ended = repaudit("badge", other, "-o", tmp_path / "badge.svg")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "a results file" in ended.stderr
    assert not (tmp_path / "badge.svg").exists()


def test_a_place_that_cannot_be_written_ends_with_2(audit: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    ended = repaudit("badge", audit, "-o", tmp_path / "taken" / "badge.svg")
    assert ended.returncode == 2
    assert "a writable place" in ended.stderr
