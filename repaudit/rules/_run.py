"""Run the registry over one results file: order, prerequisites, what weakens a finding."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from repaudit.audit.finding import NOT_SELECTED, Finding, Rule, Severity
from repaudit.rules._registry import Entry, in_order, registry
from repaudit.rules._rule import Case, Hit
from repaudit.rules._weaken import inferred_pointers, suppress, weaken

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def run_rules(
    case: Case,
    entries: Mapping[str, Entry] | None = None,
    chosen: Collection[str] | None = None,
) -> tuple[list[Finding], list[Rule]]:
    """Return what the rules object to, sorted by severity, pointer and code, and every rule.

    A rule whose prerequisite found an error or did not run is skipped with the reason. Findings
    that rest on an inferred field are weakened and suppressed ones carry the author's reason.
    Lines and columns are left to the caller. ``entries`` replaces the registry; of them only the
    codes in ``chosen`` run, the others are skipped as not selected. A fault inside a rule is a
    fault of the program and propagates.
    """
    findings: list[Finding] = []
    rules: dict[str, Rule] = {}
    failed: set[str] = set()
    inferred = inferred_pointers(case)
    for entry in in_order(registry() if entries is None else entries):
        is_chosen = chosen is None or entry.code in chosen
        skipped = _reason_to_skip(entry, case, failed, rules) if is_chosen else NOT_SELECTED
        if skipped is None:
            hits = list(entry.check(_seen_by(entry, case, findings, rules)))
            if any(_severity(entry, hit) is Severity.ERROR for hit in hits):
                failed.add(entry.code)
            made = weaken(_findings(entry, hits), entry.check.structural, inferred)
            findings += suppress(made, case.results.suppressions)
        rules[entry.code] = Rule(
            code=entry.code,
            name=entry.name,
            title=entry.page.title,
            severity=entry.check.severity,
            skipped=skipped,
        )
    findings.sort(key=lambda f: (_RANK[f.severity], f.pointer, f.code, f.message))
    return findings, [rules[code] for code in sorted(rules)]


def _reason_to_skip(
    entry: Entry, case: Case, failed: set[str], rules: Mapping[str, Rule]
) -> str | None:
    if entry.check.needs_files and case.places is None:
        return "not run because declared files were not to be looked at"
    for code in entry.check.requires:
        if rules[code].skipped is not None:
            return f"not run because {code} {rules[code].name} did not run"
        if code in failed:
            return f"not run because {code} {rules[code].name} found an error"
    return None


def _seen_by(entry: Entry, case: Case, findings: list[Finding], rules: Mapping[str, Rule]) -> Case:
    if not entry.check.last:
        return case
    ran = frozenset(rule.code for rule in rules.values() if rule.skipped is None)
    return replace(case, findings=tuple(findings), judged=ran)


def _severity(entry: Entry, hit: Hit) -> Severity:
    return hit.severity or entry.check.severity


def _findings(entry: Entry, hits: list[Hit]) -> Iterator[Finding]:
    for hit in hits:
        yield Finding(
            code=entry.code,
            name=entry.name,
            severity=_severity(entry, hit),
            certainty=hit.certainty or entry.check.certainty,
            pointer=hit.pointer,
            message=hit.message,
            evidence=hit.evidence,
        )
