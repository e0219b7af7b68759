"""The upper rungs: attacks on certificates, and an earlier audit that this one confirms."""

from collections.abc import Sequence

from repaudit.audit.audit import Level
from repaudit.audit.comparison import Comparison
from repaudit.audit.falsification import Falsification
from repaudit.check.commission import Commission
from repaudit.check.confirm import confirm
from repaudit.check.environment import environment
from repaudit.check.falsify import ATTEMPTS, falsify, findings_of
from repaudit.check.find import Found
from repaudit.rules import Case
from repaudit.verdicts import ladder
from repaudit.verdicts.falsified import survived
from repaudit.verdicts.levels import Rung


def attacked(asked: Commission, found: Found) -> list[Falsification]:
    """Attack certificates, when that was asked for; what is refuted becomes a finding."""
    if not asked.options.falsify or found.machine is None:
        return []
    attacks = falsify(
        asked.results,
        found.machine.engine,
        found.tasks,
        found.recomputed,
        found.measured,
        asked.seed,
        asked.options.attempts or ATTEMPTS,
        asked.options.progress,
    )
    case = Case(asked.results, asked.document.value, None, found.recomputed)
    found.findings += findings_of(case, attacks, asked.chosen)
    return attacks


def climbed(
    asked: Commission,
    found: Found,
    comparisons: Sequence[Comparison],
    attacks: Sequence[Falsification],
) -> tuple[list[Level], Rung | None]:
    """Return the ladder. Raises ``InputError`` for an earlier audit that is none."""
    results, options = asked.results, asked.options
    levels, level = ladder(results, found.findings, comparisons, found.rules)
    if options.confirm is None and not options.falsify:
        return levels, level
    second = None
    if options.confirm is not None:
        rerun = next(rung for rung in levels if rung.id == "L3")
        second = confirm(
            options.confirm,
            results,
            asked.document,
            asked.nonce,
            environment(found.device, found.plan),
            options.party,
            rerun,
            found.measured,
        )
    held = survived(results, attacks) if options.falsify else None
    return ladder(
        results, found.findings, comparisons, found.rules, confirmed=second, survived=held
    )
