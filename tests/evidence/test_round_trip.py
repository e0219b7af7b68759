from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repaudit.evidence.columns import columns_of, kind_of
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.read import Expected, read_records
from repaudit.evidence.tables import CertificationRecords, GeometryRecords, Records
from repaudit.evidence.write import write_records
from tests.builders import some_certification_records, some_clean_records, some_geometry_records

SUFFIXES = (".csv", ".jsonl", ".npz", ".parquet")
# NumPy strips trailing NULs of fixed-width text, so a name cannot end in one.
NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
)
FINITE = st.floats(min_value=0, allow_nan=False, allow_infinity=False)


@st.composite
def certification(draw: Any) -> CertificationRecords:
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    size = len(names)

    def column(values: Any) -> Any:
        return draw(st.lists(values, min_size=size, max_size=size))

    hits = np.array(column(st.integers(0, 100)))
    return CertificationRecords(
        example_id=np.array(names),
        label=np.zeros(size, np.int64),
        selected_class=np.zeros(size, np.int64),
        hits=hits,
        label_hits=hits,
        draws=np.full(size, 100),
        checkpoint=np.full(size, "seed0"),
        repeat=np.array(column(st.integers(0, 3))),
        norm=np.array(column(FINITE), np.float64) if draw(st.booleans()) else None,
        recording_radius=np.array(column(FINITE | st.just(float("nan"))), np.float64),
    )


def assert_same(found: Records, expected: Records) -> None:
    assert type(found) is type(expected)
    for field in fields(expected):
        a, b = getattr(found, field.name), getattr(expected, field.name)
        assert (a is None) == (b is None), field.name
        if b is not None:
            np.testing.assert_array_equal(a, b, err_msg=field.name)


def expected_for(records: Records) -> Expected:
    checkpoints = ("seed0",) if hasattr(records, "checkpoint") else ()
    return Expected(kind_of(records), checkpoints)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(records=certification())
def test_what_is_written_is_read_back_bit_for_bit(
    records: CertificationRecords, suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"counts{suffix}"
    write_records(records, path)
    assert_same(read_records(path, "records", expected_for(records)), records)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_kind_survives_every_format(suffix: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for records in (
        some_certification_records(np.full(6, 0.9), rng),
        some_geometry_records(rng, examples=3),
        some_clean_records([True, False, True], margin=[0.1, 1e-7, 3.0]),
    ):
        path = tmp_path / f"{kind_of(records)}{suffix}"
        write_records(records, path)
        assert_same(read_records(path, "records", expected_for(records)), records)


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("old")
    broken = GeometryRecords(
        example_id=np.array(["a", "b"]),
        draw=np.array([0]),
        noise_norm=np.array([1.0]),
        delta_norm=np.array([1.0]),
        repeat=np.array([0]),
    )
    with pytest.raises(ValueError, match="shorter"):
        write_records(broken, path)
    assert [p.name for p in tmp_path.iterdir()] == ["counts.csv"]
    assert path.read_text() == "old"


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    records = some_geometry_records(np.random.default_rng(0), examples=1)
    with pytest.raises(EvidenceFault, match=r"expected a suffix of .csv.*found .xlsx"):
        write_records(records, tmp_path / "counts.xlsx")


def test_the_columns_are_those_of_the_standard() -> None:
    # results-file.md section 10, written out by hand
    required = [c.name for c in columns_of("certification").values() if c.required]
    assert required == ["example_id", "label", "selected_class", "hits", "label_hits", "draws"]
    required = [c.name for c in columns_of("empirical").values() if c.required]
    assert required == ["example_id", "label", "base_clean"]
    assert "sq_alias_free" in columns_of("aliasing")
