"""What a baseline accepts is listed, and takes no word of the audit back."""

import pytest

from repaudit.audit.baseline import Accepted, Baseline
from repaudit.report.accepted import accepted_lines
from repaudit.report.formats import render_audit
from tests.report import audits

ENTRIES = [
    ("used", "accepted until 2027-03-31"),
    ("expired", "no longer accepted since 2027-03-31"),
    ("other_file", "accepted in another results file, until 2027-03-31"),
    ("unused", "accepted and not there, delete the entry; until 2027-03-31"),
]


def entry(status: str, reason: str = "erratum sent") -> Accepted:
    return Accepted.model_validate(
        {
            "code": "RA201",
            "pointer": "/evaluations/wave-low/claims/1/value",
            "reason": reason,
            "expires": "2027-03-31",
            "status": status,
        }
    )


def baseline(*entries: Accepted) -> Baseline:
    return Baseline(path="baseline.json", sha256=audits.SHA, entries=list(entries))


@pytest.mark.parametrize(("status", "said"), ENTRIES)
def test_every_entry_says_what_became_of_it(status: str, said: str) -> None:
    audit = audits.contradicted().model_copy(update={"baseline": baseline(entry(status))})
    (line,) = accepted_lines(audit)
    assert said in line
    assert line.endswith(": erratum sent")


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_entries_are_listed_and_verdicts_stay(form: str) -> None:
    bare = audits.contradicted()
    audit = bare.model_copy(update={"baseline": baseline(entry("used"), entry("unused"))})
    shown = " ".join(render_audit(audit, form).replace("\\", "").split())
    assert "accepted until 2027-03-31: erratum sent" in shown
    assert "delete the entry; until 2027-03-31" in shown
    assert "Contradicted" in shown
    assert "accepted until" not in render_audit(bare, form)
    assert "--baseline baseline.json" in shown


@pytest.mark.parametrize("form", ["text", "markdown", "html", "sarif", "junit", "github"])
def test_a_hostile_reason_is_inert(form: str) -> None:
    audit = audits.contradicted()
    findings = [f.model_copy(update={"accepted": audits.HOSTILE}) for f in audit.findings]
    kept = baseline(entry("used", audits.HOSTILE))
    shown = render_audit(audit.model_copy(update={"baseline": kept, "findings": findings}), form)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "<script>" not in shown.replace("\\<script", "") or form in ("text", "sarif", "github")
