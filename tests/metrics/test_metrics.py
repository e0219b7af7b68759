import math
from typing import Any

import numpy as np
import pytest

from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Claim
from repaudit.evidence.join import concatenate, take
from repaudit.evidence.tables import CertificationRecords, GeometryRecords, Records
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.context import Context, context_of
from repaudit.metrics.estimate import estimate
from repaudit.metrics.registry import metrics
from repaudit.statistics.certificate import certified_z
from tests.builders import (
    ALIASING,
    ALIASING_EVALUATION,
    ATTACKED,
    ATTACKED_FILE,
    CLEAN_EVALUATION,
    DISTRIBUTIONS,
    GEOMETRY,
    GEOMETRY_EVALUATION,
    SHARES,
    margins_near,
    some_aliasing_records,
    some_attacked_records,
    some_certification_records,
    some_clean_records,
    some_geometry_records,
    some_results,
)


def claim(**fields: Any) -> Claim:
    return Claim.model_validate(fields)


def radius(**fields: Any) -> Claim:
    return claim(metric="certified_radius", population="all", **fields)


def by_hand() -> CertificationRecords:
    """Five examples at n = 500: two right at the ceiling, one at 400, one wrong, one abstains.

    k_min(500, .001) = 286: P(Bin(500, .5) >= 286) = .00074, >= 285: .0010002 (scipy.stats.binom).
    """
    hits = np.array([500, 500, 400, 450, 285])
    label = np.array([0, 1, 2, 3, 0])
    selected = np.array([0, 1, 2, 0, 0])
    return CertificationRecords(
        example_id=np.array(list("abcde")),
        label=label,
        selected_class=selected,
        hits=hits,
        label_hits=np.where(label == selected, hits, 500 - hits),
        draws=np.full(5, 500),
        checkpoint=np.full(5, "seed0"),
        repeat=np.zeros(5, np.int64),
        top_class=selected,
        norm=np.array([10.0, 20.0, 10.0, 10.0, 10.0]),
        recording_radius=np.array([0.1, 0.2, 0.05, 0.3, 0.0]),
        base_class=np.array([0, 1, 2, 3, 1]),
        noisy_class=np.array([0, 1, 0, 0, 0]),
    )


def context(examples: int = 5, **patch: Any) -> Context:
    return context_of(some_results(data={"test": {"examples": examples}}, **patch), "wave")


def value(c: Claim, records: Records | None = None, ctx: Context | None = None) -> float:
    found = estimate(c, ctx or context(), by_hand() if records is None else records)
    assert found.value is not None, found.method
    return found.value


CEILING = 0.25 * float(certified_z(500, 500, 0.001))
AT_400 = 0.25 * float(certified_z(400, 500, 0.001))
AT_450 = 0.25 * float(certified_z(450, 500, 0.001))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"metric": "certified_accuracy", "at_radius": 0}, 3 / 5),
        ({"metric": "certified_accuracy", "at_radius": AT_400}, 3 / 5),
        ({"metric": "certified_accuracy", "at_radius": AT_400 * 1.001}, 2 / 5),
        ({"metric": "certified_accuracy", "at_radius": CEILING}, 2 / 5),
        # SNR at the ceiling: 20 log10(10 / .5513) = 25.2 and 31.2 dB; at 400 hits R = .161: 35.8 dB
        ({"metric": "certified_accuracy", "at_snr_db": 26}, 1 / 5),
        ({"metric": "certified_accuracy", "at_snr_db": 32}, 2 / 5),
        ({"metric": "certified_accuracy", "at_snr_db": 36}, 3 / 5),
        ({"metric": "certified_wrong_rate"}, 1 / 5),
        ({"metric": "abstention_rate"}, 1 / 5),
        ({"metric": "clean_accuracy", "classifier": "base"}, 4 / 5),
        ({"metric": "clean_accuracy", "classifier": "smoothed"}, 4 / 5),
        ({"metric": "noisy_accuracy"}, 3 / 5),
    ],
)
def test_a_share_counted_by_hand(fields: dict[str, Any], expected: float) -> None:
    assert value(claim(unit="fraction", **fields)) == expected
    assert value(claim(unit="percent", **fields)) == 100.0 * expected


@pytest.mark.parametrize(
    ("population", "expected"),
    [
        ("all", (2 * CEILING + AT_400) / 5),
        ("certified", (2 * CEILING + AT_400 + AT_450) / 4),
        ("certified_correct", (2 * CEILING + AT_400) / 3),
        # right on the clean example: a, b, c and d; d is certified wrong and counts as 0
        ("correct", (2 * CEILING + AT_400) / 4),
    ],
)
def test_a_mean_radius_counts_the_population_by_hand(population: str, expected: float) -> None:
    c = claim(metric="certified_radius", statistic="mean", population=population)
    assert value(c) == pytest.approx(expected, rel=1e-12)


