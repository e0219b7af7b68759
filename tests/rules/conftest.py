"""Cases for the tests: a results file, or a merge patch applied to the starting file."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from repaudit.contract.files import Places
from repaudit.contract.load import parse_strict, schema_errors
from repaudit.contract.results import Results
from repaudit.contract.schema import results_schema
from repaudit.rules import Case

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "templates" / "results.json"


def merge(target: Any, patch: Any) -> Any:
    """RFC 7396, section 2, as written there."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


@pytest.fixture
def case_of():
    """document, folder -> the case of a document that the schema lets through."""
    return _case_of


@pytest.fixture
def patched():
    """patch, folder -> the case of the starting file with a merge patch, parsed or as text."""

    def make(patch: Any, folder: Path | None = None) -> Case:
        if isinstance(patch, str):
            patch = parse_strict(patch.encode(), "patch")
        return _case_of(merge(parse_strict(TEMPLATE.read_bytes(), "template"), patch), folder)

    return make


def _case_of(document: Any, folder: Path | None = None) -> Case:
    errors = [f"{error.json_path}: {error.message}" for error in schema_errors(document, _schema())]
    assert errors == []
    places = None if folder is None else Places(folder, {})
    return Case(Results.model_validate(document), document, places)


@cache
def _schema() -> dict[str, Any]:
    return results_schema()
