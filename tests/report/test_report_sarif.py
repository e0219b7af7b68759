"""The audit as SARIF: valid, pointing at lines, and never a pass by accident."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from repaudit.audit.audit import Audit
from repaudit.report.failure import Failure
from repaudit.report.formats import sarif
from repaudit.report.uris import uri_of
from tests.report import audits

AUDITS = [audits.honest, audits.contradicted, audits.nothing_checked, audits.hostile]
FAILURE = Failure("study/results.json", "fault in repaudit: planted", 70, "0.1.0")
Golden = Callable[[str, str], None]


def run_of(text: str) -> dict[str, Any]:
    (run,) = json.loads(text)["runs"]
    found: dict[str, Any] = run
    return found


def results_of(audit: Audit) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run_of(sarif.render(audit))["results"]
    return found


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    folder = os.environ.get("REPAUDIT_REAL_DATA")
    path = Path(folder or "") / "schemas" / "sarif-schema-2.1.0.json"
    if not folder or not path.is_file():
        pytest.skip("the official SARIF schema is not there: REPAUDIT_REAL_DATA/schemas")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("make", AUDITS)
def test_it_satisfies_the_official_schema(
    make: Callable[[], Audit], schema: dict[str, Any]
) -> None:
    document = json.loads(sarif.render(make(), pages={"RA101": "# RA101"}))
    assert [error.message for error in Draft7Validator(schema).iter_errors(document)] == []


def test_a_failure_satisfies_the_official_schema(schema: dict[str, Any]) -> None:
    document = json.loads(sarif.render_failure(FAILURE))
    assert [error.message for error in Draft7Validator(schema).iter_errors(document)] == []


def test_the_schema_refuses_a_log_without_a_message(schema: dict[str, Any]) -> None:
    document = json.loads(sarif.render(audits.contradicted()))
    del document["runs"][0]["results"][0]["message"]
    assert not Draft7Validator(schema).is_valid(document)


@pytest.mark.parametrize("make", AUDITS[:3])
def test_it_is_as_reviewed(make: Callable[[], Audit], golden: Golden) -> None:
    golden(f"report/{make.__name__}.sarif", sarif.render(make()))


def test_a_finding_and_a_verdict_stand_at_their_line_and_column() -> None:
    found = {
        (r["ruleId"], r["level"]): r["locations"][0]["physicalLocation"]["region"]
        for r in results_of(audits.contradicted())
    }
    # lines and columns as audits.contradicted has them
    assert found == {
        ("RA810", "error"): {"startLine": 96, "startColumn": 18},
        ("RA201", "error"): {"startLine": 142, "startColumn": 40},
        ("RA045", "warning"): {"startLine": 61, "startColumn": 7},
        ("overstated", "error"): {"startLine": 142, "startColumn": 5},
        ("refuted", "error"): {"startLine": 143, "startColumn": 5},
        ("understated", "warning"): {"startLine": 144, "startColumn": 5},
    }


def test_what_agrees_and_what_is_open_is_no_alert() -> None:
    (only,) = results_of(audits.honest())
    # the one note of audits.honest, which its author suppresses
    assert (only["ruleId"], only["suppressions"][0]["kind"]) == ("RA102", "inSource")


def test_every_result_is_of_a_rule_in_the_table() -> None:
    run = run_of(sarif.render(audits.contradicted()))
    rules = run["tool"]["driver"]["rules"]
    assert [rules[r["ruleIndex"]]["id"] for r in run["results"]] == [
        r["ruleId"] for r in run["results"]
    ]
    # six rules of the audit, three verdicts against a file, two endings
    assert len(rules) == 6 + 3 + 2


def test_the_page_of_a_rule_is_its_help() -> None:
    run = run_of(sarif.render(audits.honest(), pages={"RA101": "# RA101\n\n## Why"}))
    helps = {rule["id"]: rule.get("help") for rule in run["tool"]["driver"]["rules"]}
    assert helps["RA101"]["markdown"] == "# RA101\n\n## Why"
    assert "repaudit explain RA045" in helps["RA045"]["text"]


def test_nothing_checked_is_unsuccessful_and_an_alert_of_its_own() -> None:
    run = run_of(sarif.render(audits.nothing_checked()))
    (invocation,) = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    assert [(r["ruleId"], r["level"]) for r in run["results"]] == [("gate", "error")]
    reasons = [note["message"]["text"] for note in invocation["toolExecutionNotifications"]]
    assert any("models/cnn-seed0.safetensors: no such file" in reason for reason in reasons)


def test_a_crash_is_unsuccessful_and_closes_no_alert() -> None:
    run = run_of(sarif.render_failure(FAILURE))
    assert run["invocations"][0]["executionSuccessful"] is False
    assert [(r["ruleId"], r["level"]) for r in run["results"]] == [("no-audit", "error")]
    assert "planted" in run["results"][0]["message"]["text"]


def test_a_gate_that_only_warnings_fail_has_an_error_of_its_own() -> None:
    base = audits.contradicted()
    warned = base.model_copy(
        update={
            "findings": base.findings[2:],
            "comparisons": base.comparisons[:1],
            "exit_reason": "1 warning",
        }
    )
    assert [r["level"] for r in results_of(warned)] == ["warning", "error"]


def test_what_a_gate_keeper_accepts_is_an_external_suppression() -> None:
    base = audits.contradicted()
    accepted = [f.model_copy(update={"accepted": "known, until 2027-01-01"}) for f in base.findings]
    found = results_of(base.model_copy(update={"findings": accepted}))
    kinds = [[s["kind"] for s in r.get("suppressions", [])] for r in found]
    assert kinds == [["external"], ["external"], ["external"], [], [], []]


def test_an_alert_is_followed_through_an_edit_and_its_file_is_told_apart() -> None:
    base = audits.contradicted()
    other = base.model_copy(
        update={"subject": base.subject.model_copy(update={"sha256": "0" * 64})}
    )
    before, after = results_of(base), results_of(other)
    for one, two in zip(before, after, strict=True):
        assert one["partialFingerprints"] == two["partialFingerprints"]
        assert one["fingerprints"] != two["fingerprints"]
    ids = [r["partialFingerprints"]["codeAndPointer/v1"] for r in before]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("results.json", "results.json"),
        ("./a/../b/results.json", "b/results.json"),
        ("a\\b c.json", "a/b%20c.json"),
        ("../results.json", "../results.json"),
        ("/x/100%.json", "file:///x/100%25.json"),
        ("C:\\x\\r.json", "file:///C:/x/r.json"),
    ],
)
def test_a_path_is_a_relative_posix_uri_where_it_can_be(path: str, uri: str) -> None:
    assert uri_of(path) == uri
