"""What is drawn are the numbers of the claims: curve, band, marks, histogram, counts."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from repaudit.audit.figures import Figures
from repaudit.check import CheckOptions, check
from repaudit.check.figures import figures
from repaudit.check.find import Found
from repaudit.contract.claim import Claim
from repaudit.contract.results import Results
from repaudit.evidence.join import concatenate, take
from repaudit.evidence.tables import CertificationRecords, RadiusRecords
from repaudit.metrics.certificates import radii
from repaudit.metrics.context import context_of
from repaudit.metrics.estimate import estimate
from repaudit.report.formats import html
from repaudit.verdicts import Margins, compare
from tests.builders import (
    EXAMPLES,
    N,
    honest_claims,
    margins_near,
    some_certification_records,
    some_results,
    with_claims,
)
from tests.report import audits, drawn
from tests.studies import EXAMPLE

THRESHOLDS = ("0", "0.1", "0.3", "0.5")
CLAIMS: list[dict[str, Any]] = [
    *({"metric": "certified_accuracy", "at_radius": r, "unit": "percent"} for r in THRESHOLDS),
    {"metric": "certified_radius", "statistic": "median", "population": "all"},
    {"metric": "certified_radius", "statistic": "mean", "population": "all"},
    {"metric": "certified_radius", "statistic": "median", "population": "certified"},
]


def one_run(seed: int = 3, **options: Any) -> CertificationRecords:
    rng = np.random.default_rng(seed)
    return some_certification_records(margins_near(rng), rng, **options)


def equal_norms(records: CertificationRecords, norm: float = 100.0) -> CertificationRecords:
    return replace(records, norm=np.full(len(records), norm))


def only(results: Results, found: Found) -> Figures:
    (drawn,) = figures(results, found)
    return drawn


def ours(records: CertificationRecords, results: Results | None = None) -> Figures:
    return only(results or some_results(), Found(measured={"wave": records}))


def at(curve: Any, values: list[float], radius: float) -> float:
    """Read a step curve: value i holds from radius i - 1 to radius i."""
    return values[int(np.searchsorted(curve.radii, radius * (1.0 - 1e-12)))]


def test_without_counts_nothing_is_drawn() -> None:
    assert figures(some_results(), Found()) == []


def test_the_curve_is_the_certified_accuracy_that_a_claim_would_state() -> None:
    records, results = one_run(), some_results()
    curve = ours(records).curve
    assert curve is not None
    for radius, accuracy in zip(curve.radii, curve.accuracy, strict=True):
        # a threshold that is the radius of a count to the last digit
        claim = Claim.model_validate(
            {"metric": "certified_accuracy", "at_radius": repr(radius), "unit": "fraction"}
        )
        stated = estimate(claim, context_of(results, "wave"), records).value
        assert accuracy == pytest.approx(stated)


def test_the_band_is_the_interval_of_honest_values_of_the_claims() -> None:
    records, curve = one_run(), ours(one_run()).curve
    assert curve is not None
    picked = [0, len(curve.radii) // 2, len(curve.radii) - 1]
    claim = {"metric": "certified_accuracy", "unit": "percent", "value": "50"}
    results = with_claims([{**claim, "at_radius": repr(curve.radii[i])} for i in picked])
    margins = Margins.of(results.materiality, {})
    compared = compare(results, recomputed={}, measured={"wave": records}, margins=margins, seed=1)
    for index, comparison in zip(picked, compared, strict=True):
        assert comparison.measured is not None
        assert comparison.measured.low == pytest.approx(100.0 * curve.low[index])
        assert comparison.measured.high == pytest.approx(100.0 * curve.high[index])


def test_released_counts_are_drawn_exactly_and_without_a_band() -> None:
    drawn = only(some_results(), Found(recomputed={"wave": one_run()}))
    assert drawn.curve is not None
    assert drawn.curve.of == "recomputed"
    assert drawn.curve.low == drawn.curve.accuracy == drawn.curve.high
    assert drawn.released is None
    assert drawn.votes is None


def test_ours_and_the_released_curve_stand_beside_each_other() -> None:
    mine, theirs = one_run(3), one_run(4)
    found = Found(measured={"wave": mine}, recomputed={"wave": theirs})
    drawn = only(some_results(), found)
    assert drawn.curve is not None
    assert drawn.released is not None
    assert (drawn.curve.of, drawn.released.of) == ("measured", "recomputed")
    assert drawn.votes is not None
    assert sum(drawn.votes.examples) == EXAMPLES


def test_a_curve_of_many_examples_has_at_most_99_radii_and_keeps_the_last_one() -> None:
    rng = np.random.default_rng(0)
    size = 3000
    records = some_certification_records(rng.uniform(0.55, 1.0, size), rng, n=5000)
    patch = {"data": {"test": {"examples": size}}, "sampling": {"mc": {"n": 5000}}}
    results = some_results(**patch)
    for found in (Found(measured={"wave": records}), Found(recomputed={"wave": records})):
        curve = only(results, found).curve
        assert curve is not None
        assert 60 < len(curve.radii) <= 99
        assert curve.radii == sorted(set(curve.radii))
        assert curve.accuracy == sorted(curve.accuracy, reverse=True)
        assert at(curve, curve.accuracy, curve.radii[0]) > 0.9


def test_runs_are_pooled() -> None:
    parts = [one_run(seed, repeat=seed) for seed in (0, 1)]
    records = concatenate(parts)
    drawn = ours(records, some_results(evaluations={"wave": {"repeats": 2}}))
    assert drawn.curve is not None
    assert (drawn.curve.runs, drawn.curve.examples) == (2, 2 * EXAMPLES)


def test_a_share_of_the_examples_that_happen_to_be_there_is_not_drawn() -> None:
    some = take(one_run(), np.arange(12))
    drawn = only(some_results(), Found(recomputed={"wave": some}))
    assert drawn.curve is None
    assert drawn.reason == f"the records hold 12 of {EXAMPLES} examples and runs"


def test_without_any_certificate_the_reason_is_said() -> None:
    blind = replace(one_run(), hits=np.full(EXAMPLES, N // 2))
    assert ours(blind).reason == "no example is certified for its true class"


def test_one_norm_gives_the_radius_an_snr_and_two_do_not() -> None:
    one = ours(equal_norms(one_run())).curve
    several = ours(one_run()).curve  # 100 to 104
    assert one is not None
    assert several is not None
    assert (one.norm, one.norm_reason) == (100.0, None)
    # 20 log10(104 / 100) = .3407
    assert several.norm is None
    assert several.norm_reason == "the norms differ, from 100 to 104 (0.341 dB)"


def test_a_silent_example_is_set_aside_and_said() -> None:
    records = equal_norms(one_run())
    norm = np.array(records.norm)
    norm[0] = 0.0
    curve = ours(replace(records, norm=norm)).curve
    assert curve is not None
    assert curve.norm == 100.0
    assert curve.norm_reason == f"1 of {EXAMPLES} examples have no energy, and no SNR"


def test_counts_without_norms_have_no_snr() -> None:
    curve = ours(replace(one_run(), norm=None)).curve
    assert curve is not None
    assert curve.norm_reason == "the counts come without norms"


def test_claims_that_are_points_of_the_curve_are_marked() -> None:
    records = one_run()
    claims = honest_claims(some_results(), CLAIMS, records)
    drawn = ours(records, with_claims(claims))
    # four thresholds and the median over all; the mean and the other population are no points
    assert [m.pointer.rsplit("/", 1)[-1] for m in drawn.marks] == ["0", "1", "2", "3", "4"]
    assert [m.at_radius for m in drawn.marks[:4]] == [0.0, 0.1, 0.3, 0.5]
    assert (drawn.marks[4].low, drawn.marks[4].high) == (0.5, 0.5)
    curve = drawn.curve
    assert curve is not None
    for mark in drawn.marks[1:4]:
        assert mark.low <= at(curve, curve.accuracy, mark.at_radius) + 0.03
        assert mark.high >= at(curve, curve.accuracy, mark.at_radius) - 0.03


def test_an_snr_claim_is_marked_only_where_all_have_one_norm() -> None:
    claim = {
        "metric": "certified_snr",
        "statistic": "median",
        "population": "all",
        "value": "46.02",
    }
    results = with_claims([claim])
    (mark,) = ours(equal_norms(one_run()), results).marks
    # 100 / 10 ** (46.02 / 20) = .50003
    assert mark.at_radius == pytest.approx(0.50003, abs=1e-5)
    assert ours(one_run(), results).marks == []


def test_a_claim_of_one_checkpoint_or_of_the_best_run_is_no_point() -> None:
    base = {"metric": "certified_accuracy", "at_radius": 0, "unit": "percent", "value": "90"}
    results = with_claims([{**base, "checkpoint": "seed0"}, {**base, "across": "max"}])
    assert ours(one_run(), results).marks == []


def as_log(records: CertificationRecords) -> RadiusRecords:
    """What an author prints who releases radii alone, three decimals, to the nearest."""
    context = context_of(some_results(), "wave")
    found = np.round(radii(records, context), 3)
    return RadiusRecords(
        example_id=records.example_id,
        label=records.label,
        predict=np.where(found > 0.0, records.selected_class, -1),
        radius=found,
        low=np.maximum(found - 0.0005, 0.0),
        high=found + 0.0005,
        line=np.arange(len(records)) + 2,
        checkpoint=records.checkpoint,
        repeat=records.repeat,
    )


def test_a_log_of_radii_is_drawn_with_what_its_digits_allow() -> None:
    records = one_run()
    drawn = only(some_results(), Found(recomputed={"wave": as_log(records)}))
    exact = only(some_results(), Found(recomputed={"wave": records})).curve
    assert drawn.histogram is None
    assert drawn.curve is not None
    assert exact is not None
    assert drawn.curve.norm_reason == "a log of radii comes without norms"
    assert drawn.curve.accuracy[0] == exact.accuracy[0]
    assert len(drawn.curve.radii) == len(exact.radii)
    for low, share, high in zip(drawn.curve.low, exact.accuracy, drawn.curve.high, strict=True):
        assert low <= share <= high


def test_ours_beside_a_log_has_no_votes_to_compare() -> None:
    records = one_run()
    found = Found(measured={"wave": records}, recomputed={"wave": as_log(records)})
    drawn = only(some_results(), found)
    assert drawn.released is not None
    assert drawn.votes is None


def test_the_histogram_counts_every_example_once() -> None:
    records = one_run()
    histogram = ours(records).histogram
    assert histogram is not None
    right = records.selected_class == records.label
    full = records.hits == records.draws
    assert histogram.right_at_ceiling == int(np.sum(full & right))
    parts = sum(histogram.right) + sum(histogram.wrong) + histogram.abstained
    assert parts + histogram.right_at_ceiling + histogram.wrong_at_ceiling == EXAMPLES


def test_votes_lie_on_the_diagonal_when_they_are_the_same() -> None:
    records = one_run()
    found = Found(measured={"wave": records}, recomputed={"wave": records})
    grid = only(some_results(), found).votes
    assert grid is not None
    assert grid.released == grid.measured
    assert grid.outside == 0
    # 2.5758 sqrt(1 / 4n + 1 / 4n) of pi / 2, in bins
    expected = 2.5758293 * np.sqrt(0.5 / N) / (np.pi / 2) * grid.bins
    assert grid.half_width == pytest.approx(expected)


def test_another_pipeline_leaves_the_stripe() -> None:
    records = one_run()
    worse = replace(records, label_hits=records.label_hits // 2)
    found = Found(measured={"wave": worse}, recomputed={"wave": records})
    grid = only(some_results(), found).votes
    assert grid is not None
    assert grid.outside > EXAMPLES // 2


def test_the_grid_has_at_most_300_cells() -> None:
    rng = np.random.default_rng(0)
    size = 4000
    both = [some_certification_records(rng.random(size), rng) for _ in range(2)]
    found = Found(measured={"wave": both[0]}, recomputed={"wave": both[1]})
    grid = only(some_results(data={"test": {"examples": size}}), found).votes
    assert grid is not None
    assert len(grid.examples) <= 300
    assert sum(grid.examples) == size


def test_an_audit_holds_what_is_drawn_of_it() -> None:
    # the embedded example: three certifications with released counts, two geometries
    audit = check(EXAMPLE / "results.json", CheckOptions(static=True))
    assert [c.kind for c in audit.contracts] == ["certification"] * 3 + ["geometry"] * 2
    assert [f.evaluation for f in audit.figures] == [c.evaluation for c in audit.contracts[:3]]
    assert all(f.curve is not None and f.curve.of == "recomputed" for f in audit.figures)
    pointers = {c.pointer for c in audit.comparisons}
    assert {m.pointer for f in audit.figures for m in f.marks} <= pointers


@pytest.mark.slow
def test_half_a_million_rows_make_a_light_page() -> None:
    rng = np.random.default_rng(0)
    size = 500_000
    p = rng.beta(8, 1, size)
    ours, theirs = (some_certification_records(p, rng) for _ in range(2))
    results = some_results(data={"test": {"examples": size}})
    found = figures(results, Found(measured={"wave": ours}, recomputed={"wave": theirs}))
    (one,) = found
    assert one.votes is not None
    # the stripe holds 99 % of honest pairs, a little less where counts are few
    assert one.votes.outside / size == pytest.approx(0.01, abs=0.003)
    page = html.render(drawn.drawn(audits.honest(), figures=found))
    assert len(page.encode()) < 2_000_000
