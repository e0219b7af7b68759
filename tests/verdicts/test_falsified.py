"""What flips mean, and the level L5."""

from typing import Any

import pytest

from repaudit.audit.falsification import Falsification, Flip
from repaudit.audit.finding import Certainty, Finding, Severity
from repaudit.verdicts import ladder
from repaudit.verdicts.falsified import judge_falsification, survived
from repaudit.verdicts.levels import highest, rung
from tests.builders import some_results

RESULTS = some_results()
FLIP = Flip(
    example_id="clip0",
    checkpoint="seed0",
    repeat=0,
    radius=0.3,
    distance=0.1,
    hits=490,
    draws=500,
    class_before=0,
    class_after=1,
    confirmation_hits=4000,
    confirmation_draws=10_000,
    upper_bound=0.42,
)


def attempted(**fields: Any) -> Falsification:
    base: dict[str, Any] = {
        "evaluation": "wave",
        "status": "attempted",
        "counts": "released",
        "search": "gradient",
        "attempts": 20,
        "examples": 20,
        "certified": 40,
        "rows": 48,
        "family": 24.0,
    }
    return Falsification(**{**base, **fields})


def judged(*flips: Flip, **fields: Any) -> Falsification:
    return judge_falsification(
        attempted(flips=list(flips), **fields), sigma=0.25, alpha=0.001, error=1e-5, tables=1
    )


def test_a_flip_that_luck_cannot_explain_refutes() -> None:
    """490 of 500 at a probability below Phi(.4) = .655: impossible; only the error is left."""
    found = judged(FLIP)
    assert found.refuted
    assert found.flips[0].refutes
    assert found.flips[0].p_value == pytest.approx(1e-5)


def test_a_flip_just_inside_the_ball_is_one_that_alpha_allows() -> None:
    """Its p-value is that of the radius, .001, and 24 tests were made."""
    near = FLIP.model_copy(update={"distance": 0.3999, "radius": 0.4, "hits": 485})
    found = judged(near)
    assert not found.refuted
    assert not found.flips[0].refutes
    assert found.flips[0].p_value > 0.01 / 24


def test_too_many_flips_refute_a_table_though_none_does_alone() -> None:
    """Five of 48 wrong at .001: C(48, 5) 1e-15 = 2e-9."""
    near = FLIP.model_copy(update={"distance": 0.3999, "radius": 0.4, "hits": 485})
    found = judged(*[near.model_copy(update={"example_id": str(k)}) for k in range(5)])
    assert not any(flip.refutes for flip in found.flips)
    assert found.refuted
    assert found.table_p_value == pytest.approx(5e-5, rel=0.01)  # the five confirmations


def test_no_flip_leaves_nothing_to_say_against_a_table() -> None:
    assert (judged().refuted, judged().table_p_value) == (False, 1.0)


@pytest.mark.parametrize(
    ("found", "status", "reason"),
    [
        ([judged()], "passed", "no flip in 20 attempts on 20 certificates"),
        ([judged(FLIP)], "failed", "certificates are refuted in wave"),
        ([], "not_checked", "wave: no falsification was run"),
        ([attempted(attempts=0, examples=0)], "not_checked", "no example is certified"),
        (
            [Falsification(evaluation="wave", status="not_checked", reason="no such file")],
            "not_checked",
            "wave: no such file",
        ),
    ],
)
def test_level_says_what_the_attempts_came_to(
    found: list[Falsification], status: str, reason: str
) -> None:
    level = survived(RESULTS, found)
    assert (level.id, level.status, level.reason) == ("L5", status, reason)


def test_flips_that_alpha_allows_are_said_when_the_level_is_passed() -> None:
    near = FLIP.model_copy(update={"distance": 0.3999, "radius": 0.4, "hits": 485})
    assert survived(RESULTS, [judged(near)]).reason == (
        "1 flip, no more than alpha allows, in 20 attempts on 20 certificates"
    )


def test_without_certificates_the_level_does_not_apply() -> None:
    results = RESULTS.model_copy(update={"evaluations": {}})
    assert survived(results, []).status == "not_applicable"


def test_ladder_takes_the_two_upper_rungs_from_outside() -> None:
    level = survived(RESULTS, [judged()])
    levels, _ = ladder(RESULTS, [], [], survived=level)
    assert [one.id for one in levels] == ["L0", "L1", "L2", "L3", "L4", "L5"]
    assert levels[5] == level
    assert levels[4].reason == "no second audit was given"


@pytest.mark.parametrize(
    ("confirmed", "reached"), [("passed", "L5"), ("not_applicable", "L5"), ("not_checked", "L3")]
)
def test_surviving_counts_only_above_a_confirmed_rerun(confirmed: Any, reached: str) -> None:
    below = [rung(name, "passed", "") for name in ("L0", "L1", "L2", "L3")]
    levels = [*below, rung("L4", confirmed, ""), survived(RESULTS, [judged()])]
    assert highest(levels) == reached


def test_a_falsified_certificate_counts_against_the_last_level_alone() -> None:
    finding = Finding(
        code="RA930",
        name="certificate-falsified",
        severity=Severity.ERROR,
        certainty=Certainty.PROVED,
        pointer="/evaluations/wave",
        message="",
    )
    levels, _ = ladder(RESULTS, [finding], [], survived=survived(RESULTS, [judged(FLIP)]))
    assert [level.status for level in levels] == [
        "passed",
        "passed",
        "not_applicable",
        "not_checked",
        "not_checked",
        "failed",
    ]
