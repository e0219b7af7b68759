"""``repaudit aliasing``: the table, the block, the demonstration."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import repaudit
from tests.studies import some_plan, write_json


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A plan of six clips and the network of the embedded example, without aliasing."""
    write_json(tmp_path / "plan.json", some_plan(tmp_path))
    return tmp_path


@pytest.mark.slow
def test_what_the_file_names_is_measured_and_goes_back_into_it(study: Path) -> None:
    """The block in the file, made original, is reproduced by an audit."""
    ended = repaudit("aliasing", "plan.json", "-o", "block.json", "--quiet", cwd=study)
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert lines[0] == "aliasing, checkpoint seed0: 6 examples, 5 layers measured, 0 not"
    assert [line.split()[0] for line in lines[2:7]] == [
        "pipeline.log_mel",
        *(f"blocks.{i}.3" for i in range(4)),
    ]
    block = json.loads((study / "block.json").read_text(encoding="utf-8"))
    assert len(block["aliasing"]["claims"]) == 20
    plan = json.loads((study / "plan.json").read_text(encoding="utf-8"))
    plan["study"]["kind"] = "original"
    plan |= {"evaluations": block, "contracts": {}, "sampling": {}}
    write_json(study / "results.json", plan)
    audited = repaudit("check", "results.json", "--quiet", "--out", "audit", cwd=study)
    assert audited.returncode == 0, audited.stdout + audited.stderr
    audit = json.loads((study / "audit" / "audit.json").read_text(encoding="utf-8"))
    assert {c["verdict"] for c in audit["comparisons"]} == {"reproduced"}
    assert all(c["recomputed"]["value"] is not None for c in audit["comparisons"])
    assert audit["level"] == "L3"


@pytest.mark.slow
def test_the_demonstration_shows_one_function_and_two_numbers(study: Path) -> None:
    ended = repaudit("aliasing", "plan.json", "--rescale-demo", "--quiet", cwd=study)
    assert (ended.returncode, ended.stderr) == (0, "")
    first, _, _, row, *_ = ended.stdout.splitlines()
    assert first.startswith("blocks.0.1.weight, blocks.0.1.bias times 4, undone in blocks.1.0")
    assert row.split()[0] == "blocks.0.3"
    assert row.split()[3] == "4"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "cnnn"], "--model: expected one of cnn, found cnnn\n  Try: --model cnn"),
        (["--evaluation", "folds"], "--evaluation: expected"),
        (["-o", "/block.json"], "--output: expected a file in the folder of plan.json"),
    ],
)
def test_what_is_not_there_is_refused_before_anything_runs(
    study: Path, arguments: list[str], words: str
) -> None:
    ended = repaudit("aliasing", "plan.json", "--quiet", *arguments, cwd=study)
    assert ended.returncode == 2
    assert words in ended.stderr
    assert ended.stdout == ""
