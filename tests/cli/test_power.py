"""``repaudit power``: on a plan and on a finished file, in three formats, without torch."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import WIDTH, repaudit
from tests.cli.test_commands import modules


def said(folder: Path, *arguments: str) -> dict:
    ended = repaudit("power", *arguments, "--format", "json", cwd=folder)
    assert (ended.returncode, ended.stderr) == (0, "")
    found: dict = json.loads(ended.stdout)
    return found


def test_a_plan_is_answered_for_three_populations_and_a_file_from_its_counts(study: Path) -> None:
    assert said(study, "plan.json")["assumptions"] == ["SC", "ESC", "HARD"]
    assert said(study, "results.json")["assumptions"] == ["released counts"]


def test_every_claim_has_an_answer_or_a_reason(study: Path) -> None:
    for name in ("plan.json", "results.json"):
        for table in said(study, name)["tables"]:
            assert table["rows"] or table["reason"]
            for row in table["rows"]:
                assert row["reason"] or all(
                    answer["reason"] or answer["detected"] is not None for answer in row["answers"]
                )


def test_plan_and_file_have_the_same_tests(study: Path) -> None:
    # the claims of the certification but its base accuracy, its counts, and those of the geometry
    plan = json.loads((study / "plan.json").read_text(encoding="utf-8"))["evaluations"]
    certified, geometry = (plan[name]["claims"] for name in ("waveform-high", "clip-geometry"))
    expected = len(certified) - 1 + 1 + len(geometry)
    assert [said(study, name)["tests"] for name in ("plan.json", "results.json")] == [expected] * 2


def test_text_fits_a_terminal_and_names_every_claim(study: Path) -> None:
    ended = repaudit("power", "plan.json", cwd=study)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert max(map(len, ended.stdout.splitlines())) <= WIDTH
    joined = " ".join(ended.stdout.split())
    assert "positive-radius accuracy" in joined
    assert "clean accuracy of the base classifier: without randomness" in joined
    assert "clip-geometry: how much a geometry varies" in joined


def test_markdown_is_a_table_that_goes_to_a_file(study: Path) -> None:
    ended = repaudit("power", "results.json", "--format", "markdown", "-o", "p.md", cwd=study)
    assert (ended.returncode, ended.stdout) == (0, "")
    rows = [
        line
        for line in (study / "p.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    assert len({line.count("|") for line in rows}) == 1


def test_wider_margin_costs_less_by_sample(study: Path) -> None:
    strict, wide = (
        said(study, "plan.json", "--margin", f"accuracy={points}")["tables"][0]["costs"][0]
        for points in ("1", "60")
    )
    assert strict["full"] == wide["full"]
    assert wide["examples"] is None or wide["examples"] <= strict["examples"]


def test_what_cannot_be_read_is_said_and_the_populations_stand_in(study: Path) -> None:
    (counts,) = (study / "evidence").glob("waveform-high*")
    counts.write_text("spoilt\n", encoding="utf-8")
    found = said(study, "results.json")
    assert "released counts were not read" in found["tables"][0]["words"]
    assert found["assumptions"] == ["SC", "ESC", "HARD"]


def changed(study: Path, **patch: object) -> str:
    """What is said, on one line, of the plan as a transcription that leaves something open."""
    plan = json.loads((study / "plan.json").read_text(encoding="utf-8"))
    plan["study"] = {"title": "A table of a paper", "kind": "transcription"}
    plan["data"]["test"].update(patch.pop("data", {}))
    plan["sampling"]["mc"].update(patch)
    for evaluation in plan["evaluations"].values():
        evaluation["claims"] = evaluation["claims"][:1]
        evaluation["claims"][0]["value"] = "80.00"
    (study / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    ended = repaudit("power", "plan.json", cwd=study)
    assert (ended.returncode, ended.stderr) == (0, "")
    return " ".join(ended.stdout.split())


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ({"data": {"examples": "unstated"}}, "the number of examples is unstated"),
        ({"n": "unstated"}, "n is unstated"),
        ({"bound": "hoeffding"}, "the bound hoeffding is not computed by this version"),
        ({"n": 9}, "9 draws certify nothing at alpha 0.001"),
    ],
)
def test_what_cannot_be_said_has_its_reason(study: Path, patch: dict, reason: str) -> None:
    assert f"waveform-high: {reason}" in changed(study, **patch)


@pytest.mark.parametrize("name", ["plan.json", "results.json"])
def test_power_loads_no_torch(study: Path, name: str) -> None:
    heavy = {"torch", "torchaudio", "soundfile", "safetensors", "scipy.stats"}
    assert modules(["power", name], study) & heavy == set()
