"""Shapes stand where the numbers are, and nothing is drawn outside the plot."""

import itertools
import re

import pytest

from repaudit.audit.curve import CurveMark
from repaudit.report.figures.axis import snr_ticks, ticks
from repaudit.report.figures.contract import cards
from repaudit.report.figures.curve import curve_view, extent
from repaudit.report.figures.geometry import geometry_views
from repaudit.report.figures.histogram import histogram_view
from repaudit.report.figures.steps import step_band, step_line
from repaudit.report.figures.votes import votes_view
from tests.report import audits, drawn


def numbers(path: str) -> list[float]:
    return [float(text) for text in re.findall(r"[\d.]+", path)]


def test_a_step_holds_up_to_its_radius() -> None:
    # 1 up to a quarter, one half up to a half, then 0; y downwards, a plot of 1000 x 1000
    assert step_line([0.25, 0.5], [1.0, 0.5]) == "M0 0H250V500H500V1000"


def test_a_step_without_a_fall_needs_no_vertex() -> None:
    assert step_line([0.25, 0.5], [0.5, 0.5]) == "M0 500H250H500V1000"


def test_a_band_lies_between_its_ends() -> None:
    assert step_band([0.5, 1.0], [0.2, 0.0], [0.8, 0.6]) == (
        "M0 200V200H500V400H1000V1000H500V800H0Z"
    )


@pytest.mark.parametrize("largest", [1e-6, 0.0031, 1.0, 6.62, 480.0])
def test_ticks_are_round_few_and_inside(largest: float) -> None:
    found = ticks(largest)
    assert 2 <= len(found) <= 7
    assert all(0.0 <= tick.at <= 100.0 for tick in found)
    assert all(
        float(tick.text) == pytest.approx(tick.at / 100 * largest, abs=largest * 1e-3)
        for tick in found
    )


@pytest.mark.parametrize("largest", [0.0, float("inf"), float("nan")])
def test_an_axis_without_extent_has_no_ticks(largest: float) -> None:
    assert ticks(largest) == []


def test_an_snr_tick_stands_at_its_radius() -> None:
    found = snr_ticks(norm=126.5, largest=1.2)
    assert len(found) >= 4
    for tick in found:
        assert tick.at / 100 * 1.2 == pytest.approx(
            126.5 * 10 ** (-float(tick.text) / 20), rel=1e-2
        )
    gaps = [b.at - a.at for a, b in itertools.pairwise(found)]
    assert min(gaps) > 10.0


def test_a_curve_has_at_most_200_vertices() -> None:
    many = [(i + 1) / 99 * drawn.CEILING for i in range(99)]
    falling = [1 - i / 100 for i in range(99)]
    long = drawn.curve(radii=many, accuracy=falling, low=falling, high=falling)
    view = curve_view(audits.honest(), drawn.figures(curve=long))
    assert view is not None
    assert len(re.findall("[MHV]", view.line)) <= 200


def test_a_claim_is_marked_at_its_radius_and_share_with_its_verdict() -> None:
    view = curve_view(audits.contradicted(), drawn.figures())
    assert view is not None
    right = extent(drawn.figures())
    # audits.contradicted: the claim at .004 is overstated, the median refuted
    assert [pin.mark.word for pin in view.pins] == ["reproduced", "overstated", "refuted"]
    assert view.pins[1].left == pytest.approx(100 * 0.004 / right, abs=0.01)
    assert view.pins[1].bottom == 87.5
    assert view.pins[1].anchor == "comparison-1"


def test_a_claim_far_beyond_the_ceiling_is_at_the_edge_and_said_to_be_beyond() -> None:
    pointer = "/evaluations/wave-low/claims/1"
    far = CurveMark(pointer=pointer, at_radius=1.0, low=0.9, high=0.9)
    view = curve_view(audits.honest(), drawn.figures(marks=[far]))
    assert view is not None
    assert view.pins[0].left == 100.0
    assert view.pins[0].where == "radius 1, share 90 %, beyond the axis"


def test_a_claim_a_little_beyond_the_ceiling_is_where_it_is() -> None:
    near = 1.2 * drawn.CEILING
    mark = CurveMark(pointer="/evaluations/wave-low/claims/1", at_radius=near, low=0.9, high=0.9)
    view = curve_view(audits.honest(), drawn.figures(marks=[mark]))
    assert view is not None
    assert view.ceiling < view.pins[0].left < 100.0


def test_without_one_norm_there_is_no_snr_axis_and_the_reason_is_said() -> None:
    reason = "the norms differ, from 1 to 2 (6.02 dB)"
    curve = drawn.curve(norm=None, norm_reason=reason)
    view = curve_view(audits.honest(), drawn.figures(curve=curve))
    assert view is not None
    assert view.snr_ticks == []
    assert view.snr_missing == reason
    assert {snr for _, snr, _, _ in view.rows} == {"–"}


def test_the_table_gives_every_radius_its_snr() -> None:
    view = curve_view(audits.honest(), drawn.figures())
    assert view is not None
    # 20 log10(126.5 / .004) = 90.00
    assert view.rows[1] == ("0.004000", "90.00", "87.50", "[85.42, 89.58]")


def test_bars_stand_inside_the_plot_and_the_highest_fills_it() -> None:
    view = histogram_view(drawn.figures())
    assert view is not None
    columns = view.columns + view.at_ceiling
    assert all(c.x >= 0.0 and c.x + c.width <= 1000.1 for c in columns)
    assert all(c.y >= 0.0 and c.y + c.height <= 1000.1 for c in columns)
    assert max(columns, key=lambda c: c.height) in view.at_ceiling
    assert view.words == "30 at the ceiling, 15 below it, 3 abstain"


def test_wrong_examples_stand_on_the_right_ones() -> None:
    view = histogram_view(drawn.figures())
    assert view is not None
    right, wrong = view.columns[:2]
    assert (right.kind, wrong.kind) == ("right", "wrong")
    assert wrong.y + wrong.height == pytest.approx(right.y)


def test_cells_lie_in_the_plot_and_are_counted_by_difference() -> None:
    view = votes_view(drawn.figures())
    assert view is not None
    assert all(0.0 <= cell.x < 1000.0 and 0.0 <= cell.y < 1000.0 for cell in view.cells)
    assert view.rows == [("released 1 lower", "4"), ("same cell", "43"), ("released 9 higher", "1")]
    assert [tick.at for tick in view.ticks] == [0.0, 20.48, 50.0, 79.52, 100.0]
    assert all(0.0 <= x <= 1000.0 for x in numbers(view.stripe))


def test_a_negative_part_of_the_decomposition_is_drawn_left_of_zero() -> None:
    (view,) = geometry_views(drawn.honest())
    cosine = next(part for part in view.parts if part.name == "cosine")
    assert cosine.start == 0.0  # -0.1 is the lowest value shown
    assert cosine.start + cosine.width == pytest.approx(view.zero)
    assert [part.name for part in view.parts] == ["clean bias", "noise gain", "cosine", "D_geom"]


def test_contracts_that_differ_in_more_than_sigma_have_cards_of_their_own() -> None:
    clipped = drawn.contract(evaluation="clipped", transform=[drawn.contract().rho[0]])
    audit = drawn.drawn(audits.honest(), contracts=[drawn.contract(), clipped])
    assert [len(card.settings) for card in cards(audit)] == [1, 1]
