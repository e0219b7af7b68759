"""``repaudit schema``: the published JSON Schemas."""

from enum import StrEnum
from typing import Annotated

import typer

from repaudit.cli.output import write


class Which(StrEnum):
    """The two documents of the standard."""

    RESULTS = "results"
    AUDIT = "audit"


def schema(
    which: Annotated[Which, typer.Argument(help="Which document.")] = Which.RESULTS,
) -> None:
    """Print the JSON Schema of a results file or of an audit."""
    import json

    if which is Which.RESULTS:
        from repaudit.contract.schema import results_schema as generate
    else:
        from repaudit.audit.schema import audit_schema as generate
    write(json.dumps(generate(), indent=1, ensure_ascii=False) + "\n")
