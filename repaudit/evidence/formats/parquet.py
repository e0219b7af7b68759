"""Apache Parquet through pyarrow, which is an extra and imported only here."""

from pathlib import Path
from typing import Any

from repaudit._core.errors import MissingPart
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.raw import RawTable


def load(path: Path) -> RawTable:
    """Return the columns of a Parquet file; an undefined value is null or nan."""
    arrow, parquet = _libraries()
    try:
        with parquet.ParquetFile(path) as source:
            table = source.read()
            columns = {name: table.column(name).to_pylist() for name in table.column_names}
    except (arrow.ArrowException, KeyError) as error:
        found = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise EvidenceFault(path, None, None, "a Parquet file", found) from None
    return RawTable(columns, range(1, table.num_rows + 1), "row")


def dump(columns: dict[str, list[object]], path: Path) -> None:
    """Write a Parquet file."""
    arrow, parquet = _libraries()
    parquet.write_table(arrow.table(columns), path)


def _libraries() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        command = 'pip install "repaudit[parquet]"'
        raise MissingPart("pyarrow", "Parquet files", command) from None
    return pyarrow, pyarrow.parquet
