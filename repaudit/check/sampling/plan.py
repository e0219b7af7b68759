"""What an audit will do with each evaluation, and about what that costs, before anything runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from repaudit.contract.task import CertificationTask, Task
from repaudit.evidence.tables import CertificationRecords, Records
from repaudit.statistics.curtailment import curtailment
from repaudit.statistics.sequential import examples_needed
from repaudit.statistics.sign_flip import in_window
from repaudit.verdicts.sampling.design import RECORDS
from repaudit.verdicts.sampling.radii import compared_radii

if TYPE_CHECKING:
    from repaudit.rerun.engine import Engine

UNCERTAIN = 0.04
"""share of examples that need all their draws, in sound networks; the rest stop early"""
BETWEEN_LOOKS = 1.5
"""an example that is a little short of a look's bound stops at the next"""
WORTH = 2.0
"""how many times cheaper a sample must be: it says less"""
NOT_WORTH = "a sample would save less than half"
OF_ALL_ALIKE = 4.0
"""a poll needs 3 to 8 times the examples of a comparison"""


@dataclass(frozen=True)
class Planned:
    """One evaluation of a plan."""

    evaluation: str
    how: Literal["sample", "full"]
    forwards: int
    """expected; of a full re-run exact"""
    in_full: int
    """forwards of a full re-run"""
    words: str
    """for the reader, without the name"""


def planned(
    tasks: Mapping[str, Sequence[Task] | str],
    released: Mapping[str, Records],
    engine: "Engine",
    margin: float,
    *,
    sampled: bool,
) -> list[Planned]:
    """Return the plan for the evaluations that can be run, in the order of the file.

    ``margin`` is the materiality of accuracies as a fraction. A sample is planned only where it
    is expected to take less than half of the full re-run.
    """
    from repaudit.rerun.study import CANNOT_RUN

    found = []
    for name, wanted in tasks.items():
        if isinstance(wanted, str):
            continue
        try:
            in_full = sum(engine.forwards_of(task) for task in wanted)
        except CANNOT_RUN:
            continue  # the run says why
        found.append(_planned(name, wanted, released.get(name), in_full, margin, sampled=sampled))
    return found


def is_worth(expected: int, in_full: int) -> bool:
    """Whether a sample is so much cheaper than a full re-run that it is drawn."""
    return WORTH * expected <= in_full


def _planned(
    name: str,
    tasks: Sequence[Task],
    released: Records | None,
    in_full: int,
    margin: float,
    *,
    sampled: bool,
) -> Planned:
    first = tasks[0]
    if not sampled or not isinstance(first, CertificationTask):
        return Planned(name, "full", in_full, in_full, f"in full, {in_full:,} forwards")
    size = in_full // (1 + first.n0 + first.n)
    counts = released if isinstance(released, CertificationRecords) else None
    expected, examples, records = _expected(first, counts, size, margin)
    if not is_worth(expected, in_full):
        words = f"in full, {in_full:,} forwards: {NOT_WORTH}"
        return Planned(name, "full", in_full, in_full, words)
    every = "every example" if examples >= size else f"about {examples:,} of {size:,} examples"
    beside = f"{records} released counts at all draws, then " if records else ""
    words = f"by sample, about {expected:,} of {in_full:,} forwards: {beside}{every}, as few draws"
    return Planned(name, "sample", expected, in_full, f"{words} as it takes")


def _expected(
    task: CertificationTask, released: CertificationRecords | None, size: int, margin: float
) -> tuple[int, int, int]:
    """Return the expected forwards, the examples looked at, and the records held against ours."""
    records, examples = 0, examples_needed(margin)
    if released is None:
        examples = int(OF_ALL_ALIKE * examples)
    else:
        records = min(RECORDS, int(in_window(released.label_hits, task.n).sum()))
    examples = min(examples, size)
    each = max(_first_accept(task)) * BETWEEN_LOOKS + UNCERTAIN * (task.n0 + task.n)
    each = min(each, task.n0 + task.n)
    return int(examples * each) + records * task.n, examples, records


def _first_accept(task: CertificationTask) -> Iterator[int]:
    """Yield the draws after which a sure example is accepted, per radius."""
    for _, needed in compared_radii(task.n, task.alpha):
        rule = curtailment(task.n0, task.n, needed)
        accepting = [look for look, most in zip(rule.looks, rule.accept, strict=True) if most >= 0]
        yield min(accepting, default=task.n)
