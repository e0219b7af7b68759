"""Numbers of printed radii: intervals by hand, and that they hold those of the counts."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, RadiusRecords
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.context import Context
from repaudit.metrics.estimate import estimate
from repaudit.statistics.certificate import certified_z
from repaudit.statistics.predictive import Protocol

CONTEXT = Context("certification", None, {}, ("a",), 1, 0.5, Protocol(100, 1000, 0.001), None, "")
# right at .50, right at .25, wrong at .30, abstains; printed with two decimals
LOG = RadiusRecords(
    example_id=np.array(["0", "1", "2", "3"]),
    label=np.array([1, 2, 3, 4]),
    predict=np.array([1, 2, 0, -1]),
    radius=np.array([0.50, 0.25, 0.30, 0.0]),
    low=np.array([0.495, 0.245, 0.295, 0.0]),
    high=np.array([0.505, 0.255, 0.305, 0.005]),
    line=np.arange(2, 6),
    checkpoint=np.array(["a"] * 4),
    repeat=np.zeros(4, np.int64),
)
SHARE: dict[str, Any] = {"unit": "percent"}
RADIUS: dict[str, Any] = {"metric": "certified_radius"}
LOWER: dict[str, Any] = RADIUS | {"interpolation": "lower"}


def numbers(**fields: Any) -> tuple[float | None, float | None, float | None]:
    found = estimate(Claim.model_validate(fields), CONTEXT, LOG)
    return found.value, found.low, found.high


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"metric": "certified_accuracy", "at_radius": 0, **SHARE}, (50, 50, 50)),
        ({"metric": "certified_accuracy", "at_radius": "0.25", **SHARE}, (50, 25, 50)),
        ({"metric": "certified_accuracy", "at_radius": "0.502", **SHARE}, (0, 0, 25)),
        ({"metric": "certified_wrong_rate", **SHARE}, (25, 25, 25)),
        ({"metric": "abstention_rate", **SHARE}, (25, 25, 25)),
        ({"metric": "clean_accuracy", "classifier": "smoothed", **SHARE}, (50, 50, 75)),
        (RADIUS | {"statistic": "mean", "population": "all"}, (0.1875, 0.185, 0.19)),
        (RADIUS | {"statistic": "mean", "population": "certified"}, (0.35, 0.345, 0.355)),
        (RADIUS | {"statistic": "mean", "population": "certified_correct"}, (0.375, 0.37, 0.38)),
        (
            LOWER | {"statistic": "median", "population": "certified"},
            (0.3, 0.295, 0.305),
        ),
        (
            RADIUS
            | {
                "statistic": "quantile",
                "level": "1",
                "population": "all",
                "interpolation": "lower",
            },
            (0.5, 0.495, 0.505),
        ),
    ],
)
def test_a_number_of_printed_radii_is_an_interval(
    fields: dict[str, Any], expected: tuple[float, float, float]
) -> None:
    assert numbers(**fields) == pytest.approx(expected)


@pytest.mark.parametrize(
    "fields",
    [
        {"metric": "certified_snr", "statistic": "median", "population": "all"},
        {"metric": "noisy_accuracy", **SHARE},
        {"metric": "certified_accuracy", "at_snr_db": "80", **SHARE},
        {"metric": "clean_accuracy", "classifier": "base", **SHARE},
        RADIUS | {"statistic": "std", "population": "all"},
        RADIUS | {"statistic": "mean", "population": "correct"},
    ],
)
def test_what_radii_do_not_tell_is_no_number(fields: dict[str, Any]) -> None:
    with pytest.raises(CannotEstimate):
        numbers(**fields)


@pytest.mark.parametrize("digits", [2, 3])
def test_the_interval_holds_the_number_of_the_counts(digits: int) -> None:
    counts, log = a_run(digits)
    for fields in (
        {"metric": "certified_accuracy", "at_radius": "0.4", **SHARE},
        {"metric": "abstention_rate", **SHARE},
        RADIUS | {"statistic": "mean", "population": "all"},
        RADIUS | {"statistic": "median", "population": "certified"},
    ):
        claim = Claim.model_validate(fields)
        exact = estimate(claim, CONTEXT, counts).value
        found = estimate(claim, CONTEXT, log)
        assert found.low is not None
        assert found.high is not None
        assert exact is not None
        assert found.low - 1e-12 <= exact <= found.high + 1e-12
        assert math.isclose(found.low, found.high, rel_tol=0.05)


def a_run(digits: int) -> tuple[CertificationRecords, RadiusRecords]:
    """The counts of a made-up network, and the log that it prints of them."""
    rng = np.random.default_rng(11)
    hits = rng.integers(450, 1001, 300)
    label = rng.integers(0, 3, 300)
    selected = np.where(rng.random(300) < 0.8, label, (label + 1) % 3)
    right = selected == label
    radius = 0.5 * certified_z(hits, np.full(300, 1000), 0.001)
    half = 0.5 * 10.0**-digits
    counts = CertificationRecords(
        example_id=np.arange(300).astype(str),
        label=label,
        selected_class=selected,
        hits=hits,
        label_hits=np.where(right, hits, 0),
        draws=np.full(300, 1000),
        checkpoint=np.full(300, "a"),
        repeat=np.zeros(300, np.int64),
    )
    printed = np.round(radius, digits)
    log = replace(
        LOG,
        example_id=counts.example_id,
        label=label,
        predict=np.where(radius > 0.0, selected, -1),
        radius=printed,
        low=np.maximum(printed - half, 0.0),
        high=printed + half,
        line=np.arange(300) + 2,
        checkpoint=counts.checkpoint,
        repeat=counts.repeat,
    )
    return counts, log
