"""What is asked of pipelines and networks before their certificates are believed.

The door to the probes: torch is imported here, when there is something to ask.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from repaudit.audit.finding import Finding
from repaudit.audit.probe import JUDGED_BY, Probe
from repaudit.contract.files import Places
from repaudit.contract.load import Document
from repaudit.contract.results import Results
from repaudit.contract.task import CertificationTask, Task
from repaudit.rules import Case, chosen_rules, run_rules

if TYPE_CHECKING:
    from repaudit.rerun.engine import Engine


def probe(engine: "Engine", tasks: Mapping[str, Sequence[Task] | str], seed: bytes) -> list[Probe]:
    """Return the answers of every certification, asked once per checkpoint.

    ``tasks`` holds each evaluation's, or the reason why it has none, which is no question of a
    probe. ``seed`` is the audit's 32 bytes. What cannot be asked is in the list with its reason.
    """
    from repaudit.rerun.probes import run_probes

    return [found for task in _first_repeats(tasks) for found in run_probes(engine, task, seed)]


def _first_repeats(tasks: Mapping[str, Sequence[Task] | str]) -> Iterator[CertificationTask]:
    for wanted in tasks.values():
        for task in () if isinstance(wanted, str) else wanted:
            if isinstance(task, CertificationTask) and task.repeat == 0:
                yield task


def probe_findings(
    results: Results,
    document: Document,
    places: Places | None,
    probes: Sequence[Probe],
    chosen: Collection[str] | None = None,
) -> list[Finding]:
    """Return what the rules say about the answers, sorted; lines and columns are left open.

    ``chosen`` are the codes that may run at all; None = every rule. A finding points to the
    evaluation whose certificates rest on the answer.
    """
    judging = chosen_rules(JUDGED_BY, ())
    allowed = judging if chosen is None else judging & set(chosen)
    case = Case(results, document.value, places, probes=tuple(probes))
    findings, _ = run_rules(case, chosen=allowed)
    return [finding for finding in findings if finding.code.startswith(JUDGED_BY)]
