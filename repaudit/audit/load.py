"""From ``audit.json`` back to the audit."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from repaudit._core.errors import InputError
from repaudit._core.text import shorten
from repaudit.audit.audit import SCHEMA_ID, Audit
from repaudit.contract.load import read_bytes
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import SCHEMA_ID as RESULTS_ID
from repaudit.contract.strict import BYTE_ORDER_MARK, parse_strict


def load_audit(path: Path) -> Audit:
    """Return the audit in a file.

    Raises ``InputError`` when the file cannot be read or holds no audit of this version, and
    ``ContractError`` when it is not strict JSON; either is one line with the place.
    """
    raw = read_bytes(path)
    document = parse_strict(raw, str(path))
    identity = document.get("$schema") if isinstance(document, dict) else None
    if identity != SCHEMA_ID:
        raise InputError(str(path), f'an audit ("$schema": "{SCHEMA_ID}")', _found(document))
    try:
        # Parsed again from the bytes: an audit's numbers are floats, those above exact decimals.
        return Audit.model_validate_json(raw.removeprefix(BYTE_ORDER_MARK))
    except ValidationError as error:
        raise _first(error, path) from None


def _found(document: Any) -> str:
    identity = document.get("$schema") if isinstance(document, dict) else None
    if identity == RESULTS_ID:
        return "a results file"
    return shorten(document) if identity is None else shorten(identity)


def _first(error: ValidationError, path: Path) -> InputError:
    detail = error.errors(include_url=False)[0]
    pointer = pointer_of(detail["loc"])
    message = detail["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    expected = message[:1].lower() + message[1:]
    return InputError(f"{path}: {pointer}", expected, shorten(detail["input"]))
