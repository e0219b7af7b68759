"""A results file, or an audit with the results file that it is of."""

from pathlib import Path

from repaudit._core.errors import InputError
from repaudit.audit.audit import SCHEMA_ID as AUDIT_ID
from repaudit.audit.audit import Audit
from repaudit.audit.load import load_audit
from repaudit.contract.load import load_results, read_bytes
from repaudit.contract.results import Results
from repaudit.contract.strict import parse_strict


def results_and_audit(path: Path, results_path: Path | None) -> tuple[Results, Audit | None]:
    """Return the results of a results file, or those that an audit is of, and the audit.

    The results file of an audit is ``results_path``, else where the audit says it was, seen from
    here or from the audit's folder. Raises ``InputError`` when it is not there or is another one.
    """
    document = parse_strict(read_bytes(path), str(path))
    is_audit = isinstance(document, dict) and document.get("$schema") == AUDIT_ID
    if not is_audit:
        if results_path is not None:
            raise InputError(str(path), "an audit, as --results is given", "another file")
        return load_results(path)[0], None
    audit = load_audit(path)
    results, found = load_results(results_path or _recorded(audit, path))
    if found.sha256 != audit.subject.sha256:
        expected = f"the file of the audit, sha256 {audit.subject.sha256[:12]}…"
        raise InputError(str(found.path), expected, f"{found.sha256[:12]}…", "audit it again")
    return results, audit


def _recorded(audit: Audit, path: Path) -> Path:
    recorded = Path(audit.subject.path)
    for place in (recorded, path.parent / recorded.name, path.parent.parent / recorded.name):
        if place.is_file():
            return place
    expected = f"the results file of the audit, {audit.subject.path}"
    raise InputError(str(path), expected, "none", "--results FILE")
