"""Files that are there whole or not at all, also when the disk takes no more."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from repaudit._core.disk import CannotWrite, make_folder, published, write_whole

LIMITED = """
import resource, sys
from pathlib import Path
from repaudit._core.disk import CannotWrite, write_whole
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
path = Path(sys.argv[1])
write_whole(path, b"1" * 1000)
try:
    write_whole(path, b"2" * 1001)
except CannotWrite as fault:
    print(fault.is_full, fault)
"""


def test_a_file_replaces_the_one_before_and_leaves_no_other(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_a_writer_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("old")

    def fail() -> None:
        with published(path) as part:
            part.write_text("ne")
            raise error

    with pytest.raises(error):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_suffix_of_the_place_written_to_is_the_file_s_own(tmp_path: Path) -> None:
    with published(tmp_path / "counts.npz") as part:
        assert part.suffix == ".npz"
        part.write_bytes(b"")


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_a_file_above_the_system_s_limit_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, path], capture_output=True, encoding="utf-8", check=True
    )
    assert ended.stdout == (f"True {path}: expected room for 1,001 bytes, found file too large\n")
    assert path.read_bytes() == b"1" * 1000
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_says_how_much_is_free(tmp_path: Path) -> None:
    error = OSError(errno.ENOSPC, "No space left on device")
    fault = CannotWrite.of(tmp_path / "a", error, 5000).advised("kept", "Try: more")
    first, *advice = str(fault).split("\n  ")
    assert first.startswith(f"{tmp_path}/a: expected room for 5,000 bytes, found no space left on")
    assert first.endswith(" bytes free)")
    assert advice == ["kept", "Try: more"]


def test_a_folder_below_a_file_is_no_writable_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match="expected a writable place, found not a directory"):
        make_folder(tmp_path / "file" / "folder")
