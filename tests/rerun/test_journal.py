"""The journal: whole shards or none, and never those of another audit."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from repaudit._core.errors import InputError
from repaudit.rerun.journal import Journal, begin

HEADER = {"results": "ab" * 32, "seed": "00", "nonce": "7", "plan": "128 rows"}
SHARD = {"hits": np.array([3, 5]), "example_id": np.array(["a", "é"])}


def test_a_stored_shard_comes_back_after_reopening(tmp_path: Path) -> None:
    Journal(tmp_path, HEADER).write("main seed-0 repeat 0", 2, SHARD)

    found = Journal(tmp_path, HEADER).read("main seed-0 repeat 0", 2)

    assert found is not None
    assert found["hits"].tolist() == [3, 5]
    assert found["example_id"].tolist() == ["a", "é"]


def test_shards_of_other_tasks_and_numbers_are_not_there(tmp_path: Path) -> None:
    journal = Journal(tmp_path, HEADER)
    journal.write("../main", 2, SHARD)

    assert journal.read("../main", 1) is None
    assert journal.read("other", 2) is None
    assert {path.parent for path in tmp_path.rglob("*.npz")} == {tmp_path}


@pytest.mark.parametrize("kept", [0, 1, 40, -30])
def test_a_half_written_shard_is_ignored(tmp_path: Path, kept: int) -> None:
    journal = Journal(tmp_path, HEADER)
    journal.write("main", 0, SHARD)
    (path,) = tmp_path.glob("*.npz")
    path.write_bytes(path.read_bytes()[:kept])

    assert journal.read("main", 0) is None


def test_a_shard_with_a_flipped_byte_is_ignored(tmp_path: Path) -> None:
    journal = Journal(tmp_path, HEADER)
    journal.write("main", 0, SHARD)
    (path,) = tmp_path.glob("*.npz")
    data = bytearray(path.read_bytes())
    data[data.index((5).to_bytes(8, "little"))] ^= 1  # the 5 of hits; the zip's CRC tells
    path.write_bytes(data)

    assert journal.read("main", 0) is None


@pytest.mark.parametrize("key", sorted(HEADER))
def test_the_journal_of_another_audit_is_refused_with_what_differs(
    tmp_path: Path, key: str
) -> None:
    Journal(tmp_path, HEADER)

    with pytest.raises(InputError, match=f"a journal with the {key} other"):
        Journal(tmp_path, {**HEADER, key: "other"})


def test_a_folder_that_cannot_be_one_is_an_error_of_the_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(InputError, match="the folder of a journal"):
        Journal(tmp_path / "file", HEADER)


def test_of_several_that_begin_a_journal_at_once_one_writes_the_header(tmp_path: Path) -> None:
    ready = Barrier(8)

    def start(nonce: int) -> object:
        ready.wait()
        return begin(tmp_path / "journal", {**HEADER, "nonce": str(nonce)})

    with ThreadPoolExecutor(8) as executor:
        found = list(executor.map(start, range(8)))

    assert found == [found[0]] * 8
    assert [path.name for path in (tmp_path / "journal").iterdir()] == ["header.json"]


def test_a_refusal_is_remembered_until_the_shard_is_there(tmp_path: Path) -> None:
    journal = Journal(tmp_path, HEADER)
    journal.refuse("main", 3, "no such file")

    assert journal.refusal("main", 3) == "no such file"
    assert journal.read("main", 3) is None
    journal.write("main", 3, SHARD)
    assert journal.refusal("main", 3) is None
