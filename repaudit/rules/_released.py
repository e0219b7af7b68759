"""The released counts of a results file, by evaluation."""

from collections.abc import Iterator

from repaudit.contract.evaluation import Certification, Evaluation
from repaudit.contract.positions import pointer_of
from repaudit.evidence.tables import CertificationRecords, RadiusRecords, Records
from repaudit.rules._rule import Case


def released(case: Case) -> Iterator[tuple[str, Evaluation, Records]]:
    """Yield every evaluation with released counts: its id, itself, the counts."""
    for name, evaluation in case.results.evaluations.items():
        if name in case.released:
            yield name, evaluation, case.released[name]


def certifications(case: Case) -> Iterator[tuple[str, Certification, CertificationRecords]]:
    """Yield every certification with released counts."""
    for name, evaluation, records in released(case):
        if isinstance(evaluation, Certification) and isinstance(records, CertificationRecords):
            yield name, evaluation, records


def radius_logs(case: Case) -> Iterator[tuple[str, Certification, RadiusRecords]]:
    """Yield every certification with a released log of radii, which has no counts."""
    for name, evaluation, records in released(case):
        if isinstance(evaluation, Certification) and isinstance(records, RadiusRecords):
            yield name, evaluation, records


def evidence_of(name: str) -> str:
    """Return the JSON pointer of an evaluation's evidence."""
    return pointer_of(["evaluations", name, "evidence"])
