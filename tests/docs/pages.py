"""What a page of the documentation says can be typed, and what it says comes back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (
    ROOT / "README.md",
    *sorted(DOCS.rglob("*.md")),
    *sorted((ROOT / "examples").rglob("README.md")),
)
_BLOCK = re.compile(r"^```(\S*)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    language: str
    title: str | None
    text: str


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    found = []
    for language, info, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        title = re.search(r'title="([^"]*)"', info)
        found.append(Block(language, title and title[1], text))
    return found


@dataclass(frozen=True)
class Command:
    """A line that is typed, and what the page shows below it."""

    line: str
    shown: str


def commands(block: Block) -> list[Command]:
    """Return the commands of a ``console`` block, each with its output."""
    before, *parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)
    assert not before, "a console block begins with a command"
    return [Command(line, shown) for line, _, shown in (part.partition("\n") for part in parts)]


def typed(page: Path) -> Iterator[str]:
    """Yield every ``repaudit …`` command line of a page: in blocks and between backticks."""
    text = page.read_text(encoding="utf-8")
    for block in blocks(page):
        for line in block.text.replace("\\\n", " ").splitlines():
            found = re.search(r"(?:^|run: |- )(?:\$ )?(repaudit [a-z].*)", line.strip())
            if found and block.language in ("sh", "console", "yaml"):
                yield found[1]
    prose = _BLOCK.sub("", text)
    yield from re.findall(r"`(repaudit [a-z][^`]*)`", prose)


def agrees(shown: str, printed: str) -> bool:
    """Say whether an output is the one shown; … stands for anything, on a line or for lines."""
    wanted = [line.rstrip() for line in shown.strip("\n").splitlines()]
    plain = printed.replace("\u202f", " ").replace("\u00a0", " ")  # inside long numbers
    text = "".join(f"{line.rstrip()}\n" for line in plain.strip("\n").splitlines())
    parts = [
        r"(?:.*\n)*?" if line == "…" else ".*?".join(map(re.escape, line.split("…"))) + r"\n"
        for line in wanted
    ]
    return re.fullmatch("".join(parts), text) is not None
