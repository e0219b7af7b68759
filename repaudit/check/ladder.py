"""The upper rungs: attacks on certificates, and an earlier audit that this one confirms."""

from collections.abc import Sequence

from repaudit.audit.audit import Level
from repaudit.audit.comparison import Comparison
from repaudit.audit.falsification import Falsification
from repaudit.audit.finding import Finding
from repaudit.audit.run import Environment
from repaudit.check.confirm import confirm
from repaudit.check.falsify import ATTEMPTS, falsify, findings_of
from repaudit.check.find import Found
from repaudit.check.options import CheckOptions
from repaudit.contract.load import Document
from repaudit.contract.results import Results
from repaudit.rules import Case, chosen_rules
from repaudit.verdicts import ladder
from repaudit.verdicts.falsified import survived
from repaudit.verdicts.levels import Rung


def attacked(
    results: Results, document: Document, found: Found, seed: bytes, options: CheckOptions
) -> list[Falsification]:
    """Attack certificates, when that was asked for; what is refuted becomes a finding."""
    if not options.falsify or found.machine is None:
        return []
    attacks = falsify(
        results,
        found.machine.engine,
        found.tasks,
        found.recomputed,
        found.measured,
        seed,
        options.attempts or ATTEMPTS,
        options.progress,
    )
    case = Case(results, document.value, None, found.recomputed)
    chosen = chosen_rules(options.select, options.ignore)
    found.findings += findings_of(case, attacks, chosen)
    return attacks


def climbed(
    results: Results,
    document: Document,
    nonce: str,
    here: Environment,
    found: Found,
    findings: Sequence[Finding],
    comparisons: Sequence[Comparison],
    attacks: Sequence[Falsification],
    options: CheckOptions,
) -> tuple[list[Level], Rung | None]:
    """Return the ladder. Raises ``InputError`` for an earlier audit that is none."""
    levels, level = ladder(results, findings, comparisons, found.rules)
    if options.confirm is None and not options.falsify:
        return levels, level
    rerun = next(rung for rung in levels if rung.id == "L3")
    second = None
    if options.confirm is not None:
        measured, party = found.measured, options.party
        second = confirm(options.confirm, results, document, nonce, here, party, rerun, measured)
    held = survived(results, attacks) if options.falsify else None
    return ladder(results, findings, comparisons, found.rules, confirmed=second, survived=held)
