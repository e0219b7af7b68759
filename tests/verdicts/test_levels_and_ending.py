from typing import Any

import pytest

from repaudit.audit.comparison import Comparison, DeclaredValue, Estimate, Verdict
from repaudit.audit.finding import Certainty, Finding, Rule, Severity
from repaudit.verdicts import ending, ladder
from tests.builders import SHARES, with_claims

PLAIN = with_claims([])
RELEASED = with_claims([], evidence=True)
DECLARED = DeclaredValue(text="92.25", low=92.245, high=92.255)


def exactly(value: float | None) -> Estimate:
    return Estimate(value=value, low=value, high=value, draws=1, method="by hand")


def comparison(verdict: Verdict, **fields: Any) -> Comparison:
    base: dict[str, Any] = {
        "kind": "claim",
        "pointer": "/evaluations/wave/claims/0",
        "evaluation": "wave",
        "label": "positive-radius accuracy",
        "metric": "certified_accuracy",
        "unit": "percent",
        "declared": DECLARED,
        "recomputed": None,
        "measured": None if verdict is Verdict.NOT_CHECKED else exactly(92.0),
        "p_value": None,
        "p_adjusted": None,
        "margin": None,
        "margin_source": None,
        "verdict": verdict,
        "reason": "no such file",
    }
    return Comparison.model_validate(base | fields)


def finding(severity: Severity, **fields: Any) -> Finding:
    return Finding(
        code="RA101",
        name="x",
        severity=severity,
        certainty=Certainty.PROVED,
        pointer="",
        message="",
        **fields,
    )


REPRODUCED = comparison(Verdict.REPRODUCED)
UNCHECKED = comparison(Verdict.NOT_CHECKED)
RECOMPUTED = comparison(Verdict.NOT_CHECKED, recomputed=exactly(92.25))


def statuses(results: Any, findings: list[Finding], found: list[Comparison]) -> dict[str, str]:
    return {level.id: level.status for level in ladder(results, findings, found)[0]}


@pytest.mark.parametrize(
    ("results", "findings", "found", "statuses_of_1_2_3", "highest"),
    [
        (PLAIN, [], [REPRODUCED], "passed not_applicable passed", "L3"),
        (PLAIN, [], [UNCHECKED], "passed not_applicable not_checked", "L1"),
        (RELEASED, [], [RECOMPUTED], "passed passed not_checked", "L2"),
        (RELEASED, [], [UNCHECKED], "passed not_checked not_checked", "L1"),
        (
            RELEASED,
            [],
            [comparison(Verdict.REFUTED, recomputed=exactly(90.0))],
            "passed failed failed",
            "L1",
        ),
        (
            RELEASED,
            [],
            [comparison(Verdict.OVERSTATED, recomputed=exactly(92.25))],
            "passed passed failed",
            "L2",
        ),
        (PLAIN, [], [REPRODUCED, UNCHECKED], "passed not_applicable not_checked", "L1"),
        (
            PLAIN,
            [],
            [REPRODUCED, comparison(Verdict.INCONCLUSIVE)],
            "passed not_applicable not_checked",
            "L1",
        ),
        (
            PLAIN,
            [],
            [REPRODUCED, comparison(Verdict.NOT_CHECKED, measured=exactly(1.0))],
            "passed not_applicable not_checked",
            "L1",
        ),
        (
            PLAIN,
            [],
            [REPRODUCED, comparison(Verdict.NOT_CHECKED, metric="inference_time")],
            "passed not_applicable passed",
            "L3",
        ),
        (
            PLAIN,
            [finding(Severity.ERROR)],
            [REPRODUCED],
            "failed not_applicable passed",
            "L0",
        ),
        (
            PLAIN,
            [finding(Severity.WARNING)],
            [REPRODUCED],
            "passed not_applicable passed",
            "L3",
        ),
    ],
)
def test_the_level_is_the_highest_passed_with_every_applicable_one_below(
    results: Any,
    findings: list[Finding],
    found: list[Comparison],
    statuses_of_1_2_3: str,
    highest: str,
) -> None:
    assert " ".join(list(statuses(results, findings, found).values())[1:4]) == statuses_of_1_2_3
    assert ladder(results, findings, found)[1] == highest


def of_records(code: str) -> Finding:
    return finding(Severity.ERROR).model_copy(update={"code": code})