def test_a_median_takes_the_declared_interpolation_and_else_the_weaker_neighbour() -> None:
    c = claim(metric="certified_radius", statistic="median", population="certified")
    assert value(c) == AT_450  # sorted: 400, 450, ceiling, ceiling
    found = estimate(c, context(), by_hand())
    assert (found.low, found.high) == (AT_450, CEILING)
    assert "lower interpolation (not stated)" in found.method
    upper = c.model_copy(update={"interpolation": "upper"})
    assert value(upper) == CEILING
    exact = estimate(upper, context(), by_hand())
    assert exact.low == exact.value == exact.high
    assert exact.method.endswith("exact, from 4 released records")


def test_an_abstention_ranks_last_in_a_median_snr() -> None:
    # over all: a 25.2, c, b 31.2 dB; d (wrong) and e (abstains) are +inf: the median is the third
    c = claim(metric="certified_snr", statistic="median", population="all")
    finite = sorted(20 * math.log10(n / r) for n, r in ((10, CEILING), (20, CEILING), (10, AT_400)))
    assert value(c) == pytest.approx(finite[2])
    assert "upper" in estimate(c, context(), by_hand()).method


@pytest.mark.parametrize(
    ("c", "words"),
    [
        (claim(metric="certified_snr", statistic="mean", population="all"), "2 of 5"),
        (
            claim(metric="certified_snr", statistic="quantile", level=0.9, population="all"),
            "without a certificate",
        ),
    ],
)
def test_an_snr_that_needs_an_abstention_is_undefined_with_its_reason(c: Claim, words: str) -> None:
    found = estimate(c, context(), by_hand())
    assert found.value is None
    assert words in found.method


def test_an_empty_population_is_undefined_and_never_zero() -> None:
    none = take(by_hand(), [4])
    for statistic in ("mean", "median"):
        c = claim(metric="certified_radius", statistic=statistic, population="certified")
        found = estimate(c, context(1), none)
        assert found.value is None
        assert "empty" in found.method


def test_an_undefined_recording_radius_makes_the_number_undefined() -> None:
    records = by_hand()
    records = CertificationRecords(**{**vars(records), "recording_radius": np.full(5, np.nan)})
    c = claim(metric="recording_radius", statistic="mean", population="all")
    assert "undefined for 3 of 5" in estimate(c, context(), records).method


def test_a_standard_deviation_holds_both_divisors() -> None:
    c = radius(statistic="std")
    radii = np.array([CEILING, CEILING, AT_400, 0.0, 0.0])
    found = estimate(c, context(), by_hand())
    assert found.value == pytest.approx(radii.std(ddof=1))
    assert found.low == pytest.approx(radii.std())


def test_a_geometry_by_hand() -> None:
    """eps = (3, 4), Delta = (0, 4) and eps = (0, 2), Delta = (0, 2)."""
    records = GeometryRecords(
        example_id=np.array(["a", "b"]),
        draw=np.array([0, 0]),
        noise_norm=np.array([5.0, 2.0]),
        delta_norm=np.array([4.0, 2.0]),
        repeat=np.array([0, 0]),
        clean_bias_norm=np.array([1.0, 0.0]),
        noise_gain_norm=np.array([5.0, 2.0]),
        inner_product=np.array([16.0, 4.0]),
    )
    geometry = some_results(
        data={"test": {"examples": 2}}, evaluations={"geometry": GEOMETRY_EVALUATION}
    )
    ctx = context_of(geometry, "geometry")
    expected = {
        "d_geom": 0.1,  # (|4/5 - 1| + 0) / 2
        "norm_ratio": 0.9,
        "clean_bias": 0.1,
        "noise_gain": 1.0,
        "cosine": 0.9,  # (16 / 20 + 1) / 2
        "vector_deviation": 0.3,  # (|(-3, 0)| / 5 + 0) / 2
    }
    for name, number in expected.items():
        fields = {} if name == "d_geom" else {"statistic": "mean"}
        assert value(claim(metric=name, **fields), records, ctx) == pytest.approx(number), name


def test_runs_are_combined_as_declared() -> None:
    two: Any = {"models": {"cnn": {"checkpoints": [{"id": "seed0"}, {"id": "seed1"}]}}}
    ctx = context(**two)
    second = by_hand()
    second = CertificationRecords(
        **{
            **vars(second),
            "checkpoint": np.full(5, "seed1"),
            "selected_class": np.array([1, 1, 2, 0, 0]),
            "label_hits": np.array([0, 500, 400, 50, 285]),
        }
    )
    both = concatenate([by_hand(), second])
    base = {"metric": "certified_accuracy", "at_radius": 0, "unit": "fraction"}
    assert value(claim(**base, across="mean"), both, ctx) == pytest.approx((3 / 5 + 2 / 5) / 2)
    assert value(claim(**base, across="max"), both, ctx) == 3 / 5
    assert value(claim(**base, across="min"), both, ctx) == 2 / 5
    assert value(claim(**base, across="median"), both, ctx) == 0.5
    assert value(claim(**base, checkpoint="seed1"), both, ctx) == 2 / 5
    pooled = claim(
        metric="certified_radius", statistic="mean", population="certified", across="pooled"
    )
    assert value(pooled, both, ctx) == pytest.approx((4 * CEILING + 2 * AT_400 + 2 * AT_450) / 8)
    with pytest.raises(UnstatedError):
        estimate(claim(**base), ctx, both)


