import hashlib
from pathlib import Path

import numpy as np
import pytest

from repaudit.contract.files import HashMismatch, MissingFile, OutsideFolder, Places
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.join import align, concatenate, runs_of, select, take
from repaudit.evidence.load import load_evidence
from repaudit.evidence.tables import CertificationRecords
from repaudit.evidence.write import write_records
from tests.builders import some_certification_records, with_claims

RNG = np.random.default_rng(0)
FIRST = some_certification_records([0.9, 0.8], RNG, checkpoint="seed0")
SECOND = some_certification_records([0.9, 0.8], RNG, checkpoint="seed1", repeat=1)


def test_runs_put_together_are_taken_apart_again() -> None:
    both = concatenate([FIRST, SECOND])
    assert [(r.checkpoint[0], r.repeat[0]) for r in runs_of(both)] == [("seed0", 0), ("seed1", 1)]
    np.testing.assert_array_equal(select(both, checkpoint="seed1").hits, SECOND.hits)
    assert len(select(both, checkpoint="seed1", repeat=0)) == 0


def test_a_column_that_one_part_lacks_is_left_out() -> None:
    bare = CertificationRecords(**{**vars(SECOND), "norm": None})
    assert concatenate([FIRST, bare]).norm is None
    with pytest.raises(ValueError, match="at least one"):
        concatenate([])


def test_tables_are_aligned_by_example_and_run_whatever_their_order() -> None:
    shuffled = take(concatenate([SECOND, FIRST]), [3, 0, 2])
    left, right = align(FIRST, shuffled)
    assert left.example_id.tolist() == ["clip0000", "clip0001"]
    np.testing.assert_array_equal(left.hits, right.hits)


def results_with(path: Path, count: int = 1) -> tuple[object, Places]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "0" * 64
    file = {"path": path.name, "sha256": digest, "format": "records"}
    results = with_claims([], evaluations={"wave": {"evidence": [file] * count}})
    return results, Places(path.parent, {})


def test_the_evidence_of_an_evaluation_is_found_checked_and_read(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    write_records(FIRST, path)
    results, places = results_with(path)
    records = load_evidence(results, "wave", places)  # type: ignore[arg-type]
    np.testing.assert_array_equal(records.hits, FIRST.hits)  # type: ignore[union-attr]
    assert load_evidence(with_claims([]), "wave", places) is None


def test_evidence_that_is_another_file_missing_outside_or_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    write_records(FIRST, path)
    results, places = results_with(path, count=2)
    with pytest.raises(EvidenceFault, match="rows that no other file has"):
        load_evidence(results, "wave", places)  # type: ignore[arg-type]
    results, places = results_with(path)
    path.write_text(path.read_text() + "\n")
    with pytest.raises(HashMismatch):
        load_evidence(results, "wave", places)  # type: ignore[arg-type]
    path.unlink()
    with pytest.raises(MissingFile):
        load_evidence(results, "wave", places)  # type: ignore[arg-type]
    outside = {"path": "../counts.csv", "sha256": "0" * 64, "format": "records"}
    with pytest.raises(OutsideFolder):
        load_evidence(
            with_claims([], evaluations={"wave": {"evidence": [outside]}}), "wave", places
        )
