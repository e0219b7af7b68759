"""What makes a finding weaker: a field that was inferred, a suppression by the author."""

from collections.abc import Iterable, Iterator

from repaudit.audit.finding import Certainty, Finding, Severity
from repaudit.contract.statement import Suppression
from repaudit.rules._pointers import is_at_or_below
from repaudit.rules._rule import Case


def inferred_pointers(case: Case) -> tuple[str, ...]:
    """Return the fields that the transcriber inferred.

    Only of a transcription: an author does not infer his own settings (RA042), and an error in
    his file must not become a warning by a word of his own.
    """
    if not case.is_transcription:
        return ()
    return tuple(note.pointer for note in case.results.annotations if note.kind == "inferred")


def weaken(
    findings: Iterable[Finding], structural: bool, inferred: tuple[str, ...]
) -> Iterator[Finding]:
    """Yield the findings, at most likely and at most warnings where they rest on an inference.

    A structural finding rests on the file alone and stays as it is.
    """
    for finding in findings:
        rests = any(is_at_or_below(finding.pointer, pointer) for pointer in inferred)
        yield _weaker(finding) if rests and not structural else finding


def _weaker(finding: Finding) -> Finding:
    severity, certainty = finding.severity, finding.certainty
    if severity is Severity.ERROR:
        severity = Severity.WARNING
    if certainty is Certainty.PROVED:
        certainty = Certainty.LIKELY
    return finding.model_copy(update={"severity": severity, "certainty": certainty})


def suppress(findings: Iterable[Finding], suppressions: Iterable[Suppression]) -> Iterator[Finding]:
    """Yield the findings; a suppressed warning or note carries the author's reason."""
    reasons = {(entry.code, entry.pointer): entry.reason for entry in suppressions}
    for finding in findings:
        reason = reasons.get((finding.code, finding.pointer))
        if reason is None or finding.severity is Severity.ERROR:
            yield finding
        else:
            yield finding.model_copy(update={"suppressed": reason})
