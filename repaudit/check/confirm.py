"""``--confirm``: an earlier audit of the same file against this one, re-run against re-run."""

from collections.abc import Mapping
from pathlib import Path

from repaudit._core.errors import MissingPart
from repaudit.audit.audit import Audit, Level
from repaudit.audit.load import load_audit
from repaudit.audit.run import Environment
from repaudit.audit.sample import Sample
from repaudit.check.rerun import audit_seed
from repaudit.contract.evaluation import EvidenceFile
from repaudit.contract.files import FileFault, inside, verify_sha256
from repaudit.contract.load import Document
from repaudit.contract.results import Results
from repaudit.evidence.load import expected_of
from repaudit.evidence.read import read_records
from repaudit.evidence.tables import CertificationRecords, Records
from repaudit.verdicts.confirmed import Side, confirmed
from repaudit.verdicts.levels import rung


def confirm(
    path: Path,
    results: Results,
    document: Document,
    nonce: str,
    environment: Environment,
    party: str | None,
    rerun: Level,
    measured: Mapping[str, Records],
) -> Level:
    """Return L4: whether this re-run agrees with that of an earlier audit.

    ``path`` is the earlier ``audit.json``, with its evidence beside it; the rest is of this
    audit, ``rerun`` its L3. What keeps the two from being compared is the reason of a
    ``not_checked``.

    Raises ``InputError`` and ``ContractError`` as `load_audit` does.
    """
    earlier = load_audit(path)
    reason = (
        _unusable(earlier, document, nonce)
        or _by_sample(earlier, results, measured)
        or _no_pair(earlier, rerun, measured)
    )
    if reason is not None:
        return rung("L4", "not_checked", reason)
    try:
        theirs = {name: _evidence(earlier, name, results, path.parent) for name in measured}
    except (FileFault, MissingPart) as fault:
        return rung("L4", "not_checked", f"the counts of the earlier audit: {fault}")
    sides = Side(earlier.environment, earlier.options.party), Side(environment, party)
    seed = int.from_bytes(audit_seed(document.raw, nonce)[:8])
    return confirmed(results, theirs, measured, sides, seed)


def _unusable(earlier: Audit, document: Document, nonce: str) -> str | None:
    """Return why an audit is no second one of this file."""
    if earlier.subject.sha256 != document.sha256:
        return "the earlier audit is of another file"
    if earlier.nonce == nonce:
        return "the earlier audit has the same nonce, and so the same noise"
    try:
        seed = audit_seed(document.raw, earlier.nonce).hex()
    except ValueError:
        seed = None
    if earlier.seed != seed:
        return "the seed of the earlier audit does not follow from the file and its nonce"
    return None


def _by_sample(earlier: Audit, results: Results, measured: Mapping[str, Records]) -> str | None:
    """Return which certification was audited by sample: two samples are not two re-runs."""
    ours = [
        name
        for name, records in measured.items()
        if results.evaluations[name].kind == "certification"
        and not isinstance(records, CertificationRecords)
    ]
    theirs = [s.evaluation for s in earlier.samples if _forwards(earlier, s) < s.forwards_in_full]
    for whose, names in (("this", ours), ("the earlier", theirs)):
        if names:
            return f"{whose} audit re-ran {', '.join(names)} by sample; --mode full re-runs all"
    return None


def _forwards(earlier: Audit, sample: Sample) -> int:
    return sum(m.forwards for m in earlier.measurements if m.evaluation == sample.evaluation)


def _no_pair(earlier: Audit, rerun: Level, measured: Mapping[str, Records]) -> str | None:
    """Return why the two are not both full re-runs of the same evaluations."""
    theirs = next((level for level in earlier.levels if level.id == "L3"), None)
    if theirs is None or theirs.status != "passed":
        why = "" if theirs is None else f": {theirs.reason}"
        return f"the earlier audit did not reach L3{why}"
    if rerun.status != "passed":
        return f"this audit did not reach L3: {rerun.reason}"
    run = {m.evaluation for m in earlier.measurements if m.status == "measured"}
    if alone := sorted(run ^ set(measured)):
        return f"only one of the two re-ran {', '.join(alone)}"
    return None


def _evidence(earlier: Audit, name: str, results: Results, folder: Path) -> Records:
    """Return what the earlier audit counted, from the files that lie beside it.

    Raises ``FileFault`` and ``MissingPart``.
    """
    of_it = [m for m in earlier.measurements if m.evaluation == name]
    relative, sha256 = of_it[0].evidence_path, of_it[0].evidence_sha256
    if relative is None or sha256 is None:
        raise FileFault(name, "none were kept")
    path = inside(folder, relative)
    verify_sha256(path, sha256, relative)
    file = EvidenceFile(path=relative, sha256=sha256, format="records")
    return read_records(path, "records", expected_of(results, name, file))
