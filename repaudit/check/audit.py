"""One audit: declared, recomputed, measured, compared, said."""

import time
from datetime import UTC, datetime
from pathlib import Path

from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison
from repaudit.check.assemble import assembled
from repaudit.check.commission import Commission, commission
from repaudit.check.explain import with_explanations
from repaudit.check.find import Found, find
from repaudit.check.ladder import attacked, climbed
from repaudit.check.options import CheckOptions
from repaudit.check.positions import by_severity, located
from repaudit.check.rerun import discard_journal
from repaudit.verdicts import compare, ending


def check(path: Path, options: CheckOptions | None = None) -> Audit:
    """Audit a results file and return everything there is to say about it.

    Raises ``InputError`` or ``ContractError`` (exit 2) when the file or an option cannot be used
    and ``MissingPart`` (exit 3) when a device that was asked for is not there, ``CannotWrite``
    (exit 3) when the disk of ``out`` takes no more. Whatever else cannot be checked is
    ``not_checked`` in the audit, with its reason.
    """
    options = options or CheckOptions()
    audit = conduct(path, options)
    discard_journal(options)
    return audit


def conduct(path: Path, options: CheckOptions) -> Audit:
    """Do what `check` does, but keep the journal until the audit is safe elsewhere."""
    started, clock = datetime.now(UTC), time.monotonic()
    asked = commission(path, options)
    found = find(asked)
    comparisons = located(asked.document, _compared(asked, found))
    attacks = attacked(asked, found)
    found.findings = by_severity(located(asked.document, found.findings))
    levels, level = climbed(asked, found, comparisons, attacks)
    end = ending(
        found.findings,
        comparisons,
        levels,
        asked.options.fail_on,
        asked.options.require,
        static=asked.options.static,
        has_evidence=bool(found.recomputed),
    )
    return assembled(
        asked,
        found,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 3),
        comparisons=comparisons,
        falsifications=attacks,
        levels=levels,
        level=level,
        exit_code=end.exit_code,
        exit_reason=end.reason,
    )


def _compared(asked: Commission, found: Found) -> list[Comparison]:
    comparisons = compare(
        asked.results,
        recomputed=found.recomputed,
        measured=found.measured,
        margins=asked.margins,
        no_counts=found.no_counts,
        no_rerun=found.no_rerun,
        contradicted=found.proved_errors,
        sampled=found.sampled,
        seed=int.from_bytes(asked.seed[:8]),
    )
    return with_explanations(comparisons, found, asked.seed)
