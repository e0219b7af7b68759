"""The recorder: an author's votes become evidence, or an error with words."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from repaudit import Recorder
from repaudit._core.errors import InputError
from repaudit.contract.evaluation import EvidenceFile
from repaudit.contract.files import sha256_of
from repaudit.evidence.load import expected_of
from repaudit.evidence.read import read_records
from repaudit.evidence.tables import CertificationRecords
from tests.builders import some_results

SMALL = {"data": {"test": {"examples": 2}}, "sampling": {"mc": {"n0": 10, "n": 100}}}
RESULTS = some_results(**SMALL)


def recorder(path: Path, **options: Any) -> Recorder:
    return Recorder(path, contract=RESULTS, **options)


def read_back(path: Path) -> CertificationRecords:
    """Read a file exactly as an audit does."""
    file = EvidenceFile(path=path.name, sha256=sha256_of(path), format="records")
    found = read_records(path, "records", expected_of(RESULTS, "wave", file))
    assert isinstance(found, CertificationRecords)
    return found


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".npz", ".parquet"])
def test_votes_become_counts_that_the_auditor_reads(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"counts{suffix}"
    with recorder(path) as r:
        r.add("a", 1, [1, 9, 0, 0], [10, 80, 10, 0], norm=3.5, base_class=1)
        r.add("b", 0, [0, 0, 8, 2], [30, 0, 20, 50], norm=4.0, base_class=2)
    found = read_back(path)
    # by hand: b selects class 2, whose label 0 has 30 votes, and class 3 leads in the n draws
    assert found.selected_class.tolist() == [1, 2]
    assert found.hits.tolist() == [80, 20]
    assert found.label_hits.tolist() == [80, 30]
    assert found.draws.tolist() == [100, 100]
    assert found.selection_hits is not None
    assert found.top_class is not None
    assert found.top_hits is not None
    assert found.selection_hits.tolist() == [9, 8]
    assert (found.top_class.tolist(), found.top_hits.tolist()) == ([1, 3], [80, 50])
    assert found.norm is not None
    assert found.norm.tolist() == [3.5, 4.0]
    assert found.checkpoint.tolist() == ["seed0", "seed0"]
    assert r.entry == {"path": path.name, "sha256": sha256_of(path), "format": "records"}


def test_ties_go_to_the_lowest_class(tmp_path: Path) -> None:
    r = recorder(tmp_path / "c.csv")
    r.add("a", 3, [0, 5, 5, 0], [0, 50, 50, 0])
    assert r.records.selected_class.tolist() == [1]


def test_arrays_and_tensors_are_counts_too(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    with recorder(tmp_path / "c.csv") as r:
        r.add("a", 1, np.array([1, 9, 0, 0]), np.array([10.0, 80.0, 10.0, 0.0]))
        r.add("b", 1, torch.tensor([1, 9, 0, 0]), torch.tensor([10, 80, 10, 0]))
    assert read_back(tmp_path / "c.csv").hits.tolist() == [80, 80]


def test_void_votes_stay_in_the_denominator(tmp_path: Path) -> None:
    with recorder(tmp_path / "c.csv") as r:
        r.add("a", 1, [0, 9, 0, 0], [0, 95, 0, 0], void=6)
        r.add("b", 1, [0, 0, 0, 0], [0, 0, 0, 0], void=110)
    found = read_back(tmp_path / "c.csv")
    assert found.void is not None
    assert (found.void.tolist(), found.draws.tolist()) == ([6, 110], [100, 100])
    # as the engine does: nothing was selected, which counts as class 0 without a vote
    assert (found.selected_class.tolist(), found.hits.tolist()) == ([1, 0], [95, 0])


GOOD: tuple[Any, ...] = ("a", 1, [1, 9, 0, 0], [10, 80, 10, 0])


@pytest.mark.parametrize(
    ("arguments", "more", "said"),
    [
        (("a", 1, [1, 8, 0, 0], [10, 80, 10, 0]), {}, "10 selection votes and 100 votes"),
        (("a", 1, [1, 9, 0, 0], [10, 80, 11, 0]), {}, "found 10 and 101"),
        (GOOD, {"void": 1}, "1 of them void"),
        (("a", 1, [1, 9, 0], [10, 80, 10]), {}, "selection_votes: expected 4 counts"),
        (("a", 1, [1, 9, 0, 0], [10, 80, 10]), {}, "votes: expected 4 counts"),
        (("a", 1, [1, 9, 0, 0], [10, 80.5, 9.5, 0]), {}, "whole numbers of at least 0, found 80.5"),
        (("a", 1, [1, 9, 0, 0], [-1, 91, 10, 0]), {}, "whole numbers of at least 0, found -1"),
        (("a", 1, [1, 9, 0, 0], [float("nan"), 90, 10, 0]), {}, "found nan"),
        (("a", 1, [[1, 9, 0, 0]], [10, 80, 10, 0]), {}, "one count per class"),
        (("a", 4, [1, 9, 0, 0], [10, 80, 10, 0]), {}, "label: expected a class from 0 to 3"),
        (("a", "stop", [1, 9, 0, 0], [10, 80, 10, 0]), {}, "expected the index of a class"),
        (GOOD, {"base_class": -1}, "base_class: expected a class"),
        (GOOD, {"checkpoint": "seed1"}, 'checkpoint: expected one of seed0, found "seed1"'),
    ],
)
def test_votes_that_are_not_those_of_the_plan_are_refused_at_once(
    tmp_path: Path, arguments: tuple[Any, ...], more: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError) as caught, recorder(tmp_path / "c.csv") as r:
        r.add(*arguments, **more)
    assert said in str(caught.value)
    assert 'example "a"' in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_example_is_recorded_once(tmp_path: Path) -> None:
    r = recorder(tmp_path / "c.csv")
    r.add(*GOOD)
    with pytest.raises(InputError, match="every example once"):
        r.add(*GOOD)


def test_a_column_is_there_for_every_example_or_for_none(tmp_path: Path) -> None:
    r = recorder(tmp_path / "c.csv")
    r.add(*GOOD)
    with pytest.raises(InputError, match="norm: expected it for every example or none"):
        r.add("b", *GOOD[1:], norm=1.0)


def test_an_error_in_the_loop_leaves_no_file_and_the_old_one_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("yesterday", encoding="utf-8")

    def loop() -> None:
        with recorder(path) as r:
            r.add(*GOOD)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        loop()
    assert [(p.name, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [
        ("c.csv", "yesterday")
    ]


def test_nothing_recorded_is_an_error_and_no_empty_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least one example"), recorder(tmp_path / "c.csv"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_fewer_examples_than_planned_are_written_with_a_warning(tmp_path: Path) -> None:
    r = recorder(tmp_path / "c.csv")
    r.add(*GOOD)
    with pytest.warns(UserWarning, match="1 example recorded, the plan says 2"):
        r.write()
    assert len(read_back(tmp_path / "c.csv")) == 1


def test_what_is_written_is_closed(tmp_path: Path) -> None:
    r = recorder(tmp_path / "c.csv")
    with pytest.raises(InputError, match="has written"):
        _ = r.entry
    r.add(*GOOD)
    r.add("b", *GOOD[1:])
    assert r.write() == r.entry
    with pytest.raises(InputError, match="a recorder that is open"):
        r.add("c", *GOOD[1:])


@pytest.mark.parametrize(
    ("path", "options", "said"),
    [
        ("c.txt", {}, "a suffix of .csv"),
        ("c.csv", {"evaluation": "wav"}, "Try: evaluation='wave'"),
    ],
)
def test_a_recorder_that_could_not_write_is_not_made(
    tmp_path: Path, path: str, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError) as caught:
        recorder(tmp_path / path, **options)
    assert said in str(caught.value)


def test_several_checkpoints_have_to_be_named(tmp_path: Path) -> None:
    checkpoints = [{"id": "s0", "seed": 0}, {"id": "s1", "seed": 1}]
    two = some_results(models={"cnn": {"checkpoints": checkpoints}}, **SMALL)
    r = Recorder(tmp_path / "c.csv", contract=two, checkpoint="s0")
    r.add(*GOOD)
    r.add(*GOOD, checkpoint="s1")
    assert r.records.checkpoint.tolist() == ["s0", "s1"]
    with pytest.raises(InputError, match="expected one of s0, s1, found none"):
        Recorder(tmp_path / "c.csv", contract=two).add(*GOOD)
