"""``repaudit baseline``: accept what an audit found, with a reason and for a time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repaudit.cli.output import write_to

if TYPE_CHECKING:
    from datetime import date

    from repaudit.audit.audit import Audit


def baseline(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT", help="The audit.json of an audit.")],
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why it is accepted; edit it entry by entry.")
    ],
    expires: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help="The last day on which it counts.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", dir_okay=False, help="Write there, not to stdout."
        ),
    ] = None,
) -> None:
    """Write a file that accepts what an audit found, for a time."""
    from datetime import date

    from repaudit._core.errors import InputError
    from repaudit.audit.load import load_audit
    from repaudit.check.baseline_file import baseline_of

    try:
        day = date.fromisoformat(expires)
    except ValueError:
        raise InputError("--expires", "a day such as 2027-03-31", repr(expires)[:40]) from None
    if not reason.strip():
        raise InputError("--reason", "a reason", "none")
    if output is not None and output.exists():
        raise InputError(str(output), "a new file", "one that exists", "another name")
    document = baseline_of(load_audit(audit), reason, day)
    write_to(output, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def acceptor(
    path: Path | None, results_path: Path, today: "date | None" = None
) -> "Callable[[Audit], Audit]":
    """Return what applies a baseline to an audit; without a file, nothing is accepted.

    The file is read now, so that its faults do not wait for the end of a long run. What has
    expired is decided on the day of the audit, or ``today``.
    """
    if path is None:
        return lambda audit: audit
    from datetime import datetime

    from repaudit.check.baseline import accept
    from repaudit.check.baseline_file import load_baseline
    from repaudit.contract.load import load_results

    entries = load_baseline(path)

    def accepting(audit: "Audit") -> "Audit":
        day = today or datetime.fromisoformat(audit.started).date()
        return accept(audit, load_results(results_path)[0], entries, day)

    return accepting
