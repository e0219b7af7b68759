"""Cases for the tests: a results file, or a merge patch applied to the starting file."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from repaudit.audit.falsification import Falsification
from repaudit.audit.finding import Finding
from repaudit.audit.probe import Probe
from repaudit.contract.evaluation import EvidenceFile
from repaudit.contract.files import Places
from repaudit.contract.load import parse_strict, schema_errors
from repaudit.contract.results import Results
from repaudit.contract.schema import results_schema
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.load import expected_of
from repaudit.evidence.read import read_records
from repaudit.evidence.tables import Records
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
    results = Results.model_validate(document)
    attempts = [Falsification.model_validate(one) for one in document.get("x-falsifications", [])]
    released, unusable = _released(results, document)
    probes = _probes(document)
    return Case(results, document, places, released, unusable, probes, tuple(attempts))


def _probes(document: Any) -> tuple[Probe, ...]:
    """What ``x-probes`` writes out, one probe per item as in ``audit.json``."""
    items = json.loads(json.dumps(document.get("x-probes", []), default=float))
    return tuple(Probe.model_validate(item) for item in items)


def _released(
    results: Results, document: Any
) -> tuple[dict[str, Records], dict[str, EvidenceFault]]:
    """Evaluation -> the counts that ``x-released`` writes out, one line of CSV per item."""
    released, unusable = {}, {}
    for name, lines in document.get("x-released", {}).items():
        try:
            released[name] = _records(results, name, "\n".join(lines))
        except EvidenceFault as fault:
            unusable[name] = fault
    return released, unusable


def _records(results: Results, name: str, text: str) -> Records:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "counts.csv"
        path.write_text(text)
        file = EvidenceFile(path="counts.csv", sha256="0" * 64, format="records")
        return read_records(path, "records", expected_of(results, name, file))


@pytest.fixture
def objections():
    """findings, code -> those of a rule, and of all others that are more than a note of a fact."""

    def of(findings: list[Finding], code: str = "") -> list[Finding]:
        return [f for f in findings if f.code == code or f.severity != "note"]

    return of


@cache
def _schema() -> dict[str, Any]:
    return results_schema()
