"""The released evidence of one evaluation: found, hash checked, read, put together."""

from repaudit.contract.evaluation import EvidenceFile
from repaudit.contract.files import Places, inside, verify_sha256
from repaudit.contract.results import Results
from repaudit.contract.task import checkpoints_of
from repaudit.evidence.fault import EvidenceFault
from repaudit.evidence.join import concatenate, row_keys
from repaudit.evidence.read import Expected, read_records
from repaudit.evidence.tables import Records


def expected_of(results: Results, evaluation: str, file: EvidenceFile) -> Expected:
    """Return what the results file says about one file of evidence."""
    declared = results.evaluations[evaluation]
    data = results.data[declared.data]
    return Expected(
        kind=declared.kind,
        checkpoints=tuple(c.id for c in checkpoints_of(results, evaluation)),
        checkpoint=file.checkpoint,
        classes=None if data.classes == "unstated" else data.classes,
        class_names=tuple(data.class_names or ()),
    )


def load_evidence(results: Results, evaluation: str, places: Places) -> Records | None:
    """Return the released counts of an evaluation, all its files together; None without any.

    A log that has radii only gives ``RadiusRecords``.

    Raises ``FileFault`` (``EvidenceFault`` when a file cannot be read as records) and
    ``MissingPart``.
    """
    parts: list[Records] = []
    for file in results.evaluations[evaluation].evidence:
        path = inside(places.folder, file.path)
        verify_sha256(path, file.sha256, file.path)
        parts.append(read_records(path, file.format, expected_of(results, evaluation, file)))
        if type(parts[-1]) is not type(parts[0]):
            raise EvidenceFault(path, None, None, "files of one format", "counts and radii")
        keys = [key for part in parts for key in row_keys(part)]
        if len(set(keys)) != len(keys):
            raise EvidenceFault(path, None, None, "rows that no other file has", "one repeated")
    return concatenate(parts) if parts else None
