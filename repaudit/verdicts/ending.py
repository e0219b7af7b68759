"""How an audit ends: its exit code, and why, in one sentence."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from repaudit._core.text import count
from repaudit.audit.audit import Level
from repaudit.audit.comparison import Comparison, Verdict
from repaudit.audit.finding import Finding, Severity
from repaudit.verdicts.levels import highest

Gate = Literal["error", "warning", "inconclusive", "not_checked"]
_PLURAL = {"inconclusive": "inconclusive", "not_checked": "not checked"}


class Ending(NamedTuple):
    """The end of an audit."""

    exit_code: Literal[0, 1, 3]
    """0 passed the gates, 1 did not, 3 nothing or not enough could be checked"""
    reason: str


def ending(
    findings: Sequence[Finding],
    comparisons: Sequence[Comparison],
    levels: Sequence[Level],
    fail_on: Sequence[Gate] = ("error",),
    require: str | None = None,
    *,
    static: bool = False,
    has_evidence: bool = False,
) -> Ending:
    """Return how the audit ends (standard, section 6).

    Errors fail every gate; ``warning``, ``inconclusive`` and ``not_checked`` when asked for.
    What the author suppresses or a baseline accepts counts for none. ``require`` is the id of a
    level. A ``static`` audit has checked the declared numbers themselves; one that was to re-run
    and could compare nothing has checked nothing. A file that claims no number is checked by its
    evidence, if it has any.
    """
    failed = _failed(findings, comparisons, fail_on)
    if failed:
        return Ending(1, f"{' and '.join(failed)}")
    claims_nothing = all(c.declared is None for c in comparisons)
    if claims_nothing and not has_evidence:
        return Ending(3, "nothing could be checked: the file claims no number")
    if not static and not claims_nothing and not _is_anything_checked(comparisons):
        return Ending(3, f"nothing could be checked: {comparisons[0].reason}")
    if require is not None and not _is_reached(require, levels):
        return _short_of(require, levels, comparisons)
    reached = highest(levels)
    return Ending(0, f"nothing at or above {', '.join(dict.fromkeys(fail_on))}; level {reached}")


def _failed(
    findings: Sequence[Finding], comparisons: Sequence[Comparison], fail_on: Sequence[Gate]
) -> list[str]:
    """Return what stands at or above the gates, in words."""
    counted = [c.verdict for c in comparisons if c.accepted is None]
    severities = [f.severity for f in findings if f.suppressed is None and f.accepted is None]
    severities += [verdict.severity for verdict in counted if verdict.severity is not None]
    numbers = {"error": severities.count(Severity.ERROR)}
    if "warning" in fail_on:
        numbers["warning"] = severities.count(Severity.WARNING)
    words = [count(number, gate) for gate, number in numbers.items() if number]
    for verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_CHECKED):
        number = counted.count(verdict)
        if number and verdict.value in fail_on:
            words.append(f"{number} {_PLURAL[verdict.value]}")
    return words


def _is_anything_checked(comparisons: Sequence[Comparison]) -> bool:
    return any(
        c.verdict is not Verdict.NOT_CHECKED or c.recomputed is not None for c in comparisons
    )


def _is_reached(require: str, levels: Sequence[Level]) -> bool:
    reached = highest(levels)
    return reached is not None and reached >= require


def _short_of(require: str, levels: Sequence[Level], comparisons: Sequence[Comparison]) -> Ending:
    """Say which rung stopped the climb: 3 when something is missing, 1 when nothing is."""
    is_all_there = all(c.verdict is not Verdict.NOT_CHECKED for c in comparisons)
    for level in levels:
        needed = level.id <= require and level.status != "passed"
        if needed and (level.status != "not_applicable" or level.id == require):
            was_tried = level.status == "failed" or (level.id == "L3" and is_all_there)
            reason = f"{require} was required, {level.id} stopped: {level.reason}"
            return Ending(1 if was_tried else 3, reason)
    raise ValueError(f"require: expected the id of a level, got {require!r}")
