"""Attack the certificates of a results file, evaluation by evaluation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from repaudit._core.progress import Progress, Step, silent
from repaudit._core.text import one_line
from repaudit.audit.falsification import Falsification
from repaudit.check.falsify.attack import attack
from repaudit.check.falsify.table import Table, table_of
from repaudit.contract.results import Results
from repaudit.contract.task import Task
from repaudit.evidence.tables import Records
from repaudit.statistics.falsification import confirmation_error, family_size
from repaudit.verdicts.falsified import judge_falsification

if TYPE_CHECKING:
    from repaudit.rerun.engine import Engine
    from repaudit.rerun.falsify import Effort

ATTEMPTS = 20
"""Searches per evaluation."""


def falsify(
    results: Results,
    engine: "Engine",
    tasks: Mapping[str, Sequence[Task] | str],
    recomputed: Mapping[str, Records],
    measured: Mapping[str, Records],
    seed: bytes,
    attempts: int = ATTEMPTS,
    progress: Progress = silent,
    effort: "Effort | None" = None,
) -> list[Falsification]:
    """Return the attempts on the certificates of every certification, in the file's order.

    Certificates are the author's where counts or radii are released, else those of our re-run.
    ``seed`` is the audit's: with the plan it repeats every search. More ``attempts`` than
    certificates start again, from a random point. ``progress`` gets the forwards of searches
    that find nothing; those that do take more.

    An evaluation that cannot be attacked is ``not_checked`` with its reason.
    """
    from repaudit.rerun.falsify import Effort
    from repaudit.rerun.study import CANNOT_RUN

    effort = effort or Effort()
    tables: dict[str, Table | str] = {}
    for name, evaluation in results.evaluations.items():
        if evaluation.kind != "certification":
            continue
        try:
            records = recomputed.get(name), measured.get(name)
            tables[name] = table_of(name, engine, tasks.get(name, []), *records, seed, attempts)
        except CANNOT_RUN as fault:
            tables[name] = one_line(str(fault))
    attacked = [table for table in tables.values() if isinstance(table, Table)]
    family = family_size((len(t.targets), t.rows, t.certified) for t in attacked)
    campaign = _Campaign(engine, seed, effort, family, len(attacked))
    each = effort.steps * effort.draws + effort.check_draws // 4
    found = []
    for name, table in tables.items():
        total = each * (0 if isinstance(table, str) else len(table.targets))

        def show(done: int, name: str = name, total: int = total) -> None:
            progress(Step(name, "falsification", each * done, total))

        found.append(campaign.attempted(name, table, show))
        progress(Step(name, is_over=True))
    return found


@dataclass(frozen=True)
class _Campaign:
    """What the attempts on all tables share."""

    engine: "Engine"
    seed: bytes
    effort: "Effort"
    family: float
    tables: int

    def attempted(
        self, name: str, table: Table | str, report: Callable[[int], None]
    ) -> Falsification:
        """Return the attempts on one table, judged."""
        from repaudit.rerun.study import CANNOT_RUN

        if isinstance(table, str):
            return _not_checked(name, table)
        error = confirmation_error(self.family)
        try:
            found = attack(name, table, self.engine, self.seed, self.effort, error, report)
        except CANNOT_RUN as fault:
            return _not_checked(name, one_line(str(fault)))
        found = found.model_copy(update={"family": self.family})
        return judge_falsification(found, table.sigma, table.alpha, error, self.tables)


def _not_checked(name: str, reason: str) -> Falsification:
    return Falsification(evaluation=name, status="not_checked", reason=reason)
