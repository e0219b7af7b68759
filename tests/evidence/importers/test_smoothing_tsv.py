"""Logs of locuslab/smoothing: what is read, and which line is refused for what."""

from pathlib import Path

import pytest

from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.read import Expected, read_records
from repaudit.evidence.tables import RadiusRecords

HEADER = "idx\tlabel\tpredict\tradius\tcorrect\ttime"
ROWS = [
    "0\t3\t3\t0.378\t1\t0:00:15.4",
    "20\t7\t-1\t0.0\t0\t15.6",
    "40\t8\t2\t0.0125\t0\t1 day, 0:00:01",
]


def read(folder: Path, *rows: str, header: str = HEADER, classes: int | None = 10) -> RadiusRecords:
    path = folder / "sigma_0.25"
    path.write_text("\n".join([header, *rows]) + "\n")
    expected = Expected("certification", ("seed0",), classes=classes)
    found = read_records(path, "smoothing_tsv", expected)
    assert isinstance(found, RadiusRecords)
    return found


def test_a_log_is_read_with_the_intervals_of_its_digits(tmp_path: Path) -> None:
    found = read(tmp_path, *ROWS)
    assert found.example_id.tolist() == ["0", "20", "40"]
    assert found.predict.tolist() == [3, -1, 2]
    assert found.line.tolist() == [2, 3, 4]
    assert found.checkpoint.tolist() == ["seed0"] * 3
    # three significant digits: half a unit of the third, and nothing round an abstention's zero
    assert found.low.tolist() == [0.3775, 0.0, 0.01245]
    assert found.high.tolist() == [0.3785, 0.0, 0.01255]


def test_blanks_round_tabs_words_for_correct_and_blank_lines_are_read(tmp_path: Path) -> None:
    rows = ["0 \t 3 \t 3 \t 0.378 \t True \t 15.4", "", "20\t7\t-1\t0.0\tFalse\t15.6"]
    found = read(tmp_path, *rows, header=HEADER.replace("\t", " \t "))
    assert found.line.tolist() == [2, 4]
    assert found.radius.tolist() == [0.378, 0.0]


@pytest.mark.parametrize("radius", ["-1.01", "-inf", "inf", "nan", "", "0x1", "1_0", "1e999"])
def test_what_is_no_radius_of_a_ball_is_refused_with_its_line(radius: str, tmp_path: Path) -> None:
    with pytest.raises(EvidenceFault, match="line 3, column radius: expected the radius of an L2"):
        read(tmp_path, ROWS[0], f"20\t7\t7\t{radius}\t1\t15.6")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("20\t7\t7\t0.1\t1", "line 3: expected 6 values, found 5"),
        ("20\t7\t-2\t0.1\t0\t1", "line 3, column predict: expected a class of 0 to 9 or -1"),
        ("20\t10\t7\t0.1\t0\t1", "line 3, column label: expected a class of 0 to 9"),
        ("-1\t7\t7\t0.1\t1\t1", "line 3, column idx: expected an index of 0 or more"),
        ("20\t7\t7\t0.1\t0\t1", "line 3, column correct: expected 1, as the label is 7"),
        ("20\t7\t5\t0.1\tyes\t1", "line 3, column correct: expected 1, 0, True or False"),
        ("0\t7\t7\t0.1\t1\t1", 'line 3: expected every .* once, found "0" also at line 2'),
    ],
)
def test_a_row_that_contradicts_itself_or_the_file_is_refused(
    row: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(EvidenceFault, match=words):
        read(tmp_path, ROWS[0], row)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (
            HEADER.replace("radius", "linf_radius"),
            'the column radius, found "linf_radius"',
        ),
        (HEADER.replace("\tcorrect", ""), "found no correct"),
        (HEADER + "\ttime", "found one repeated"),
        ("", "found"),
    ],
)
def test_another_header_is_refused(header: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(EvidenceFault, match=f"line 1: .*{words}"):
        read(tmp_path, header=header)


def test_a_log_without_rows_and_a_log_of_another_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceFault, match="expected at least one row"):
        read(tmp_path)
    expected = Expected("geometry", ())
    with pytest.raises(EvidenceFault, match="records of geometry, found smoothing_tsv"):
        read_records(tmp_path / "sigma_0.25", "smoothing_tsv", expected)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"idx\xff\n")
    with pytest.raises(EvidenceFault, match="a log in UTF-8"):
        read_records(path, "smoothing_tsv", Expected("certification", ("a",)))
