"""Our own draws of a sample on disk, so that a third party can recheck the auditor."""

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from repaudit._core.disk import make_folder, write_whole
from repaudit.audit.sample import Sample
from repaudit.check.sampling.run import SampledRun
from repaudit.contract.files import sha256_of


def write_samples(run: SampledRun, out: Path | None) -> list[Sample]:
    """Write one file per sample below ``out`` and return the samples with path and hash."""
    if out is None:
        return list(run.samples.values())
    return [_written(sample, run.drawn[name].rows, out) for name, sample in run.samples.items()]


def _written(sample: Sample, rows: Sequence[dict[str, object]], out: Path) -> Sample:
    if not rows:
        return sample
    path = Path("evidence") / f"{sample.evaluation}.sample.csv"
    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    make_folder((out / path).parent)
    write_whole(out / path, text.getvalue().encode())
    digest = sha256_of(out / path)
    return sample.model_copy(update={"evidence_path": path.as_posix(), "evidence_sha256": digest})
