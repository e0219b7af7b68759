from typing import Any

import pytest

from repaudit.audit.comparison import Estimate
from repaudit.contract.claim import Claim
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.fill import filled, printed

RADIUS = {"metric": "certified_radius", "statistic": "median", "population": "all"}
SNR = {"metric": "certified_snr", "statistic": "median", "population": "certified"}
SHARE = {"metric": "certified_accuracy", "at_radius": 0}


def exactly(value: float | None) -> Estimate:
    return Estimate(value=value, low=value, high=value, draws=1, method="by hand")


@pytest.mark.parametrize(
    ("fields", "value", "text"),
    [
        (RADIUS, 0.0079967, "0.007996"),  # floored to 4 significant digits
        (RADIUS, 12345.6, "12340"),
        (RADIUS, 0.0, "0.000000000"),
        (SNR, 83.9711, "83.98"),  # rounded up
        (SNR, -3.456, "-3.45"),
        (SHARE | {"unit": "percent"}, 92.25, "92.25"),
        (SHARE | {"unit": "percent"}, 100 / 3, "33.33"),
        (SHARE | {"unit": "fraction"}, 2 / 3, "0.6667"),
        ({"metric": "d_geom"}, 264.27449, "264.27"),
        ({"metric": "d_geom"}, 6.49004e-8, "0.000000064900"),
        (RADIUS | {"rounding": "half"}, 0.0079967, "0.007997"),
        (RADIUS | {"rounding": "ceil"}, 0.0079961, "0.007997"),
    ],
)
def test_a_number_is_printed_towards_the_weaker_claim(
    fields: dict[str, Any], value: float, text: str
) -> None:
    claim = Claim.model_validate(fields)
    # A plain zero or a large radius keeps its meaning, whatever the notation.
    assert printed(claim, exactly(value)).value == pytest.approx(float(text), rel=1e-12)
    low, high = filled(claim, exactly(value)).value.interval(  # type: ignore[union-attr]
        filled(claim, exactly(value)).rounding
    )
    assert low <= value <= high


def test_the_filled_claim_says_how_it_was_rounded_and_interpolated() -> None:
    claim = filled(Claim.model_validate(SNR), exactly(83.9711))
    assert (claim.value.text, claim.rounding) == ("83.98", "ceil")  # type: ignore[union-attr]
    assert claim.interpolation == "upper"
    assert filled(Claim.model_validate(RADIUS), exactly(1.0)).interpolation == "lower"


def test_digits_can_be_asked_for() -> None:
    assert printed(Claim.model_validate(RADIUS), exactly(0.0079967), 2).text == "0.0079"


def test_an_undefined_number_cannot_be_printed() -> None:
    with pytest.raises(CannotEstimate, match="by hand"):
        printed(Claim.model_validate(RADIUS), exactly(None))
