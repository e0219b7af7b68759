"""How many examples a log covers, where the file does not say how many there are."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from repaudit.audit.finding import Certainty, Severity
from repaudit.evidence.join import runs_of
from repaudit.evidence.tables import RadiusRecords
from repaudit.rules._released import evidence_of, radius_logs
from repaudit.rules._rule import Case, Hit


def lengths(case: Case) -> Iterator[Hit]:
    """Yield logs shorter than another of their data, and how many examples a lone step tells of."""
    of_data: defaultdict[str, list[tuple[str, RadiusRecords]]] = defaultdict(list)
    for name, evaluation, records in radius_logs(case):
        if case.results.data[evaluation.data].examples == "unstated":
            of_data[evaluation.data] += [(name, run) for run in runs_of(records)]
    for logs in of_data.values():
        longest = max(len(run) for _, run in logs)
        for name, run in logs:
            if len(run) < longest:
                message = f"expected {longest} rows, as another of its logs has, found {len(run)}"
                yield Hit(evidence_of(name), message, {}, Severity.WARNING, Certainty.LIKELY)
            yield from _covers(name, run)


def _covers(name: str, run: RadiusRecords) -> Iterator[Hit]:
    """Yield for how large a data set a log of every so manyth example is complete."""
    index = run.example_id.astype(np.int64)
    steps = np.unique(np.diff(index))
    if index[0] != 0 or len(steps) != 1 or steps[0] < 2:
        return
    least, step = int(index[-1]) + 1, int(steps[0])
    message = (
        f"expected the number of examples, found {len(run)} rows, every {step}th example: "
        f"all of a set of {least} to {least + step - 1}"
    )
    yield Hit(evidence_of(name), message, {"rows": len(run), "step": step}, Severity.NOTE)
