"""docs/engine.md follows from the committed measurements, and says of them what is true."""

import re
from typing import Any

import pytest

from benchmarks.engine.page import PAGE, PLOT, filled, read_results
from benchmarks.engine.plot import plot
from benchmarks.engine.tables import SECTIONS

SPEEDS = {
    "engine / its ceiling, CPU": (0.92, "cpu", "ceiling"),
    "engine / usual loop, CPU": (2.5, "cpu", "loop"),
    "engine / ART, CPU": (2.8, "cpu", "ART"),
    "engine / its ceiling, GPU": (0.85, "cuda", "ceiling"),
    "engine / usual loop at batch 1000, GPU": (5.0, "cuda", "loop, batch 1000"),
}
"""what was promised: the least, on which device, of what"""


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return read_results()


def table(section: str) -> list[list[str]]:
    """Return the cells of a generated table of the page, without its head."""
    page = PAGE.read_text(encoding="utf-8")
    part = page.partition(f"<!-- begin {section} -->")[2].partition(f"<!-- end {section} -->")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def best(speeds: dict[str, list[float]], beginning: str) -> float:
    return max(max(each) for case, each in speeds.items() if case.startswith(beginning))


def agrees(verdicts: dict[str, Any]) -> bool:
    return verdicts["ours"] == verdicts["theirs"] and verdicts["smallest p"] >= 0.01


def test_the_page_shows_the_committed_measurements(found: dict[str, Any]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == filled(page, found), "stale: make docs"
    assert PLOT.read_text(encoding="utf-8") == plot(found), "stale: make docs"


def test_every_generated_part_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"<!-- begin ([a-z]+) -->", page) == list(SECTIONS)


def test_every_promised_ratio_is_judged_as_it_was_measured(found: dict[str, Any]) -> None:
    judged = 0
    for target, setting, wanted, measured, outcome in table("targets"):
        if target not in SPEEDS or outcome == "not measured":
            continue
        least, device, reference = SPEEDS[target]
        result = found["stages"][f"speed, {device}, {setting}"]["result"]
        speeds = result["speeds"]
        plans = [case.removeprefix("ceiling, ") for case in speeds if case.startswith("ceiling")]
        plan = max(plans, key=lambda name: best(speeds, f"ceiling, {name}"))
        under = f"ceiling, {plan}" if reference == "ceiling" else reference
        value = best(speeds, f"engine, {plan}") / best(speeds, under)
        verdicts = result["verdicts"].get(reference.partition(",")[0])
        same = verdicts is None or agrees(verdicts)
        assert wanted.startswith(f"≥ {least}")
        assert measured.startswith(f"{value:.2f} (")
        assert outcome == ("met" if value >= least and same else "**not met**")
        judged += 1
    assert judged


def test_what_was_not_measured_has_a_reason() -> None:
    for *_, measured, outcome in table("targets"):
        assert measured
        assert outcome in ("met", "**not met**", "not measured")


def test_times_are_linear_in_examples_and_draws(found: dict[str, Any]) -> None:
    for name, stage in found["stages"].items():
        if name.startswith("cost, "):
            assert all(stage["result"][size]["R2"] > 0.9 for size in ("N", "n"))


def test_peers_certify_what_the_engine_certifies(found: dict[str, Any]) -> None:
    compared = [
        verdicts
        for name, stage in found["stages"].items()
        if name.startswith("speed, ")
        for verdicts in stage["result"]["verdicts"].values()
    ]
    for verdicts in compared:
        assert verdicts["ours"] == verdicts["theirs"]
        assert verdicts["smallest p"] >= 0.01
    certified = {found for verdicts in compared for found in verdicts["ours"]}
    assert -1 in certified  # some abstain
    assert len(certified) > 3
