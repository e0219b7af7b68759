"""The house: imports point down, torch stays below, things are small and said."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = sorted((ROOT / "repaudit").rglob("*.py"))
LONGEST_FILE = 300
LONGEST_BODY = 45

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef

A_MACHINE = re.compile(
    r"/home/\w|/root/\w|/Users/\w|/tmp/\w|[A-Z]:\\\\Users|\b(?:\d{1,3}\.){3}\d{1,3}:\d|--index-url"
)
"""folders, addresses and package indexes that exist on one machine only"""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def definitions(tree: ast.AST, *, inside: str = "") -> Iterator[tuple[str, Documented]]:
    """Yield every public function and class that another file can name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield f"{inside}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from definitions(node, inside=f"{node.name}.")


def is_said(node: Documented) -> bool:
    return ast.get_docstring(node) is not None


def is_shape(node: Documented) -> bool:
    """Say whether it is a member of a protocol: a name and types, and nothing done."""
    return [ast.unparse(statement) for statement in node.body] == ["..."]


def body_lines(function: Function) -> int:
    """Count the lines of a function below its signature and docstring."""
    documented = ast.get_docstring(function, clean=False) is not None
    body = function.body[documented:]
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_imports_point_down() -> None:
    ended = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("module", ["repaudit", "repaudit.cli"])
def test_import_loads_neither_torch_nor_numpy(module: str) -> None:
    script = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    ).stdout.split()
    assert {"torch", "numpy", "scipy", "pydantic"}.isdisjoint(loaded)


@pytest.mark.parametrize("path", PACKAGE, ids=named)
def test_public_functions_and_classes_say_what_they_are(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    silent = [name for name, node in definitions(tree) if not (is_shape(node) or is_said(node))]
    assert silent == []


@pytest.mark.parametrize("path", PACKAGE, ids=named)
def test_files_and_functions_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    lengths = {n.name: body_lines(n) for n in ast.walk(ast.parse(text)) if isinstance(n, Function)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_BODY} == {}


def test_tracked_files_name_no_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    texts = {name: text for name in listed.stdout.split("\0") if (text := text_of(ROOT / name))}
    assert len(texts) > len(PACKAGE) // 2
    found = {
        name: match[0]
        for name, text in texts.items()
        if name != named(Path(__file__)) and (match := A_MACHINE.search(text))
    }
    assert found == {}


def test_constraints_pin_versions_and_name_no_registry() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [line for line in pins if not re.match(r"[\w.-]+==[\w.+!-]+(?: ; .+)?$", line)] == []


def text_of(path: Path) -> str | None:
    """Return a file's text; ``None`` for one that is not text, or is not there now."""
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return None