@pytest.mark.parametrize(
    ("c", "words"),
    [
        (claim(metric="inference_time", unit="s"), "no measurement of this version"),
        (claim(metric="attacked_accuracy", unit="percent"), "no number of certification records"),
        (claim(metric="am", layer="conv"), "no number of certification records"),
        (claim(metric="d_geom"), "no number of certification records"),
        (claim(metric="certified_radius", statistic="mean"), "the population is not stated"),
        (radius(), "the statistic is not stated"),
        (claim(metric="clean_accuracy", unit="percent"), "the classifier is not stated"),
        (
            claim(metric="clean_accuracy", classifier="defended", unit="percent"),
            "no classifier defended",
        ),
    ],
)
def test_what_cannot_be_computed_says_why(c: Claim, words: str) -> None:
    with pytest.raises(CannotEstimate, match=words):
        estimate(c, context(), by_hand())


def test_a_missing_column_and_a_missing_example_say_so() -> None:
    records = CertificationRecords(**{**vars(by_hand()), "norm": None})
    snr = claim(metric="certified_snr", statistic="median", population="all")
    with pytest.raises(CannotEstimate, match="no column norm"):
        estimate(snr, context(), records)
    with pytest.raises(CannotEstimate, match="hold 5 of 6 examples"):
        estimate(snr, context(6), by_hand())
    with pytest.raises(CannotEstimate, match="hold 0 of 1 runs"):
        estimate(snr, context(), take(by_hand(), []))


def test_an_unusable_protocol_is_a_reason_and_no_number() -> None:
    wilson = context(sampling={"mc": {"bound": "wilson"}})
    with pytest.raises(CannotEstimate, match="bound wilson"):
        estimate(radius(statistic="mean"), wilson, by_hand())
    unstated = context(sampling={"mc": {"n": "unstated"}})
    with pytest.raises(CannotEstimate, match="n is unstated"):
        estimate(radius(statistic="mean"), unstated, by_hand())


def cases() -> list[tuple[dict[str, Any], Records, Context]]:
    rng = np.random.default_rng(3)
    others = {"geometry": GEOMETRY_EVALUATION, "clean": CLEAN_EVALUATION}
    results = some_results(evaluations=others | {"aliasing": ALIASING_EVALUATION})
    votes = some_certification_records(margins_near(rng), rng)
    norms = some_geometry_records(rng)
    clean = some_clean_records(rng.random(48) < 0.8)
    attacked = some_attacked_records(rng, ("pgd", "fgsm"))
    base = {"metric": "clean_accuracy", "classifier": "base", "unit": "percent"}
    rest = [
        {"metric": name, "statistic": "quantile", "level": 0.3}
        for name in ("clean_bias", "noise_gain", "vector_deviation")
    ]
    return [
        *((c, votes, context_of(results, "wave")) for c in SHARES + DISTRIBUTIONS),
        *((c, norms, context_of(results, "geometry")) for c in GEOMETRY + rest),
        (base, clean, context_of(results, "clean")),
        *((c, attacked, context_of(some_results(**ATTACKED_FILE), "attacked")) for c in ATTACKED),
        *((c, some_aliasing_records(rng), context_of(results, "aliasing")) for c in ALIASING),
    ]


def test_every_metric_is_held_to_the_laws() -> None:
    assert {c["metric"] for c, _, _ in cases()} == set(metrics())


@pytest.mark.parametrize("case", cases(), ids=lambda case: case[0]["metric"])
def test_no_metric_depends_on_the_order_or_the_chunks_of_the_records(
    case: tuple[dict[str, Any], Any, Context],
) -> None:
    fields, records, ctx = case
    expected = value(claim(**fields), records, ctx)
    order = np.random.default_rng(4).permutation(len(records))
    shuffled = take(records, order)
    chunks = concatenate([take(shuffled, part) for part in np.array_split(range(len(order)), 5)])
    assert value(claim(**fields), chunks, ctx) == pytest.approx(expected, rel=1e-12)


def test_the_three_outcomes_of_a_certification_sum_to_one() -> None:
    rng = np.random.default_rng(5)
    records = some_certification_records(margins_near(rng), rng)
    ctx = context(48)
    parts: list[dict[str, Any]] = [
        {"metric": "certified_accuracy", "at_radius": 0},
        {"metric": "certified_wrong_rate"},
        {"metric": "abstention_rate"},
    ]
    total = sum([value(claim(unit="fraction", **p), records, ctx) for p in parts])
    assert total == pytest.approx(1)
