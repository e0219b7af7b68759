"""What was not checked, and why: grouped by reason and counted, never hidden."""

from collections import Counter
from dataclasses import dataclass

from repaudit._core.text import count
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Verdict
from repaudit.audit.finding import NOT_SELECTED, Rule, Severity

_NOUNS = ("claim", "evidence file", "evaluation", "layer", "error rule", "rule")


@dataclass(frozen=True)
class Gap:
    """One reason why something was not checked."""

    reason: str
    kinds: tuple[tuple[str, int], ...]
    """singular noun and how many, in a fixed order"""

    @property
    def what(self) -> str:
        """What was not checked for this reason: ``3 claims, 1 evaluation``."""
        return ", ".join(count(number, noun) for noun, number in self.kinds)


def gaps(audit: Audit) -> list[Gap]:
    """Return every reason, the one that costs most claims first."""
    counts: dict[str, Counter[str]] = {}
    for reason, noun in _missing(audit):
        counts.setdefault(reason, Counter())[noun] += 1
    found = [
        Gap(reason, tuple((noun, n[noun]) for noun in _NOUNS if n[noun]))
        for reason, n in counts.items()
    ]
    weight = {gap.reason: counts[gap.reason]["claim"] for gap in found}
    return sorted(found, key=lambda gap: -weight[gap.reason])


def _missing(audit: Audit) -> list[tuple[str, str]]:
    comparisons = [
        (c.reason, "claim" if c.kind == "claim" else "evidence file")
        for c in audit.comparisons
        if c.verdict is Verdict.NOT_CHECKED
    ]
    runs = [
        (m.reason or "no reason given", "evaluation")
        for m in audit.measurements
        if m.status == "not_checked"
    ]
    layers = [
        (f"{layer.layer}: {layer.reason}", "layer")
        for m in audit.measurements
        for layer in m.layers
        if layer.status == "not_measured"
    ]
    rules = [(rule.skipped, _noun(rule)) for rule in audit.rules if rule.skipped is not None]
    return comparisons + runs + layers + rules


def _noun(rule: Rule) -> str:
    """Return the noun of a skipped rule; leaving out an error rule by choice is said as that."""
    by_choice = rule.skipped == NOT_SELECTED and rule.severity is Severity.ERROR
    return "error rule" if by_choice else "rule"
