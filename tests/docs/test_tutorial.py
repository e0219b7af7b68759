"""The tutorial is typed in, line by line, and shows what its page shows."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import DOCS, ROOT, agrees, blocks, commands

PAGE = DOCS / "tutorial.md"
EXAMPLE = Path("examples", "keyword-spotting")


class Terminal:
    """A shell that stays open: folders and variables outlive a command."""

    def __init__(self, folder: Path) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.process = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env={**os.environ, "PATH": path, "COLUMNS": "88"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def type(self, line: str) -> str:
        """Return what a command prints, on either stream."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{line} </dev/null\necho; echo done-typing\n")
        self.process.stdin.flush()
        printed = ""
        while not printed.endswith("\ndone-typing\n"):
            read = self.process.stdout.readline()
            assert read, printed
            printed += read
        return printed.removesuffix("\ndone-typing\n")

    def close(self) -> None:
        """End the shell."""
        self.process.communicate()


def merged(document: Any, patch: Any) -> Any:
    """Apply a JSON merge patch [RFC 7396]."""
    if not isinstance(patch, dict):
        return patch
    known = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            known.pop(key, None)
        else:
            known[key] = merged(known.get(key), value)
    return known


def edit(path: Path, patch: str) -> None:
    """Replace the entries of a file that the page shows."""
    document = merged(json.loads(path.read_text(encoding="utf-8")), json.loads(patch))
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


@pytest.mark.slow
def test_the_tutorial_can_be_typed_in(tmp_path: Path) -> None:
    shutil.copytree(ROOT / EXAMPLE, tmp_path / EXAMPLE)
    typed = 0
    with closing(Terminal(tmp_path)) as terminal:
        for block in blocks(PAGE):
            if block.title is not None:
                edit(tmp_path / "study" / block.title, block.text)
                continue
            assert block.language == "console", "every block is typed or edited"
            for command in commands(block):
                printed = terminal.type(command.line)
                assert agrees(command.shown, printed), f"$ {command.line}\n{printed}"
                typed += 1
    assert typed > 10


def test_the_front_page_shows_nothing_that_the_tutorial_does_not() -> None:
    (block,) = [block for block in blocks(DOCS / "index.md") if block.language == "console"]
    tutorial = PAGE.read_text(encoding="utf-8")
    parts = [part.strip() for line in block.text.splitlines() for part in line.split("…")]
    assert [part for part in parts if part not in tutorial] == []
