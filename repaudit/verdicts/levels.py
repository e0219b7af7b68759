"""The evidence ladder: how far a file has been checked, rung by rung."""

from collections.abc import Collection, Sequence
from typing import Literal

from repaudit._core.text import count
from repaudit.audit.audit import Level
from repaudit.audit.comparison import Comparison, Verdict
from repaudit.audit.finding import Finding, Rule, Severity
from repaudit.audit.probe import JUDGED_BY
from repaudit.contract.results import Results
from repaudit.verdicts.case import NEVER_RERUN

Rung = Literal["L0", "L1", "L2", "L3", "L4", "L5"]
Status = Literal["passed", "failed", "not_applicable", "not_checked"]

TITLES: dict[Rung, str] = {
    "L0": "schema-valid",
    "L1": "self-consistent",
    "L2": "recomputed from released evidence",
    "L3": "a re-run agrees",
    "L4": "a second, independent re-run agrees",
    "L5": "survived falsification",
}
RECORDS = frozenset({"RA113", "RA850", "RA851", "RA852", "RA853", "RA854", "RA855", "RA904"})
"""Rules about released evidence: what they find counts against L2, not against L1."""
FALSIFIED = "RA930"
"""The rule about falsified certificates: what it finds counts against L5 alone."""
_AGAINST = (Verdict.OVERSTATED, Verdict.UNDERSTATED, Verdict.REFUTED)


def ladder(
    results: Results,
    findings: Sequence[Finding],
    comparisons: Sequence[Comparison],
    rules: Sequence[Rule] = (),
    *,
    confirmed: Level | None = None,
    survived: Level | None = None,
) -> tuple[list[Level], Rung | None]:
    """Return every rung for a file that satisfies its schema, and the highest one reached.

    An error rule among ``rules`` that was left out keeps its rung from being passed. L4 and L5
    come from a second audit (``confirmed``) and from a falsification (``survived``).
    """
    with_evidence = {name for name, e in results.evaluations.items() if e.evidence}
    errors = [f.code for f in findings if f.severity is Severity.ERROR and f.suppressed is None]
    left_out = [r.code for r in rules if r.severity is Severity.ERROR and r.skipped is not None]
    levels = [
        rung("L0", "passed", "the file satisfies its schema"),
        _self_consistent(
            [code for code in errors if _is_of_the_file(code)],
            [code for code in left_out if _is_of_the_file(code)],
        ),
        _recomputed(
            comparisons,
            with_evidence,
            [code for code in errors if code in RECORDS],
            [code for code in left_out if code in RECORDS],
        ),
        _rerun(comparisons),
        confirmed or rung("L4", "not_checked", "no second audit was given"),
        survived or rung("L5", "not_checked", "no falsification was run"),
    ]
    return levels, highest(levels)


def _is_of_the_file(code: str) -> bool:
    """Whether a rule looks at what the file says, not at evidence or at a re-run."""
    return code not in RECORDS and code != FALSIFIED and not code.startswith(JUDGED_BY)


def highest(levels: Sequence[Level]) -> Rung | None:
    """Return the highest rung passed with every applicable lower one passed.

    >>> highest([rung("L0", "passed", ""), rung("L1", "failed", "")])
    'L0'
    """
    reached: Rung | None = None
    for level in levels:
        if level.status == "passed":
            reached = level.id
        elif level.status != "not_applicable":
            break
    return reached


def rung(name: Rung, status: Status, reason: str) -> Level:
    """Return one rung of the ladder."""
    return Level(id=name, title=TITLES[name], status=status, reason=reason)


def _self_consistent(errors: Sequence[str], left_out: Sequence[str]) -> Level:
    if errors:
        return rung("L1", "failed", f"{count(len(errors), 'error')} in the file itself")
    if left_out:
        return rung("L1", "not_checked", f"{count(len(left_out), 'error rule')} did not run")
    return rung("L1", "passed", "no rule found an error")


def _recomputed(
    comparisons: Sequence[Comparison],
    with_evidence: Collection[str],
    errors: Sequence[str],
    left_out: Sequence[str],
) -> Level:
    if errors:
        return rung("L2", "failed", f"{count(len(errors), 'error')} in the released evidence")
    every = [c for c in comparisons if c.kind == "claim" and _is_measurable(c)]
    claims = [c for c in every if c.evaluation in with_evidence]
    if not claims:
        return rung("L2", "not_applicable", "no counts per example are released for any claim")
    wrong = sum(_differs(c) for c in claims)
    if wrong:
        reason = f"the released counts give another number for {count(wrong, 'claim')}"
        return rung("L2", "failed", reason)
    missing = sum(c.recomputed is None or c.recomputed.value is None for c in claims)
    if missing:
        reason = f"{missing} of {count(len(claims), 'claim')} with evidence not recomputed"
        return rung("L2", "not_checked", reason)
    if left_out:
        return rung("L2", "not_checked", f"{count(len(left_out), 'error rule')} did not run")
    without = f"; {len(every) - len(claims)} have no released counts" if every != claims else ""
    reason = f"{count(len(claims), 'claim')} recomputed and equal{without}"
    return rung("L2", "passed", reason)


def _is_measurable(comparison: Comparison) -> bool:
    """Whether a claim is one that counts or a re-run can speak about at all."""
    return comparison.metric not in NEVER_RERUN and not comparison.metric.startswith("x-")


def _differs(comparison: Comparison) -> bool:
    """Whether a recomputed number is the ground of a refutation."""
    recomputed, declared = comparison.recomputed, comparison.declared
    if comparison.verdict is not Verdict.REFUTED or recomputed is None or declared is None:
        return False
    if recomputed.low is None or recomputed.high is None:
        return False
    return not declared.low <= recomputed.high or not recomputed.low <= declared.high


def _is_untested(comparison: Comparison) -> bool:
    """Whether nothing stands behind a claim: no test, and no released counts that give it."""
    recomputed = comparison.recomputed
    return comparison.verdict is Verdict.NOT_CHECKED and (
        recomputed is None or recomputed.value is None
    )


def _is_unmeasured(comparison: Comparison) -> bool:
    """Whether no re-run speaks of a claim; a sample speaks of more than it measures."""
    return comparison.measured is None and comparison.verdict is not Verdict.REPRODUCED


def _rerun(comparisons: Sequence[Comparison]) -> Level:
    claims = [c for c in comparisons if c.kind == "claim" and _is_measurable(c)]
    missing = [c for c in claims if _is_unmeasured(c) or _is_untested(c)]
    if len(missing) == len(claims):
        reason = missing[0].reason if missing else "the file claims no number to measure"
        return rung("L3", "not_checked", reason)
    against = sum(c.verdict in _AGAINST for c in comparisons)
    if against:
        return rung("L3", "failed", f"{count(against, 'comparison')} against the file")
    if missing:
        reason = f"{count(len(missing), 'claim')} not compared with a re-run: {missing[0].reason}"
        return rung("L3", "not_checked", reason)
    unclear = sum(c.verdict is Verdict.INCONCLUSIVE for c in comparisons)
    if unclear:
        return rung("L3", "not_checked", f"{count(unclear, 'comparison')} inconclusive")
    reproduced = sum(c.verdict is Verdict.REPRODUCED for c in claims)
    if not reproduced:
        return rung("L3", "not_checked", "no claim was tested against a re-run")
    return rung("L3", "passed", f"{count(reproduced, 'claim')} reproduced, none against")
