"""What the attempts on certificates mean for the findings of an audit."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from repaudit.audit.falsification import Falsification
from repaudit.audit.finding import Finding
from repaudit.rules import Case, run_rules
from repaudit.verdicts.levels import FALSIFIED


def findings_of(
    case: Case, falsifications: Sequence[Falsification], chosen: Collection[str] | None = None
) -> list[Finding]:
    """Return the findings about falsified certificates, where that rule is among ``chosen``.

    The case is that of the audit's other rules; what the author suppresses is marked so.
    """
    if chosen is not None and FALSIFIED not in chosen:
        return []
    attacked = replace(case, falsifications=tuple(falsifications))
    return run_rules(attacked, chosen={FALSIFIED})[0]
