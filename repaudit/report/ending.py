"""How the audit ends, in one word and one sentence."""

from dataclasses import dataclass, replace

from repaudit._core.text import count
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison, Verdict
from repaudit.audit.finding import NOT_SELECTED, Finding, Severity
from repaudit.report.gaps import gaps
from repaudit.report.words import VERDICTS, Tone

SELF_CONSISTENT = "Self-consistent"
_CHECKED = (Verdict.REPRODUCED, Verdict.INCONCLUSIVE)
_ACCUSING = (Verdict.REFUTED, Verdict.OVERSTATED, Verdict.UNDERSTATED)


@dataclass(frozen=True)
class Ending:
    """The first thing a reader sees."""

    word: str
    sentence: str
    """without the word, no full stop"""
    tone: Tone
    symbol: str


def ending(audit: Audit) -> Ending:
    """Return the ending: contradicted, doubtful, reproduced, or how far the audit came."""
    errors, warnings = audit.count(Severity.ERROR), audit.count(Severity.WARNING)
    if errors:
        return Ending("Contradicted", _accusation(audit, Severity.ERROR), "bad", "✗")
    if audit.exit_code == 3 and not _any(audit, *_CHECKED, Verdict.UNDERSTATED):
        return Ending("Nothing could be checked", _why_nothing(audit), "quiet", "○")
    if warnings:
        return Ending("Doubtful", _accusation(audit, Severity.WARNING), "warn", "▲")
    return _with_what_was_left_out(_unaccused(audit), audit)


def _with_what_was_left_out(end: Ending, audit: Audit) -> Ending:
    """Return an ending that no rule speaks against; one left out could have."""
    by_choice = [r for r in audit.rules if r.skipped == NOT_SELECTED]
    errors = sum(rule.severity is Severity.ERROR for rule in by_choice)
    if not errors:
        return end
    word = "No objection" if end.word == SELF_CONSISTENT else end.word
    return replace(
        end, word=word, sentence=f"{end.sentence}; {count(errors, 'error rule')} left out"
    )


def _any(audit: Audit, *verdicts: Verdict) -> bool:
    return any(c.verdict in verdicts for c in audit.comparisons)


def _claims(audit: Audit) -> list[Comparison]:
    return [c for c in audit.comparisons if c.kind == "claim"]


def _accusation(audit: Audit, severity: Severity) -> str:
    """Return ``2 of 14 claims are overstated; 1 error in the file``."""
    claims = _claims(audit)
    accused = {v: sum(c.verdict is v for c in claims) for v in _ACCUSING if v.severity is severity}
    words = [f"{number} {VERDICTS[verdict].word}" for verdict, number in accused.items() if number]
    parts = []
    if words:
        first, word = words[0].split()
        be = "is" if first == "1" else "are"
        head = f"{first} of {count(len(claims), 'claim')} {be} {word}"
        parts.append(", ".join([head, *words[1:]]))
    records = [c for c in audit.comparisons if c.kind == "records"]
    if number := sum(c.verdict.severity is severity for c in records):
        files = (
            "file of released counts disagrees"
            if number == 1
            else ("files of released counts disagree")
        )
        parts.append(f"{number} {files} with the re-run")
    found = [f for f in audit.findings if f.severity is severity and f.suppressed is None]
    if found:
        parts.append(f"{count(len(found), severity.value)} in the file ({_names(found)})")
    return "; ".join(parts)


def _names(found: list[Finding]) -> str:
    names = list(dict.fromkeys(finding.name for finding in found))
    more = f" and {count(len(names) - 3, 'kind')} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _why_nothing(audit: Audit) -> str:
    reasons = gaps(audit)
    return reasons[0].reason if reasons else audit.exit_reason


def _unaccused(audit: Audit) -> Ending:
    claims = _claims(audit)
    total = count(len(claims), "claim")
    reproduced = sum(c.verdict is Verdict.REPRODUCED for c in claims)
    if claims and reproduced == len(claims):
        return Ending("Reproduced", f"{_all(len(claims))} with our own run", "good", "✓")
    rest = "; ".join(
        f"{number} {VERDICTS[verdict].word}"
        for verdict in (Verdict.INCONCLUSIVE, Verdict.NOT_CHECKED)
        if (number := sum(c.verdict is verdict for c in claims))
    )
    if reproduced:
        sentence = f"{reproduced} of {total} reproduced; {rest}"
        return Ending("Partly reproduced", sentence, "info", "✓")
    if _any(audit, Verdict.INCONCLUSIVE):
        return Ending("Inconclusive", f"none of {total} settled; {rest}", "info", "?")
    if claims and not audit.options.static:
        sentence = f"none of {total} could be compared with a run of our own: {_why_nothing(audit)}"
        return Ending("Not re-run", sentence, "quiet", "○")
    sentence = f"no rule objects, but none of {total} was compared with a run of our own"
    return Ending(SELF_CONSISTENT, sentence, "info", "✓")


def _all(claims: int) -> str:
    return "the one claim agrees" if claims == 1 else f"all {claims} claims agree"
