"""The gate: a committed audit, for a machine that has neither a GPU nor the data.

It holds the audit against the results file beside it, repeats what needs no network, and ends
as the audit itself would (standard, section 6). It cannot see that a re-run took place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison
from repaudit.audit.finding import Finding, Rule, Severity
from repaudit.audit.load import load_audit
from repaudit.audit.seal import Seal
from repaudit.check.audit import check
from repaudit.check.options import CheckOptions, Gate
from repaudit.check.positions import by_severity
from repaudit.check.replay import counts_unchanged, numbers_follow
from repaudit.check.seals import (
    FORGEABLE,
    has_a_version,
    has_every_claim,
    has_its_seed,
    is_as_strict,
    is_of_this_file,
    is_recent,
)
from repaudit.contract.files import FileFault, Places
from repaudit.contract.load import Document, load_results
from repaudit.contract.results import Results
from repaudit.evidence.load import load_evidence
from repaudit.evidence.tables import Records
from repaudit.verdicts import Margins, ending, ladder


@dataclass(frozen=True)
class GateOptions:
    """What a gate asks of an audit."""

    require: Literal["L0", "L1", "L2", "L3", "L4", "L5"] | None = None
    fail_on: tuple[Gate, ...] = ("error",)
    max_age: timedelta | None = None
    roots: Mapping[str, Path] = field(default_factory=dict)
    margins: Mapping[str, str] = field(default_factory=dict)
    """as typed; an audit made with others is not taken"""


@dataclass(frozen=True)
class Gated:
    """An audit at the gate."""

    audit: Audit
    """with the static part as it is now, and with the gate's ending"""
    seals: tuple[Seal, ...]


def gate(path: Path, results_path: Path, options: GateOptions, now: datetime) -> Gated:
    """Return a committed audit as it passes, or does not pass, the gate.

    A broken seal fails with 1: the audit is not of this file, or not as it was written. One that
    cannot be looked at, such as counts that were not committed, fails where ``fail_on`` has
    ``not_checked``. Raises
    ``InputError`` and ``ContractError`` (exit 2) when either file is not what it should be.
    """
    audit = load_audit(path)
    results, document = load_results(results_path)
    margins = Margins.of(results.materiality, options.margins)
    seals = _belonging(audit, results, document, options, now)
    if not any(seal.status == "failed" for seal in seals):
        seals.append(counts_unchanged(audit, path.parent))
        if seals[-1].status == "passed":
            recomputed = _released(results, Places(document.path.parent, options.roots))
            seals.append(numbers_follow(audit, results, path.parent, recomputed, margins))
    static = CheckOptions(static=True, roots=options.roots, margins=options.margins)
    now_static = check(results_path, static)
    seals.append(_repeated(now_static))
    merged = _merged(audit, now_static, results, options)
    return Gated(_ended(merged, seals, results), (*seals, FORGEABLE))


def _belonging(
    audit: Audit, results: Results, document: Document, options: GateOptions, now: datetime
) -> list[Seal]:
    margins = Margins.of(results.materiality, options.margins)
    return [
        is_of_this_file(audit, document),
        has_its_seed(audit, document),
        has_a_version(audit),
        is_recent(audit, options.max_age, now),
        has_every_claim(audit, results),
        is_as_strict(audit, margins.from_command_line),
    ]


def _released(results: Results, places: Places) -> dict[str, Records]:
    """Return the author's counts that can be read; what cannot is found by the static part."""
    found = {}
    for name in results.evaluations:
        try:
            records = load_evidence(results, name, places)
        except (FileFault, KeyError):
            continue
        if records is not None:
            found[name] = records
    return found


def _repeated(static: Audit) -> Seal:
    ran = sum(rule.skipped is None for rule in static.rules)
    recomputed = sum(c.recomputed is not None for c in static.comparisons)
    return Seal(
        what="the static part was repeated",
        status="passed",
        reason=f"{ran} rules ran, {recomputed} claims recomputed from released counts",
    )


def _merged(audit: Audit, static: Audit, results: Results, options: GateOptions) -> Audit:
    """Return the audit with the static part as it is now; what only a re-run says is kept."""
    known = {(finding.code, finding.pointer) for finding in static.findings}
    kept = [f for f in audit.findings if (f.code, f.pointer) not in known and not f.suppressed]
    findings: list[Finding] = by_severity([*static.findings, *kept])
    now = {c.pointer: c for c in static.comparisons}
    comparisons = [_worse(c, now.get(c.pointer)) for c in audit.comparisons]
    rules = _ran(audit.rules, static.rules)
    above = {rung.id: rung for rung in audit.levels}
    levels, level = ladder(
        results,
        findings,
        comparisons,
        rules,
        confirmed=above.get("L4"),
        survived=above.get("L5"),
    )
    asked = {"fail_on": list(options.fail_on), "require": options.require}
    return audit.model_copy(
        update={
            "subject": static.subject,
            "options": audit.options.model_copy(update=asked),
            "findings": findings,
            "comparisons": comparisons,
            "rules": rules,
            "levels": levels,
            "level": level,
        }
    )


def _worse(audited: Comparison, now: Comparison | None) -> Comparison:
    """Return the audited comparison, or what now speaks against the claim without a re-run."""
    if now is None:
        return audited
    if now.verdict.severity is Severity.ERROR:
        return now
    return audited.model_copy(update={"recomputed": now.recomputed})


def _ran(audited: Sequence[Rule], now: Sequence[Rule]) -> list[Rule]:
    """Return the rules as they ran now, or, where they need a re-run, as they ran then."""
    then = {rule.code for rule in audited if rule.skipped is None}
    return [r.model_copy(update={"skipped": None}) if r.code in then else r for r in now]


def _ended(audit: Audit, seals: Sequence[Seal], results: Results) -> Audit:
    broken = [seal for seal in seals if seal.status == "failed"]
    if "not_checked" in audit.options.fail_on:
        broken += [seal for seal in seals if seal.status == "not_checked"]
    if broken:
        reason = f"not so: {broken[0].what}: {broken[0].reason}"
        return audit.model_copy(update={"exit_code": 1, "exit_reason": reason})
    end = ending(
        audit.findings,
        audit.comparisons,
        audit.levels,
        audit.options.fail_on,  # type: ignore[arg-type]  # as it came from the command line
        audit.options.require,
        static=audit.options.static,
        has_evidence=any(evaluation.evidence for evaluation in results.evaluations.values()),
    )
    return audit.model_copy(update={"exit_code": end.exit_code, "exit_reason": end.reason})
