import builtins
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from repaudit._core.errors import MissingPart
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.read import Expected, read_records

HEADER = "example_id,label,selected_class,hits,label_hits,draws"
EXPECTED = Expected("certification", ("seed0",), classes=3, class_names=("yes", "no", "up"))


def fault_of(path: Path, expected: Expected = EXPECTED) -> EvidenceFault:
    with pytest.raises(EvidenceFault) as caught:
        read_records(path, "records", expected)
    return caught.value


def csv_with(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    path = tmp_path / "counts.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "column", "expected", "found"),
    [
        ("a,0,0,101,101,100", "hits", "at most draws", "101"),
        ("a,0,0,-1,-1,100", "hits", "at least 0", "-1"),
        ("a,0,1,60,60,100", "label_hits", "at most draws minus hits", "60"),
        ("a,0,0,60,59,100", "label_hits", "hits, as the label was selected", "59"),
        ("a,3,0,60,0,100", "label", "0 to 2", "3"),
        ("a,-1,0,60,0,100", "label", "0 to 2", "-1"),
        ("a,maybe,0,60,0,100", "label", "an integer or a class name", '"maybe"'),
        ("a,0,0,6e1,60,100", "hits", "an integer", '"6e1"'),
        ("a,0,0,60.0,60,100", "hits", "an integer", '"60.0"'),
        ("a,0,0,99999999999999999999,0,100", "hits", "an integer", '"99999999999999999999"'),
        ("a,0,0,,60,100", "hits", "an integer", '""'),
        (",0,0,60,60,100", "example_id", "a name", '""'),
        ("a,0,0,0,0,0", "draws", "at least 1", "0"),
    ],
)
def test_a_bad_value_is_named_with_its_line_and_column(
    row: str, column: str, expected: str, found: str, tmp_path: Path
) -> None:
    fault = fault_of(csv_with(tmp_path, "ok,0,0,60,60,100", row))
    assert (fault.place, fault.column) == ("line 3", column)
    assert (fault.expected, fault.found) == (expected, found)
    assert str(fault).startswith(f"counts.csv: line 3, column {column}: expected")


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "1e999", "", "0x10", "1_0", " 1"])
def test_a_norm_must_be_a_finite_number_of_at_least_0(value: str, tmp_path: Path) -> None:
    path = csv_with(tmp_path, f"a,0,0,60,60,100,{value}", header=HEADER + ",norm")
    assert fault_of(path).column == "norm"


def test_a_repeated_row_is_refused_and_both_places_are_named(tmp_path: Path) -> None:
    fault = fault_of(csv_with(tmp_path, "a,0,0,60,60,100", "b,0,0,9,9,100", "a,0,0,61,61,100"))
    assert fault.place == "line 4"
    assert "also at line 2" in fault.found


def test_the_same_example_in_another_repeat_is_no_repetition(tmp_path: Path) -> None:
    path = csv_with(tmp_path, "a,0,0,60,60,100,0", "a,0,0,61,61,100,1", header=HEADER + ",repeat")
    assert len(read_records(path, "records", EXPECTED)) == 2


def test_a_class_may_be_written_as_its_name(tmp_path: Path) -> None:
    records: Any = read_records(csv_with(tmp_path, "a,up,no,60,3,100"), "records", EXPECTED)
    assert (records.label[0], records.selected_class[0]) == (2, 1)


def test_minus_one_is_a_predicted_class_of_void_votes_but_no_label(tmp_path: Path) -> None:
    records: Any = read_records(csv_with(tmp_path, "a,0,-1,0,0,100"), "records", EXPECTED)
    assert records.selected_class[0] == -1


@pytest.mark.parametrize(
    ("header", "column", "expected"),
    [
        (HEADER.replace("label_hits", "label_hit"), "label_hits", "this column"),
        (HEADER + ",nrom", "nrom", "the column norm"),
        (HEADER + ",radius", "radius", "a column of certification records or x-…"),
    ],
)
def test_a_missing_or_an_unknown_column_is_refused(
    header: str, column: str, expected: str, tmp_path: Path
) -> None:
    row = ",".join(["1"] * len(header.split(",")))
    fault = fault_of(csv_with(tmp_path, row, header=header))
    assert (fault.column, fault.expected) == (column, expected)


def test_a_column_that_begins_with_x_is_the_authors_own(tmp_path: Path) -> None:
    path = csv_with(tmp_path, "a,0,0,60,60,100,anything", header=HEADER + ",x-note")
    assert len(read_records(path, "records", EXPECTED)) == 1


def test_rows_without_a_checkpoint_belong_to_the_only_one(tmp_path: Path) -> None:
    path = csv_with(tmp_path, "a,0,0,60,60,100")
    records: Any = read_records(path, "records", EXPECTED)
    assert records.checkpoint.tolist() == ["seed0"]
    two = Expected("certification", ("seed0", "seed1"), classes=3)
    assert "seed0, seed1" in fault_of(path, two).expected


def test_a_row_of_an_unknown_checkpoint_is_refused(tmp_path: Path) -> None:
    path = csv_with(tmp_path, "a,0,0,60,60,100,seed9", header=HEADER + ",checkpoint")
    fault = fault_of(path)
    assert (fault.column, fault.expected, fault.found) == ("checkpoint", "seed0", '"seed9"')


def test_an_empty_file_a_short_row_and_a_doubled_column_are_refused(tmp_path: Path) -> None:
    assert fault_of(csv_with(tmp_path)).expected == "at least one row"
    assert fault_of(csv_with(tmp_path, "a,0,0")).place == "line 2"
    assert fault_of(csv_with(tmp_path, "a,0,0,1,1,2,3", header=HEADER + ",hits")).place == "line 1"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"example_id": "a", "label": NaN}', "NaN is no JSON"),
        ('{"example_id": "a", "example_id": "b"}', "a repeated key"),
        ("[1, 2]", "a list of 2 items"),
        ("{", "a JSON object"),
    ],
)
def test_a_bad_json_line_is_refused(line: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "counts.jsonl"
    path.write_text(line + "\n")
    assert words in str(fault_of(path))


def test_a_json_line_with_other_keys_than_the_first_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "counts.jsonl"
    path.write_text('{"example_id": "a", "label": 0}\n{"example_id": "b"}\n')
    fault = fault_of(path)
    assert (fault.place, fault.column) == ("line 2", "label")


def test_a_pickle_in_an_npz_file_is_never_executed(tmp_path: Path) -> None:
    path = tmp_path / "counts.npz"
    np.savez(path, example_id=np.array([{"a": 1}], dtype=object))
    assert "pickle" in str(fault_of(path)).lower()


def test_an_npz_file_that_unpacks_to_more_than_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "counts.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("hits.npy", io.BytesIO(bytes(600 * 2**20)).getbuffer())
    assert fault_of(path).found == "more"


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".npz", ".parquet"])
def test_random_bytes_are_a_fault_and_no_traceback(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"counts{suffix}"
    path.write_bytes(np.random.default_rng(0).bytes(4096))
    fault_of(path)
    path.write_bytes(b"")
    fault_of(path)
    fault_of(tmp_path / f"nothing{suffix}")


def test_parquet_without_its_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    path = tmp_path / "counts.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingPart, match=r"pip install .*repaudit\[parquet\]"):
        read_records(path, "records", EXPECTED)
