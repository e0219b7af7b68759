"""Why released counts were rejected: a few examples, run as they may really have been run."""

from collections.abc import Sequence

from repaudit.audit.comparison import Comparison, Verdict
from repaudit.check.find import Found
from repaudit.contract.suspects import suspects_of
from repaudit.contract.task import CertificationTask
from repaudit.evidence.tables import CertificationRecords
from repaudit.verdicts.explanation import (
    explanation,
    fit,
    is_of_another_run,
    part_of,
    telling_examples,
)

REJECTED = {Verdict.REFUTED, Verdict.OVERSTATED, Verdict.UNDERSTATED}


def with_explanations(
    comparisons: Sequence[Comparison],
    found: Found,
    seed: bytes,
) -> list[Comparison]:
    """Return the comparisons; rejected counts say which other run they fit, when one is found."""
    return [
        _explained(comparison, found, seed)
        if comparison.kind == "records" and comparison.verdict in REJECTED
        else comparison
        for comparison in comparisons
    ]


def _explained(
    comparison: Comparison,
    found: Found,
    seed: bytes,
) -> Comparison:
    name = comparison.evaluation
    author, ours = found.recomputed.get(name), found.measured.get(name)
    task = next(iter(found.tasks.get(name, ())), None)
    if not isinstance(author, CertificationRecords) or not isinstance(ours, CertificationRecords):
        return comparison
    if not isinstance(task, CertificationTask) or comparison.p_value is None:
        return comparison
    number = int.from_bytes(seed[:8])
    author = part_of(author, task.checkpoint.id, task.repeat)
    ours = part_of(ours, task.checkpoint.id, task.repeat)
    ids = telling_examples(author, ours, number)
    if not ids:
        return comparison
    result = fit(author, ours, number)
    if not is_of_another_run(result):
        return comparison
    author = part_of(author, task.checkpoint.id, task.repeat, ids)
    suspects = suspects_of(task, ids, is_more_confident=result.direction > 0)
    assert found.machine is not None  # there are counts of our own
    study = found.machine.try_out({w: [t] for w, t in suspects.items()}, seed)
    runs = {w: r for w, r in study.records.items() if isinstance(r, CertificationRecords)}
    sentence = explanation(author, runs, number)
    if sentence is None:
        return comparison
    return comparison.model_copy(update={"reason": f"{comparison.reason}; {sentence}"})
