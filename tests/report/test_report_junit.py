"""The audit as JUnit XML: what a continuous integration shows red, grey and green."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from junitparser import JUnitXml

from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Verdict
from repaudit.report.failure import Failure
from repaudit.report.formats import junit
from tests.report import audits

AUDITS = [audits.honest, audits.contradicted, audits.nothing_checked]
Golden = Callable[[str, str], None]


def outcomes(audit: Audit) -> dict[str, list[str]]:
    """Return the names of the cases by outcome, as another library reads them."""
    found: dict[str, list[str]] = {"passed": [], "Failure": [], "Error": [], "Skipped": []}
    for suite in JUnitXml.fromstring(junit.render(audit).encode()):
        for case in suite:
            kinds = [type(result).__name__ for result in case.result] or ["passed"]
            found[kinds[0]].append(case.name)
    return found


@pytest.mark.parametrize("make", AUDITS)
def test_it_is_as_reviewed(make: Callable[[], Audit], golden: Golden) -> None:
    golden(f"report/{make.__name__}.junit.xml", junit.render(make()))


def test_there_is_a_case_per_rule_and_per_comparison_and_one_for_the_gate() -> None:
    audit = audits.contradicted()
    names = [name for names in outcomes(audit).values() for name in names]
    assert len(names) == len(audit.rules) + len(audit.comparisons) + 1


def test_what_nobody_checked_is_skipped_with_its_reason() -> None:
    root = ET.fromstring(junit.render(audits.nothing_checked()))
    messages = {skipped.get("message") for skipped in root.iter("skipped")}
    assert "not checked: models/cnn-seed0.safetensors: no such file" in messages
    assert "not checked: needs released counts, and none could be read" in messages
    # eight comparisons and one rule; the gate itself ends with an error, exit 3
    assert (root.get("skipped"), root.get("errors"), root.get("failures")) == ("9", "1", "0")


def test_errors_and_what_the_gate_counts_fail() -> None:
    failed = outcomes(audits.contradicted())["Failure"]
    # audits.contradicted gates on warnings too: RA045 and the understated SNR fail
    assert [name.partition(" (/")[0] for name in failed] == [
        "RA045 hidden-range-control",
        "RA201 impossible-proportion",
        "RA810 hash-mismatch",
        "certified accuracy at R ≥ 0.004",
        "median certified radius over all examples",
        "median certified SNR over certified examples",
        "--fail-on error --fail-on warning --require L3",
    ]


def test_a_warning_that_no_gate_counts_passes_and_is_said() -> None:
    base = audits.contradicted()
    lenient = base.model_copy(update={"options": audits.honest().options})
    assert "RA045 hidden-range-control" in outcomes(lenient)["passed"]
    assert "clip follows the noise but is not declared as T" in junit.render(lenient)


def test_inconclusive_is_no_pass() -> None:
    skipped = outcomes(audits.contradicted())["Skipped"]
    assert [name.partition(" (/")[0] for name in skipped] == [
        "median certified radius over all examples",  # of logmel, inconclusive
        "D_geom",
    ]


def test_a_level_out_of_reach_is_red_though_every_case_is_green() -> None:
    stopped = audits.honest().model_copy(
        update={"exit_code": 3, "exit_reason": "L3 was required, L3 stopped: no device"}
    )
    found = outcomes(stopped)
    assert (found["Error"], found["Failure"]) == (["--fail-on error"], [])


def test_an_accepted_verdict_passes_and_says_who_accepts_it() -> None:
    base = audits.contradicted()
    comparisons = [
        c.model_copy(update={"accepted": "erratum sent, until 2027-01-01"})
        if c.verdict is Verdict.REFUTED
        else c
        for c in base.comparisons
    ]
    accepting = base.model_copy(update={"comparisons": comparisons})
    assert "accepted: erratum sent, until 2027-01-01" in junit.render(accepting)
    assert len(outcomes(accepting)["Failure"]) == len(outcomes(base)["Failure"]) - 1


def test_no_audit_is_never_an_empty_suite() -> None:
    bare = audits.honest().model_copy(update={"rules": [], "comparisons": []})
    assert outcomes(bare)["passed"] == ["--fail-on error"]
    failure = junit.render_failure(Failure("r.json", "planted", 70, "0.1.0"))
    root = ET.fromstring(failure)
    assert (root.get("tests"), root.get("errors")) == ("1", "1")


def test_hostile_text_stays_text_and_the_file_stays_readable() -> None:
    root = ET.fromstring(junit.render(audits.hostile()))
    texts = [value for node in root.iter() for value in (node.text or "", *node.attrib.values())]
    assert not any("\x00" in text or "\x1b" in text or "\u202e" in text for text in texts)
    assert {node.tag for node in root.iter()} <= {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "error",
        "skipped",
        "system-out",
    }
    assert max(map(len, texts)) <= junit.LONGEST
