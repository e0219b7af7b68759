"""Write the measured numbers into docs/trust.md: `python -m benchmarks.calibration.page`."""

import json
import re
from pathlib import Path
from typing import Any

from benchmarks.calibration import sample_tables, tables
from benchmarks.calibration.plot import plot

DOCS = Path(__file__).parents[2] / "docs"
PAGE, PLOT = DOCS / "trust.md", DOCS / "trust.svg"
RESULTS = Path(__file__).with_name("results.json")
SAMPLES = Path(__file__).with_name("risk_limiting.json")
"""Written by `python -m benchmarks.calibration.risk_limiting --json`."""
_SECTION = re.compile(r"(<!-- begin ([a-z-]+) -->\n)(.*?)(<!-- end \2 -->)", re.DOTALL)


def sections(results: dict[str, Any]) -> dict[str, list[str]]:
    """Return the generated parts of the page, by the name of their markers."""
    outcomes = list(results["cells"].values())
    return {
        "summary": tables.summary(outcomes),
        "false-flags": tables.false_flags(outcomes),
        "hardware": tables.hardware(outcomes),
        "endings": tables.endings(outcomes),
        "power": tables.power(outcomes),
        "records": tables.records(outcomes),
        "samples": sample_tables.sequential(_read(SAMPLES)["sequential"]),
        "targeted": sample_tables.records(_read(SAMPLES)["records"]),
        "made": tables.made(results, outcomes),
    }


def filled(page: str, results: dict[str, Any]) -> str:
    """Return the page with its generated parts made anew; the rest is as it was.

    Raises ``KeyError`` for a marker that no part belongs to.
    """
    parts = sections(results)

    def fill(match: re.Match[str]) -> str:
        return match[1] + "\n".join(parts[match[2]]) + "\n" + match[4]

    return _SECTION.sub(fill, page)


def read_results() -> dict[str, Any]:
    """Return the committed results."""
    return _read(RESULTS)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def main() -> None:
    results = read_results()
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")
    PLOT.write_text(plot(list(results["cells"].values())), encoding="utf-8")


if __name__ == "__main__":
    main()
