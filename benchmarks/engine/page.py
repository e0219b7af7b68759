"""Write the measured numbers into docs/engine.md: `python -m benchmarks.engine.page`."""

import json
import re
from pathlib import Path
from typing import Any

from benchmarks.engine.plot import plot
from benchmarks.engine.tables import SECTIONS

ROOT = Path(__file__).parents[2]
PAGE, PLOT = ROOT / "docs" / "engine.md", ROOT / "docs" / "engine.svg"
RESULTS = ROOT / "benchmarks" / "engine.json"
_SECTION = re.compile(r"(<!-- begin ([a-z]+) -->\n)(.*?)(<!-- end \2 -->)", re.DOTALL)


def filled(page: str, found: dict[str, Any]) -> str:
    """Return the page with its generated parts made anew; the rest is as it was.

    Raises ``KeyError`` for a marker that no part belongs to.
    """

    def fill(match: re.Match[str]) -> str:
        return match[1] + "\n".join(SECTIONS[match[2]](found)) + "\n" + match[4]

    return _SECTION.sub(fill, page)


def read_results() -> dict[str, Any]:
    """Return the committed measurements."""
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def main() -> None:
    found = read_results()
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
    PLOT.write_text(plot(found), encoding="utf-8")


if __name__ == "__main__":
    main()
