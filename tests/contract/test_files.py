"""Declared files: where they may lie, and what a manifest may hold."""

from pathlib import Path

import pytest

from repaudit.contract.data import Data
from repaudit.contract.files import HashMismatch, MissingFile, OutsideFolder, Places, sha256_of
from repaudit.contract.manifest import ManifestFault, load_manifest
from repaudit.contract.types import File

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # SHA-256 of b""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "study"
    inner.mkdir()
    (inner / "empty.bin").write_bytes(b"")
    (tmp_path / "secret.bin").write_bytes(b"secret")
    return inner


def declared(path: str, root: str | None = None, sha256: str = EMPTY) -> File:
    return File(path=path, sha256=sha256, root=root)


def test_file_with_the_declared_hash_is_found(folder: Path) -> None:
    assert Places(folder, {}).verified(declared("empty.bin")).read_bytes() == b""
    assert sha256_of(folder / "empty.bin") == EMPTY


def test_other_content_is_a_mismatch(folder: Path) -> None:
    (folder / "empty.bin").write_bytes(b"x")
    with pytest.raises(HashMismatch, match="e3b0c44298fc"):
        Places(folder, {}).verified(declared("empty.bin"))


@pytest.mark.parametrize("path", ["../secret.bin", "/etc/passwd", "a/../../secret.bin", "a\0b"])
def test_no_path_leaves_the_folder(folder: Path, path: str) -> None:
    with pytest.raises(OutsideFolder):
        Places(folder, {}).resolve(declared(path))


def test_no_link_leaves_the_folder(folder: Path) -> None:
    (folder / "link.bin").symlink_to(folder.parent / "secret.bin")
    with pytest.raises(OutsideFolder):
        Places(folder, {}).resolve(declared("link.bin"))


def test_a_loop_of_links_and_an_endless_name_are_not_there(folder: Path) -> None:
    (folder / "a").symlink_to(folder / "b")
    (folder / "b").symlink_to(folder / "a")
    for path in ("a", "x" * 5000):
        with pytest.raises(MissingFile):
            Places(folder, {}).resolve(declared(path))


def test_missing_file_and_missing_root_are_not_there(folder: Path) -> None:
    with pytest.raises(MissingFile, match="no such file"):
        Places(folder, {}).resolve(declared("other.bin"))
    with pytest.raises(MissingFile, match="--root big=DIR"):
        Places(folder, {}).resolve(declared("empty.bin", root="big"))


def test_named_root_is_used(folder: Path) -> None:
    places = Places(folder, {"up": folder.parent})
    assert places.resolve(declared("secret.bin", root="up")).name == "secret.bin"


DATA = Data.model_validate(
    {
        "kind": "audio",
        "examples": 2,
        "classes": 2,
        "class_names": ["yes", "no"],
        "subset": {"rule": "all"},
    }
)


def manifest(folder: Path, text: str) -> Path:
    path = folder / "m.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_manifest_labels_are_names_or_indices(folder: Path) -> None:
    rows = load_manifest(
        manifest(
            folder,
            f"path,label,sha256,speaker,fold\na.wav,no,{EMPTY},x,1\nb.wav,0,{EMPTY},y,\n",
        ),
        DATA,
    )
    assert [(r.example_id, r.label, r.fold) for r in rows] == [
        ("a.wav", 1, "1"),
        ("b.wav", 0, None),
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("path,label\na,0\n", "line 1"),
        (f"path,label,sha256\na,maybe,{EMPTY}\n", "line 2"),
        (f"path,label,sha256\na,2,{EMPTY}\n", "line 2"),
        ("path,label,sha256\na,0,abc\n", "line 2"),
        (f"path,label,sha256\na,0,{EMPTY}\na,0,{EMPTY}\n", "twice"),
        ("", "line 1"),
    ],
)
def test_malformed_manifest_names_its_line(folder: Path, text: str, where: str) -> None:
    with pytest.raises(ManifestFault, match=where):
        load_manifest(manifest(folder, text), DATA)


def test_manifest_that_is_no_text_is_refused(folder: Path) -> None:
    path = folder / "m.csv"
    path.write_bytes(b"\xff\xfe\x00path")
    with pytest.raises(ManifestFault, match="cannot be read"):
        load_manifest(path, DATA)
