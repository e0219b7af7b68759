"""How a network is carried out is chosen once, kept, and said."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from repaudit._core.errors import InputError
from repaudit.evidence.tables import CertificationRecords
from repaudit.rerun.engine import Engine
from repaudit.rerun.execution import planner
from repaudit.rerun.execution.book import FOLDER, Choice
from repaudit.rerun.execution.child import ChildFailed, run_child
from repaudit.rerun.execution.compiled import NotCompiled
from repaudit.rerun.execution.execution import CANDIDATES, DECLARED
from tests.rerun.engine_cases import SEED, PointStudy, two_classes
from tests.rerun.speech_case import speech_study

POINTS = np.linspace(-0.6, 0.6, 8).tolist()


def counted(study: PointStudy, engine: Engine, n: int) -> CertificationRecords:
    records = engine.run_task(study.certification(0.5, 10, n), SEED).records
    assert isinstance(records, CertificationRecords)
    return records


def no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise NotCompiled("there is none")

    monkeypatch.setattr("repaudit.rerun.execution.trial.compile_network", refuse)


def test_little_work_is_not_compiled(tmp_path: Path) -> None:
    study, compiler = two_classes(tmp_path, POINTS), "torch._inductor.compile_fx"
    before = compiler in sys.modules  # another test may have compiled
    run = study.engine().run_task(study.certification(0.5, 10, 100), SEED)

    assert run.network is not None
    assert "not compiled" in run.network
    assert (compiler in sys.modules) == before


def test_where_nothing_compiles_the_run_goes_on_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = two_classes(tmp_path, POINTS)
    no_compiler(monkeypatch)
    monkeypatch.setattr(planner, "OPERATIONS_TO_COMPILE", 0.0)

    run = study.engine().run_task(study.certification(0.5, 10, 100), SEED)

    assert run.network is not None
    assert "; not compiled: there is none; " in run.network


def test_a_compiled_network_that_was_asked_for_and_cannot_be_had_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = two_classes(tmp_path, POINTS)
    no_compiler(monkeypatch)

    with pytest.raises(InputError, match="--compile auto"):
        study.engine(compiling="always").ready(study.certification(0.5, 10, 100))


def test_what_was_chosen_is_kept_and_followed(tmp_path: Path) -> None:
    study, task = speech_study(tmp_path)
    first, second = study.engine(), study.engine()
    first.keep_executions(tmp_path / "journal")
    first.ready(task)
    (kept,) = (tmp_path / "journal" / FOLDER).iterdir()
    assert Choice.from_json(json.loads(kept.read_text())).execution in CANDIDATES

    kept.write_text(kept.read_text().replace("true", "false"))
    second.keep_executions(tmp_path / "journal")

    assert second.ready(task).network.execution == DECLARED


def test_a_journal_of_a_compiled_run_is_not_continued_without_a_compiler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, task = speech_study(tmp_path)
    first, second = study.engine(), study.engine()
    first.keep_executions(tmp_path / "journal")
    first.ready(task)
    (kept,) = (tmp_path / "journal" / FOLDER).iterdir()
    kept.write_text(kept.read_text().replace('"compiled": false', '"compiled": true'))
    no_compiler(monkeypatch)
    second.keep_executions(tmp_path / "journal")

    with pytest.raises(InputError, match="--resume"):
        second.ready(task)


def test_another_precision_is_used_where_its_votes_agree(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [-3.0, 2.0, 4.0])
    engine = study.engine(precision="bf16")

    counted(study, engine, 50)
    network = engine.ready(study.certification(0.5, 10, 50)).network

    assert network.execution.precision == "bf16"
    assert "in bf16: " in network.describe
    assert "votes differ" in network.describe


def test_another_precision_that_moves_votes_is_refused_and_moves_no_count(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [0.05, -0.05])
    engine = study.engine(precision="bf16")

    refused, plain = counted(study, engine, 5000), counted(study, study.engine(), 5000)
    network = engine.ready(study.certification(0.5, 10, 5000)).network

    assert network.execution.precision == "declared"
    assert "not in bf16: " in network.describe
    assert refused.hits.tolist() == plain.hits.tolist()


def test_what_was_declared_narrow_stays_as_it_is(tmp_path: Path) -> None:
    study = two_classes(tmp_path, POINTS, dtype="bfloat16")
    network = study.engine(precision="bf16").ready(study.certification(0.5, 10, 50)).network

    assert network.execution.precision == "declared"
    assert "declared in bfloat16, which stays" in network.describe


@pytest.mark.slow
def test_a_compiled_run_gives_the_same_certificates(tmp_path: Path) -> None:
    study, task = speech_study(tmp_path)
    plain, fast = study.engine(compiling="never"), study.engine(compiling="always")

    one, other = (engine.run_task(task, SEED).records for engine in (plain, fast))

    assert fast.ready(task).network.fast is not None
    assert isinstance(one, CertificationRecords)
    assert isinstance(other, CertificationRecords)
    # Votes differ where two logits are equal but for rounding: none of some thousands here.
    assert np.abs(one.hits - other.hits).max() <= 1
    assert one.selected_class.tolist() == other.selected_class.tolist()


def test_each_evaluation_has_a_precision_of_its_own(tmp_path: Path) -> None:
    """What easy inputs allow says nothing of hard ones, in whatever order they come."""
    study = two_classes(tmp_path, [0.05, -0.05, 3.0, -3.0])
    engine = study.engine(precision="bf16")
    easy, hard = (
        study.certification(0.5, 10, n, evaluation=name, only=frozenset(ids))
        for name, n, ids in (("easy", 50, ["2", "3"]), ("hard", 5000, ["0", "1"]))
    )

    found = {task.evaluation: engine.ready(task).network for task in (easy, hard)}

    assert found["easy"].execution.precision == "bf16"
    assert found["hard"].execution.precision == "declared"


def test_nothing_is_imported_from_the_folder_of_the_author(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch.py").write_text("open('was_here', 'w').close()\n")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ChildFailed):
        run_child("repaudit.rerun.execution.compiler", tmp_path / "none.pt2", 120.0)

    assert not (tmp_path / "was_here").exists()
