"""Printed numbers and exact settings."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaudit.contract.printed import Printed
from repaudit.contract.types import Real


def test_trailing_zeros_carry_information() -> None:
    assert Printed("92.10").ulp == Fraction(1, 100)
    assert Printed("92.1").ulp == Fraction(1, 10)


@pytest.mark.parametrize(
    ("text", "rounding", "low", "high"),
    [  # by hand
        ("0.25", "half", "0.245", "0.255"),
        ("0.25", "floor", "0.25", "0.26"),
        ("0.25", "ceil", "0.24", "0.25"),
        (".007996", "half", "0.0079955", "0.0079965"),
        ("1.5e-3", "half", "0.00145", "0.00155"),
        ("-2", "floor", "-2", "-1"),
        ("12.", "half", "11.5", "12.5"),
    ],
)
def test_interval_is_what_prints_as_the_text(text: str, rounding: str, low: str, high: str) -> None:
    assert Printed(text).interval(rounding) == (Fraction(low), Fraction(high))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,5",
        "NaN",
        "inf",
        "1e500",
        "--1",
        "0x1",
        " 1",
        "1\n",
        "9" * 65,
        ".",
        "١",
        "9" * 50 + "e260",
    ],
)
def test_what_is_no_printed_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        Printed(text)


@pytest.mark.parametrize("value", [92.1, 92, None, True])
def test_json_numbers_are_refused_as_printed_values(value: object) -> None:
    with pytest.raises(ValueError, match="in quotes"):
        Printed.parse(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-1e6, max_value=1e6))
def test_a_number_lies_in_the_interval_of_its_own_digits(value: Decimal) -> None:
    printed = Printed(format(value, "f"))
    for rounding in ("half", "floor", "ceil"):
        low, high = printed.interval(rounding)  # type: ignore[arg-type]
        assert low <= Fraction(value) <= high


def test_settings_are_equal_by_value() -> None:
    assert Real.parse(".02") == Real.parse("0.020") == Real.parse(Decimal("0.02"))
    assert Real.parse("8/255") != Real.parse("0.0314")
    assert str(Real.parse("0.0025")) == "0.0025"
    assert str(Real.parse("8/255")) == "8/255"
    assert str(Real.parse(3)) == "3"


@pytest.mark.parametrize(
    "data", ["1/0", "1e999999999", True, None, [], "1/2/3", "nan", "1" * 65, "1e-290/1e200"]
)
def test_what_is_no_setting_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        Real.parse(data)
