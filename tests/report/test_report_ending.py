import pytest

from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Verdict
from repaudit.audit.finding import Severity
from repaudit.report.causes import causes
from repaudit.report.command import reproduce_command
from repaudit.report.ending import ending
from repaudit.report.formats import render_audit
from repaudit.report.gaps import gaps
from tests.report import audits


def with_verdicts(audit: Audit, *verdicts: Verdict) -> Audit:
    claims = [c for c in audit.comparisons if c.kind == "claim"][: len(verdicts)]
    changed = [c.model_copy(update={"verdict": v}) for c, v in zip(claims, verdicts, strict=True)]
    return audit.model_copy(update={"comparisons": changed, "findings": []})


@pytest.mark.parametrize(
    ("verdicts", "exit_code", "word"),
    [
        (["reproduced", "reproduced"], 0, "Reproduced"),
        (["reproduced", "inconclusive"], 0, "Partly reproduced"),
        (["reproduced", "not_checked"], 3, "Partly reproduced"),
        (["inconclusive", "inconclusive"], 3, "Inconclusive"),
        (["not_checked", "not_checked"], 3, "Nothing could be checked"),
        (["not_checked", "not_checked"], 0, "Not re-run"),
        (["understated", "reproduced"], 0, "Doubtful"),
        (["understated", "overstated"], 1, "Contradicted"),
        (["refuted", "not_checked"], 1, "Contradicted"),
    ],
)
def test_the_ending_says_the_worst_and_never_more(
    verdicts: list[str], exit_code: int, word: str
) -> None:
    audit = with_verdicts(audits.honest(), *map(Verdict, verdicts))
    audit = audit.model_copy(update={"exit_code": exit_code})
    assert word == ending(audit).word


def test_a_static_audit_of_an_honest_file_is_not_called_reproduced() -> None:
    audit = with_verdicts(audits.honest(), *[Verdict.NOT_CHECKED] * 2)
    static = audit.options.model_copy(update={"static": True})
    assert ending(audit.model_copy(update={"options": static})).word == "Self-consistent"


def test_a_re_run_that_was_asked_for_and_not_made_is_no_check_mark() -> None:
    audit = with_verdicts(audits.honest(), *[Verdict.NOT_CHECKED] * 2)
    end = ending(audit.model_copy(update={"exit_code": 0}))
    assert (end.symbol, end.word) == ("○", "Not re-run")
    assert end.sentence.startswith("none of 2 claims could be compared with a run of our own: ")


def test_verdicts_are_counted_in_the_sentence() -> None:
    audit = with_verdicts(audits.honest(), *[Verdict.OVERSTATED] * 2, Verdict.REPRODUCED)
    assert ending(audit).sentence == "2 of 3 claims are overstated"


def test_suppressed_findings_do_not_change_the_ending() -> None:
    audit = audits.honest()
    finding = audit.findings[0].model_copy(update={"severity": Severity.ERROR})
    assert ending(audit.model_copy(update={"findings": [finding]})).word == "Reproduced"


def test_causes_are_errors_before_warnings_and_proved_findings_before_verdicts() -> None:
    heads = [cause.head for cause in causes(audits.contradicted())]
    assert heads == [
        "RA810 hash-mismatch",
        "RA201 impossible-proportion",
        "overstated",
        "refuted",
        "understated",
        "RA045 hidden-range-control",
    ]


def test_an_honest_audit_has_no_causes() -> None:
    assert causes(audits.honest()) == []


def test_what_was_not_checked_is_grouped_by_reason_and_nothing_is_lost() -> None:
    audit = audits.nothing_checked()
    found = gaps(audit)
    assert [gap.what for gap in found] == [
        "6 claims, 1 evidence file, 2 evaluations",
        "1 claim, 1 evaluation",
        "1 rule",
    ]
    # 8 comparisons, 3 evaluations and 1 rule in audits.nothing_checked
    assert sum(number for gap in found for _, number in gap.kinds) == 8 + 3 + 1


def test_released_counts_that_disagree_are_said_apart_from_claims() -> None:
    audit = audits.honest()
    refuted = [
        c.model_copy(update={"verdict": Verdict.REFUTED}) if c.kind == "records" else c
        for c in audit.comparisons
    ]
    end = ending(audit.model_copy(update={"comparisons": refuted}))
    assert (end.word, end.sentence) == (
        "Contradicted",
        "1 file of released counts disagrees with the re-run",
    )


def test_many_kinds_of_findings_are_named_and_counted() -> None:
    audit = audits.contradicted()
    errors = [
        audit.findings[0].model_copy(update={"name": name}) for name in ("a", "b", "c", "d", "d")
    ]
    found = audit.model_copy(update={"findings": errors, "comparisons": []})
    assert ending(found).sentence == "5 errors in the file (a, b, c and 1 kind more)"


def test_an_audit_that_reached_no_level_says_so_in_every_format() -> None:
    audit = audits.contradicted().model_copy(update={"level": None})
    for name in ("html", "markdown", "text"):
        assert "no level reached" in " ".join(render_audit(audit, name).lower().split())


def test_the_command_of_a_static_audit_is_static() -> None:
    audit = audits.honest()
    options = audit.options.model_copy(update={"static": True})
    command = reproduce_command(audit.model_copy(update={"options": options}))
    assert command.endswith(" --static")
