"""Order, prerequisites, inferred fields and suppressions, on rules made here and on ours."""

import pytest

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules import Hit, run_rules
from repaudit.rules._page import Page
from repaudit.rules._registry import Entry, RegistryFault, in_order
from repaudit.rules._rule import rule

PAGE = Page("a rule of a test", "why", "{}", "{}", "none")


def an_entry(code, hits=(), requires=(), severity=Severity.ERROR, **flags):
    def check(case):
        yield from hits

    made = rule(severity=severity, certainty=Certainty.PROVED, requires=requires, **flags)(check)
    return Entry(code, f"rule-{code.lower()}", PAGE, made)


def run(case, *entries):
    return run_rules(case, {entry.code: entry for entry in entries})


def test_a_rule_is_skipped_with_the_reason_when_its_prerequisite_found_an_error(patched):
    entries = [
        an_entry("RA002", [Hit("", "dependant")], requires=("RA003",)),
        an_entry("RA003", [Hit("", "broken")]),
        an_entry("RA004", [Hit("", "dependant of a dependant")], requires=("RA002",)),
    ]
    findings, rules = run(patched({}), *entries)
    assert [finding.code for finding in findings] == ["RA003"]
    assert {rule.code: rule.skipped for rule in rules} == {
        "RA002": "not run because RA003 rule-ra003 found an error",
        "RA003": None,
        "RA004": "not run because RA002 rule-ra002 did not run",
    }


def test_a_warning_of_a_prerequisite_skips_nothing(patched):
    first = an_entry("RA003", [Hit("", "mild")], severity=Severity.WARNING)
    second = an_entry("RA004", [Hit("", "runs")], requires=("RA003",))
    findings, _ = run(patched({}), first, second)
    assert {finding.code for finding in findings} == {"RA003", "RA004"}


def test_findings_are_sorted_by_severity_then_pointer_then_code(patched):
    hits = [
        Hit("/study", "c", severity=Severity.NOTE),
        Hit("/study", "b"),
        Hit("/data", "a"),
    ]
    findings, _ = run(patched({}), an_entry("RA009", hits), an_entry("RA008", [Hit("/study", "d")]))
    assert [(f.severity, f.pointer, f.code) for f in findings] == [
        ("error", "/data", "RA009"),
        ("error", "/study", "RA008"),
        ("error", "/study", "RA009"),
        ("note", "/study", "RA009"),
    ]


def test_a_fault_inside_a_rule_propagates(patched):
    def check(case):
        raise ZeroDivisionError
        yield

    made = rule(severity=Severity.ERROR, certainty=Certainty.PROVED)(check)
    with pytest.raises(ZeroDivisionError):
        run(patched({}), Entry("RA001", "faulty", PAGE, made))


INFERRED = {
    "annotations": [{"pointer": "/sampling/monte-carlo", "kind": "inferred", "text": "figure 2"}]
}


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/sampling/monte-carlo/alpha", ("warning", "likely")),
        ("/sampling/monte-carlo", ("warning", "likely")),
        ("/sampling", ("error", "proved")),
    ],
)
def test_a_finding_at_or_below_an_inferred_field_is_at_most_a_likely_warning(
    pointer, expected, patched
):
    case = patched({"study": {"kind": "transcription"}, **INFERRED})
    (finding,), _ = run(case, an_entry("RA001", [Hit(pointer, "x")]))
    assert (finding.severity, finding.certainty) == expected


def test_an_author_cannot_weaken_an_error_by_calling_his_own_setting_inferred(patched):
    (finding,), _ = run(patched(INFERRED), an_entry("RA001", [Hit("/sampling/monte-carlo", "x")]))
    assert (finding.severity, finding.certainty) == ("error", "proved")


def test_a_structural_finding_is_not_weakened(patched):
    case = patched({"study": {"kind": "transcription"}, **INFERRED})
    entry = an_entry("RA001", [Hit("/sampling/monte-carlo", "x")], structural=True)
    assert run(case, entry)[0][0].severity == "error"


LEFT_OUT = {
    "study": {"kind": "transcription"},
    "contracts": {"waveform": {"scale": ["certified_radius", "recording_radius"]}},
}


def suppressing(code, pointer):
    return {"suppressions": [{"code": code, "pointer": pointer, "reason": "known"}]}


def test_a_suppressed_warning_stays_with_the_authors_reason(patched):
    case = patched({**LEFT_OUT, **suppressing("RA048", "/evaluations/spoken-words/claims")})
    (finding,) = (f for f in run_rules(case)[0] if f.code == "RA048")
    assert (finding.severity, finding.suppressed) == ("warning", "known")


def test_a_suppressed_error_stays_an_error_and_the_suppression_is_noted(patched):
    original = {**LEFT_OUT, "study": {"kind": "original"}}
    case = patched({**original, **suppressing("RA048", "/evaluations/spoken-words/claims")})
    findings = [f for f in run_rules(case)[0] if f.code in ("RA048", "RA052")]
    assert [(f.code, f.severity, f.suppressed) for f in findings] == [
        ("RA048", "error", None),
        ("RA052", "note", None),
    ]


def test_a_suppression_of_a_rule_that_did_not_run_is_not_judged(patched, objections):
    case = patched(suppressing("RA810", "/data/test-set/manifest"))
    assert objections(run_rules(case)[0], "RA052") == []


def test_declared_files_are_not_looked_at_without_places(patched):
    _, rules = run_rules(patched({}))
    skipped = {rule.code: rule.skipped for rule in rules if rule.skipped}
    assert skipped == {"RA810": "not run because declared files were not to be looked at"}


def test_two_runs_give_the_same_findings(patched):
    case = patched({"sampling": {"monte-carlo": {"alpha": 2}}, "evaluations": {"x": None}})
    assert run_rules(case) == run_rules(case)


@pytest.mark.parametrize(
    ("requires", "message"), [(("RA999",), "unknown"), (("RA001",), "in a circle")]
)
def test_impossible_prerequisites_are_refused(requires, message):
    with pytest.raises(RegistryFault, match=message):
        in_order({"RA001": an_entry("RA001", requires=requires)})
