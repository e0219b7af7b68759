"""docs/trust.md shows the committed results, and they keep what it promises."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.calibration.cells import Cell, cells
from benchmarks.calibration.page import PAGE, PLOT, filled, read_results, sections
from benchmarks.calibration.plot import honest, plot
from benchmarks.calibration.study import interval, pooled


@pytest.fixture(scope="module")
def results():
    return read_results()


@pytest.fixture(scope="module")
def outcomes(results):
    return list(results["cells"].values())


def test_the_page_shows_the_committed_results(results):
    page = PAGE.read_text(encoding="utf-8")
    assert page == filled(page, results), "stale: python -m benchmarks.calibration.page"


def test_every_generated_part_is_on_the_page(results):
    page = PAGE.read_text(encoding="utf-8")
    assert set(re.findall(r"<!-- begin ([a-z-]+) -->", page)) == set(sections(results))


def test_the_plot_shows_the_committed_results(outcomes):
    assert PLOT.read_text(encoding="utf-8") == plot(outcomes)


def test_every_cell_was_simulated(results):
    wanted: list[Cell] = list(cells())
    missing = [c.key for c in wanted if results["cells"].get(c.key, {}).get("reports", 0) < 1]
    assert missing == []


def test_more_than_five_thousand_honest_reports_are_below_one_per_cent(outcomes):
    flagged, reports = pooled(honest(outcomes))
    assert reports >= 5000
    assert interval(flagged, reports)[1] <= 0.01
    every = [row for row in outcomes if row["part"].startswith("honest")]
    assert interval(*pooled(every))[1] <= 0.01


@pytest.mark.parametrize("population", ["SC", "ESC"])
@pytest.mark.parametrize("size", [400, 5074])
def test_two_points_on_every_certified_accuracy_have_power(outcomes, population, size):
    (row,) = (
        row
        for row in outcomes
        if row["part"] == "tampers"
        and row["author"] == "every certified accuracy +2 points"
        and (row["population"], row["study"]["size"]) == (population, size)
    )
    assert row["flagged"] / row["reports"] >= 0.9


def test_intervals_are_those_of_the_counts(outcomes):
    for row in outcomes:
        assert [row["low"], row["high"]] == list(interval(row["flagged"], row["reports"]))


def test_the_real_recordings_are_those_of_the_committed_figures():
    path = Path(__file__).parents[1] / "benchmarks" / "published_spotter.json"
    figures = json.loads(path.read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    assert figures["same verdicts"]
    assert figures["times fewer forwards"] >= 6
    for mode in ("full", "risk-limiting"):
        assert f"{figures[mode]['forwards']:,} forwards" in page or (
            f"took {figures[mode]['forwards']:,}," in page
        )
