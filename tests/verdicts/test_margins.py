import pytest

from repaudit._core.errors import InputError
from repaudit.contract.claim import Claim
from repaudit.contract.results import Materiality
from repaudit.metrics.base import MATERIALITY
from repaudit.verdicts.margins import Margin, Margins, parse_margins

FILE = Materiality.model_validate({"accuracy": 5, "radius": "0.001", "snr": "3"})
SHARE = Claim.model_validate({"metric": "abstention_rate", "unit": "fraction"})


def test_the_defaults_are_those_of_the_standard() -> None:
    # standard section 6, by hand
    assert Margins.of(Materiality()).in_force == {
        "accuracy": 1.0,
        "radius": 0.01,
        "snr": 0.1,
        "rate": 1.0,
        "geometry": 0.01,
        "aliasing": 1e-3,
    }


def test_a_file_may_widen_a_margin_and_never_narrow_it() -> None:
    found = Margins.of(FILE).by_family
    assert found["accuracy"] == Margin(5.0, "file")
    assert found["radius"] == Margin(MATERIALITY["radius"], "default")


def test_a_margin_of_the_command_line_wins_in_both_directions() -> None:
    found = Margins.of(FILE, {"accuracy": "0.5", "radius": "30%"})
    assert found.by_family["accuracy"] == Margin(0.5, "command line")
    assert found.from_command_line == {"accuracy": 0.5, "radius": 0.3}
    assert found.by_family["snr"] == Margin(3.0, "file")


def test_a_margin_is_in_the_unit_of_the_claim() -> None:
    margins = Margins.of(FILE)
    assert margins.absolute("accuracy", SHARE, 0.9) == 0.05
    assert margins.absolute("snr", SHARE, 80.0) == 3.0
    assert margins.absolute("radius", SHARE, 0.5) == 0.005
    assert margins.absolute("geometry", SHARE, 6.5e-8) == 3e-7  # the last digit of float32


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ({"radius": "1%"}, 0.01),
        ({"radius": "0.01"}, 0.01),
        ({"rate": "1.0"}, 1.0),
        ({"accuracy": "1%"}, 1.0),  # points are percent already
        ({"snr": ".1"}, 0.1),
        ({"geometry": "5 %"}, 0.05),
    ],
)
def test_a_typed_margin_is_read_in_the_unit_of_its_family(
    typed: dict[str, str], value: float
) -> None:
    assert list(parse_margins(typed).values()) == [value]


@pytest.mark.parametrize(
    "typed", [{"radii": "1%"}, {"snr": "1%"}, {"radius": "-1"}, {"radius": "nan"}, {"radius": ""}]
)
def test_anything_else_is_refused(typed: dict[str, str]) -> None:
    with pytest.raises(InputError, match="--margin"):
        parse_margins(typed)