@pytest.mark.parametrize("code", ["RA113", "RA850", "RA851", "RA852", "RA853", "RA904"])
def test_an_error_in_the_released_evidence_is_one_of_recomputation(code: str) -> None:
    levels, highest = ladder(RELEASED, [of_records(code)], [RECOMPUTED])
    assert [level.status for level in levels[1:3]] == ["passed", "failed"]
    assert "1 error in the released evidence" in levels[2].reason
    assert highest == "L1"


def test_errors_of_both_kinds_fail_both_levels() -> None:
    both = [finding(Severity.ERROR), of_records("RA850")]
    assert [level.status for level in ladder(RELEASED, both, [RECOMPUTED])[0][1:3]] == [
        "failed",
        "failed",
    ]


def left_out(code: str, severity: Severity) -> Rule:
    return Rule(code=code, name="x", title="x", severity=severity, skipped="not selected")


@pytest.mark.parametrize(
    ("rule", "statuses_of_1_2", "highest"),
    [
        (left_out("RA101", Severity.ERROR), ["not_checked", "passed"], "L0"),
        (left_out("RA850", Severity.ERROR), ["passed", "not_checked"], "L1"),
        (left_out("RA102", Severity.NOTE), ["passed", "passed"], "L2"),
    ],
)
def test_a_level_is_not_passed_on_an_error_rule_that_did_not_run(
    rule: Rule, statuses_of_1_2: list[str], highest: str
) -> None:
    levels, reached = ladder(RELEASED, [], [RECOMPUTED], [rule])
    assert [level.status for level in levels[1:3]] == statuses_of_1_2
    assert reached == highest


def end(
    found: list[Comparison], findings: list[Finding] | None = None, **options: Any
) -> tuple[int, str]:
    results = options.pop("results", PLAIN)
    levels, _ = ladder(results, findings or [], found)
    return ending(findings or [], found, levels, **options)


@pytest.mark.parametrize(
    ("found", "options", "code"),
    [
        ([REPRODUCED], {}, 0),
        ([comparison(Verdict.OVERSTATED)], {}, 1),
        ([comparison(Verdict.REFUTED)], {"fail_on": ("inconclusive",)}, 1),
        ([comparison(Verdict.UNDERSTATED)], {}, 0),
        ([comparison(Verdict.UNDERSTATED)], {"fail_on": ("warning",)}, 1),
        ([comparison(Verdict.INCONCLUSIVE)], {}, 0),
        ([comparison(Verdict.INCONCLUSIVE)], {"fail_on": ("error", "inconclusive")}, 1),
        ([REPRODUCED, UNCHECKED], {}, 0),
        ([REPRODUCED, UNCHECKED], {"fail_on": ("not_checked",)}, 1),
        ([REPRODUCED], {"findings": [finding(Severity.ERROR)]}, 1),
        ([REPRODUCED], {"findings": [finding(Severity.WARNING)]}, 0),
        (
            [REPRODUCED],
            {"findings": [finding(Severity.WARNING, suppressed="known")], "fail_on": ("warning",)},
            0,
        ),
        ([UNCHECKED], {}, 3),
        ([UNCHECKED], {"static": True}, 0),
        ([], {}, 3),
        ([comparison(Verdict.NOT_CHECKED, declared=None)], {"static": True}, 3),
        ([REPRODUCED], {"require": "L3"}, 0),
        ([REPRODUCED, UNCHECKED], {"require": "L3"}, 3),
        ([REPRODUCED, comparison(Verdict.INCONCLUSIVE)], {"require": "L3"}, 1),
        ([UNCHECKED], {"static": True, "require": "L2"}, 3),
        ([RECOMPUTED], {"static": True, "require": "L2", "results": RELEASED}, 0),
    ],
)
def test_an_audit_ends_with_the_code_of_the_standard(
    found: list[Comparison], options: dict[str, Any], code: int
) -> None:
    assert end(found, **options)[0] == code


def test_the_reason_counts_what_stands_at_the_gate() -> None:
    two = [comparison(Verdict.OVERSTATED), comparison(Verdict.INCONCLUSIVE)]
    reason = end(two, [finding(Severity.ERROR)], fail_on=("error", "inconclusive"))[1]
    assert reason == "2 errors and 1 inconclusive"
    assert end([UNCHECKED])[1] == "nothing could be checked: no such file"
    assert "L2 stopped" in end([UNCHECKED], static=True, require="L2")[1]


def test_shares_without_evidence_need_no_second_level() -> None:
    results = with_claims([SHARES[0] | {"value": "92.25"}])
    assert statuses(results, [], [REPRODUCED])["L2"] == "not_applicable"
