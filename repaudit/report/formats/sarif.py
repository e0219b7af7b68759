"""The audit as SARIF 2.1.0, for code scanning and editors.

Only what speaks against the file becomes a result: GitHub shows every result as an alert,
whatever its ``kind``. What was not checked is a notification of the invocation, and a run that
did not come to its end, or that its gate refuses, has a result of its own, because a log without
results closes the alerts of the log before it.

Reference: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from repaudit.audit.audit import Audit
from repaudit.report.failure import Failure
from repaudit.report.gaps import gaps
from repaudit.report.sarif_results import Json, location_of, result_of, results_of
from repaudit.report.sarif_rules import GATE, NO_AUDIT, other_rules, rule_table, shown
from repaudit.report.uris import uri_of

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def render(audit: Audit, *, pages: Mapping[str, str] | None = None) -> str:
    """Return the log; ``pages`` are the rules' Markdown pages by code, shown as help."""
    uri = uri_of(audit.subject.path)
    results = results_of(audit, uri)
    if audit.exit_code != 0 and not any(_counts(result) for result in results):
        message = f"exit {audit.exit_code}: {audit.exit_reason}"
        results.append(result_of(GATE, "error", message, location_of(uri, None, None)))
    invocation = {
        "executionSuccessful": _is_complete(audit),
        "exitCode": audit.exit_code,
        "exitCodeDescription": shown(audit.exit_reason),
        "toolExecutionNotifications": _notifications(audit),
    }
    hashes = {"sha-256": shown(audit.subject.sha256)}
    artifact = {"location": {"uri": uri}, "hashes": hashes, "roles": ["analysisTarget"]}
    rules = rule_table(audit, pages or {})
    return _log(shown(audit.environment.repaudit), rules, invocation, results, artifact)


def render_failure(failure: Failure) -> str:
    """Return the log of a command that made no audit: it failed, and says so as a result."""
    uri = uri_of(failure.path)
    invocation = {
        "executionSuccessful": False,
        "exitCode": failure.exit_code,
        "exitCodeDescription": shown(failure.message),
        "toolExecutionNotifications": [_notification("error", failure.sentence)],
    }
    result = result_of(NO_AUDIT, "error", failure.sentence, location_of(uri, None, None))
    return _log(failure.version, other_rules(), invocation, [result], {"location": {"uri": uri}})


def _log(
    version: str, rules: list[Json], invocation: Json, results: Sequence[Json], artifact: Json
) -> str:
    index = {rule["id"]: position for position, rule in enumerate(rules)}
    placed = [
        {**result, "ruleIndex": index[result["ruleId"]]} if result["ruleId"] in index else result
        for result in results
    ]
    run = {
        "tool": {"driver": {"name": "repaudit", "version": version, "rules": rules}},
        "automationDetails": {"id": f"repaudit/{artifact['location']['uri']}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "artifacts": [artifact],
        "results": placed,
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _counts(result: Json) -> bool:
    return result["level"] == "error" and "suppressions" not in result


def _is_complete(audit: Audit) -> bool:
    """Whether every part that was to run ran; its verdicts may be anything."""
    return audit.exit_code != 3 and all(m.status != "not_checked" for m in audit.measurements)


def _notifications(audit: Audit) -> list[Json]:
    return [_notification("warning", f"{g.what} not checked: {g.reason}") for g in gaps(audit)]


def _notification(level: str, text: str) -> Json:
    return {"level": level, "message": {"text": shown(text)}}
