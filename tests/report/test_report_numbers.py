import pytest

from repaudit.audit.comparison import DeclaredValue, Estimate
from repaudit.report import numbers
from repaudit.report.command import reproduce_command
from repaudit.report.materiality import margins
from repaudit.report.places import file_name, place_of
from repaudit.report.strip import WIDTH, strip_of
from tests.report import audits


@pytest.mark.parametrize(
    ("value", "resolution", "shown"),
    [
        (None, 0.0, "–"),
        (0.0, 1.0, "0"),
        (87.5, 4.1667, "87.50"),
        (0.0059612, 0.00144, "0.00596"),
        (-12.3456, 2.0, "-12.35"),
        (264.2688, 0.0074, "264.269"),  # six digits at most
        (1e-9, 1e-13, "1e-09"),
        (1e12, 5.0, "1e+12"),
        (float("inf"), 1.0, "inf"),
    ],
)
def test_a_number_has_the_digits_its_interval_supports(
    value: float | None, resolution: float, shown: str
) -> None:
    assert numbers.number(value, resolution) == shown


def test_an_exact_number_has_no_interval() -> None:
    exact = Estimate(value=1.5, low=1.5, high=1.5, draws=1, method="counts")
    assert numbers.interval_text(exact) == ""
    assert numbers.value_text(exact) == "1.5"


def test_an_undefined_number_is_a_dash_and_not_zero() -> None:
    undefined = Estimate(value=None, low=None, high=None, draws=0, method="no example certified")
    assert numbers.value_text(undefined) == "–"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.04, "0.0 s"), (9.96, "10.0 s"), (59.7, "1 min 0 s"), (3725, "1 h 2 min")],
)
def test_a_time_is_said_as_a_person_says_it(seconds: float, shown: str) -> None:
    assert numbers.duration(seconds) == shown


def test_the_command_has_the_nonce_and_every_option() -> None:
    assert reproduce_command(audits.contradicted()) == (
        "repaudit check examples/keyword-spotting/results.json "
        "--nonce 00112233445566778899aabbccddeeff --mode full --margin radius=30% "
        "--fail-on error --fail-on warning --require L3"
    )


def test_the_command_quotes_a_path_for_the_shell() -> None:
    audit = audits.honest()
    subject = audit.subject.model_copy(update={"path": "a b;rm -rf.json"})
    assert "'a b;rm -rf.json'" in reproduce_command(audit.model_copy(update={"subject": subject}))


def test_materiality_says_where_each_margin_came_from() -> None:
    sources = {m.family: (m.margin, m.source) for m in margins(audits.contradicted())}
    assert sources["radius"] == ("± 30 %", "command line")
    assert sources["accuracy"] == ("± 5 points", "declared in the file")
    assert sources["rate"] == ("± 1 points", "default")


def test_a_place_without_a_line_is_the_pointer() -> None:
    comparison = audits.comparison(line=None)
    assert place_of(comparison, "r.json") == "r.json: /evaluations/wave-low/claims/0"


@pytest.mark.parametrize("path", ["results.json", "a/b/results.json", "C:\\x\\results.json"])
def test_a_file_name_is_the_last_part_of_the_path(path: str) -> None:
    assert file_name(path) == "results.json"


def test_the_strip_puts_the_declared_value_in_the_middle_of_its_margin() -> None:
    strip = strip_of(audits.comparison())
    assert strip is not None
    assert strip.margin is not None
    assert strip.honest is not None
    assert strip.declared == pytest.approx(strip.margin.x + strip.margin.width / 2, abs=0.02)
    assert strip.margin.x <= strip.honest.x
    assert strip.honest.x + strip.honest.width <= strip.margin.x + strip.margin.width


def test_a_declared_value_outside_the_honest_ones_is_drawn_outside() -> None:
    strip = strip_of(audits.contradicted().comparisons[1])
    assert strip is not None
    assert strip.honest is not None
    assert strip.declared > strip.honest.x + strip.honest.width


def test_a_rounded_digit_is_drawn_beside_what_it_was_rounded_from() -> None:
    counted = audits.comparison(measured=None, margin=None)
    wrong = audits.comparison(measured=None, margin=None, recomputed=audits.exact(87.5))
    near, far = strip_of(counted), strip_of(wrong)
    assert near is not None
    assert far is not None
    assert near.recomputed is not None
    assert far.recomputed is not None
    assert abs(near.recomputed - near.declared) < 1
    assert abs(far.recomputed - far.declared) > WIDTH / 4


def test_a_claim_with_nothing_to_hold_it_against_has_no_strip() -> None:
    assert strip_of(audits.nothing_checked().comparisons[0]) is None
    assert strip_of(audits.comparison(declared=None)) is None


def test_a_strip_of_one_point_stays_inside() -> None:
    point = Estimate(value=1.0, low=1.0, high=1.0, draws=1, method="exact")
    strip = strip_of(
        audits.comparison(
            declared=DeclaredValue(text="1", low=1, high=1),
            measured=point,
            recomputed=point,
            margin=0.0,
        )
    )
    assert strip is not None
    assert 0 < strip.declared < WIDTH
    assert strip.margin is None


def test_an_interval_without_an_end_is_not_drawn() -> None:
    wide = Estimate(value=1.0, low=None, high=2.0, draws=1, method="unbounded")
    strip = strip_of(audits.comparison(measured=wide))
    assert strip is not None
    assert strip.honest is None
