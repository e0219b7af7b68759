"""The auditor's own counts, committed beside the audit: what follows from them, recomputed.

From the counts of the re-run every measured number and every test follows, so an audit whose
verdicts were edited is caught by its own evidence. The counts themselves could be forged.
"""

from collections.abc import Iterator, Mapping
from math import isclose
from pathlib import Path

from repaudit._core.errors import MissingPart
from repaudit._core.text import count
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison
from repaudit.audit.seal import Seal, sealed
from repaudit.contract.evaluation import EvidenceFile
from repaudit.contract.files import FileFault, HashMismatch, OutsideFolder, inside, verify_sha256
from repaudit.contract.results import Results
from repaudit.evidence.load import expected_of
from repaudit.evidence.read import read_records
from repaudit.evidence.tables import Records
from repaudit.verdicts import Margins, compare

UNCHANGED = "its own counts are the recorded ones"
FOLLOWS = "its measured numbers follow from its own counts"
_TOLERANCE = 1e-9
"""Relative: the last digits of a sum may depend on the machine."""


def own_files(audit: Audit) -> list[tuple[str, str]]:
    """Return path and SHA-256 of every file of counts that the audit wrote."""
    runs = [(run.evidence_path, run.evidence_sha256) for run in audit.measurements]
    runs += [(run.evidence_path, run.evidence_sha256) for run in audit.samples]
    return sorted({(path, sha256) for path, sha256 in runs if path and sha256})


def counts_unchanged(audit: Audit, folder: Path) -> Seal:
    """Whether the files of the re-run's counts have the recorded hashes."""
    files = own_files(audit)
    if not files:
        return Seal(what=UNCHANGED, status="not_checked", reason="the audit recorded none")
    missing = []
    for path, sha256 in files:
        try:
            verify_sha256(inside(folder, path), sha256, path)
        except (HashMismatch, OutsideFolder) as fault:
            return sealed(UNCHANGED, False, str(fault))
        except FileFault:
            missing.append(path)
    if missing:
        reason = (
            f"{len(missing)} of {count(len(files), 'file')} not beside it, such as {missing[0]}"
        )
        return Seal(what=UNCHANGED, status="not_checked", reason=reason)
    return sealed(UNCHANGED, True, count(len(files), "file"))


def numbers_follow(
    audit: Audit,
    results: Results,
    folder: Path,
    recomputed: Mapping[str, Records],
    margins: Margins,
) -> Seal:
    """Whether the audit's measured numbers are those of its own counts.

    Where every evaluation was re-run in full and all released counts are there the verdicts have
    to be the same too: the tests of a file are one family, which is repeated whole or not at all.
    """
    try:
        measured = dict(_own_counts(audit, results, folder))
    except (FileFault, MissingPart) as fault:
        return Seal(what=FOLLOWS, status="not_checked", reason=str(fault))
    if not measured:
        reason = "no evaluation that was re-run in full has its counts here"
        return Seal(what=FOLLOWS, status="not_checked", reason=reason)
    again = compare(
        results,
        recomputed=recomputed,
        measured=measured,
        margins=margins,
        contradicted=_proved(audit),
        seed=int.from_bytes(bytes.fromhex(audit.seed)[:8]),
    )
    unread = {name for name, e in results.evaluations.items() if e.evidence} - set(recomputed)
    run = {m.evaluation for m in audit.measurements}
    in_full = not audit.samples and not unread and run == set(measured)
    recorded = {c.pointer: c for c in audit.comparisons}
    mine = [c for c in again if c.evaluation in measured]
    mine = [c for c in mine if c.kind == "claim" or c.evaluation not in unread]
    other = [c.pointer for c in mine if not _is_same(c, recorded.get(c.pointer), in_full)]
    broken = f"{count(len(other), 'comparison')} not, such as {other[:1]}"
    reason = count(len(mine), "comparison")
    if left := sorted(run - set(measured)):
        reason += f"; not repeated, decided by a sample or without counts: {', '.join(left)}"
    return sealed(FOLLOWS, not other, reason, broken)


def _own_counts(audit: Audit, results: Results, folder: Path) -> Iterator[tuple[str, Records]]:
    sampled = {m.evaluation for m in audit.measurements if m.status != "measured"}
    for run in audit.measurements:
        name, path = run.evaluation, run.evidence_path
        if path is None or run.evidence_sha256 is None or name in sampled:
            continue
        file = EvidenceFile(path=path, sha256=run.evidence_sha256, format="records")
        yield name, read_records(inside(folder, path), "records", expected_of(results, name, file))


def _proved(audit: Audit) -> dict[str, str]:
    return {
        f.pointer: f"{f.code} {f.name}: {f.message}"
        for f in audit.findings
        if f.severity == "error" and f.certainty == "proved"
    }


def _is_same(ours: Comparison, recorded: Comparison | None, in_full: bool) -> bool:
    if recorded is None or (in_full and recorded.verdict is not ours.verdict):
        return False
    pairs = zip(_numbers(ours), _numbers(recorded), strict=True)
    return all(_is_near(a, b) for a, b in pairs)


def _numbers(comparison: Comparison) -> list[float | None]:
    found = comparison.measured
    if found is None:
        return [comparison.p_value, None, None, None]
    return [comparison.p_value, found.value, found.low, found.high]


def _is_near(a: float | None, b: float | None) -> bool:
    return a == b if a is None or b is None else isclose(a, b, rel_tol=_TOLERANCE, abs_tol=1e-300)
