"""The released counts are of another number of examples than the file declares.

Why
---
A share over N examples cannot be recomputed from more or fewer of them, and which ones are
missing is unknown. Runs that are not released are no finding: the others can be checked. Where the
file does not say how many there are, released logs of one data set must be of one length.

Bad
---
    {"data": {"test-set": {"examples": 3}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,9731,9731,10000", "no-1,1,1,9462,9462,10000"]},
     "evaluations": {"spoken-words": {"claims": []}}}

Good
----
    {"data": {"test-set": {"examples": 2}}, "x-released": {"spoken-words": [
       "example_id,label,selected_class,hits,label_hits,draws",
       "yes-1,0,0,9731,9731,10000", "no-1,1,1,9462,9462,10000"]},
     "evaluations": {"spoken-words": {"claims": []}}}

References
----------
The results file, data: ``examples`` is the number actually evaluated.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.base import UnstatedError
from repaudit.evidence.join import runs_of
from repaudit.evidence.tables import GeometryRecords, Records
from repaudit.metrics.context import Context, context_of
from repaudit.rules._log_length import lengths
from repaudit.rules._released import evidence_of, released
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every evaluation with a released run of another size, or with runs too many."""
    yield from lengths(case)
    for name, _, records in released(case):
        try:
            context = context_of(case.results, name)
        except UnstatedError:
            continue
        runs = list(runs_of(records))
        if len(runs) > context.runs:
            message = f"expected {context.runs} runs, found {len(runs)}"
            yield Hit(evidence_of(name), message)
        for run in runs:
            yield from _size(name, context, run)


def _size(name: str, context: Context, run: Records) -> Iterator[Hit]:
    checkpoints = getattr(run, "checkpoint", None)
    checkpoint = None if checkpoints is None else str(checkpoints[0])
    declared = context.examples_of(checkpoint)
    found = len(set(run.example_id.tolist()))
    if declared is not None and found != declared:
        message = f"expected {declared} examples, found {found}"
        yield Hit(evidence_of(name), message, {"checkpoint": checkpoint})
    draws = context.draws if isinstance(run, GeometryRecords) else None
    if draws is not None and len(run) != found * draws:
        message = f"expected {draws} draws of every example, found {len(run)} rows"
        yield Hit(evidence_of(name), message, {"examples": found})
