"""A declared file is another one than its hash says, or lies outside the results file's folder.

Why
---
The hash ties the numbers to the network, the data list and the counts they came from. Another
file under the same name makes every comparison one with something else; a path that leaves the
folder reads what the author of a results file has no business to read. A missing file is no
finding, it leaves things unchecked; the clips of a manifest are hashed when they are loaded.

Bad
---
    {"evaluations": {"spoken-words": {"evidence": [{"path": "../counts.csv", "format": "records",
         "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"evidence": [{"path": "counts/seed0.csv",
         "format": "records",
         "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}]}}}

References
----------
FIPS 180-4, Secure Hash Standard (SHA-256).
"""

from collections.abc import Iterator

from repaudit._core.text import shorten
from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.files import FileFault, HashMismatch, MissingFile, OutsideFolder, Places
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.types import File
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, structural=True, needs_files=True)
def check(case: Case) -> Iterator[Hit]:
    """Yield every declared file that exists and is another one, and every path that leads out."""
    assert case.places is not None  # needs_files
    faults: dict[File, FileFault | None] = {}
    for pointer, file in _files(case.results):
        if file not in faults:
            faults[file] = _fault(case.places, file)
        fault = faults[file]
        if isinstance(fault, HashMismatch):
            reason = fault.reason
            yield Hit(f"{pointer}/sha256", f"{shorten(file.path)}: {reason}")
        elif isinstance(fault, OutsideFolder):
            message = f"expected a path inside its folder, found {shorten(file.path)}"
            yield Hit(f"{pointer}/path", message)


def _fault(places: Places, file: File) -> FileFault | None:
    try:
        places.verified(file)
    except (HashMismatch, OutsideFolder) as fault:
        return fault
    except MissingFile:
        return None
    return None


def _files(results: Results) -> Iterator[tuple[str, File]]:
    """Yield every declared file with its pointer."""
    for name, data in results.data.items():
        if data.manifest is not None:
            yield pointer_of(["data", name, "manifest"]), data.manifest
        if data.tensors is not None:
            yield pointer_of(["data", name, "tensors", "file"]), data.tensors.file
    for name, model in results.models.items():
        for i, checkpoint in enumerate(model.checkpoints):
            if checkpoint.file is not None:
                yield pointer_of(["models", name, "checkpoints", i, "file"]), checkpoint.file
    for name, evaluation in results.evaluations.items():
        for i, evidence in enumerate(evaluation.evidence):
            file = File(path=evidence.path, sha256=evidence.sha256)
            yield pointer_of(["evaluations", name, "evidence", i]), file
