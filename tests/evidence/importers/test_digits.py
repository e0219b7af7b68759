"""How a log's numbers were printed: expected intervals by hand."""

from decimal import Decimal

import numpy as np
import pytest

from repaudit.evidence.importers.digits import digits_of


def test_fixed_decimals_are_those_that_all_numbers_share() -> None:
    digits = digits_of(["0.7501", "0.0000", "1.2345"])
    assert str(digits) == "4 decimals"
    assert digits.interval(Decimal("0.7501")) == (Decimal("0.75005"), Decimal("0.75015"))


def test_significant_digits_lose_their_trailing_zeros() -> None:
    digits = digits_of(["0.0", "1.0", "0.165", "7.11e-05"])
    assert str(digits) == "3 significant digits"
    assert digits.interval(Decimal("1.0")) == (Decimal("0.995"), Decimal("1.005"))
    assert digits.interval(Decimal("7.11e-05")) == (Decimal("0.00007105"), Decimal("0.00007115"))


@pytest.mark.parametrize("form", ["{:.3}", "{:.4}", "{:.5}", "{:.3f}", "{:.4f}", "{:.5f}"])
def test_every_number_lies_in_the_interval_of_its_digits(form: str) -> None:
    # oracle: Python's own formatting, as in the programs that write such logs
    numbers = np.random.default_rng(7).beta(2.0, 3.0, 400) * 2.0
    texts = [form.format(number) for number in numbers]
    digits = digits_of(texts)
    assert str(digits).startswith(form[3])
    for number, text in zip(numbers, texts, strict=True):
        low, high = digits.interval(Decimal(text))
        assert low <= Decimal(number) <= high
