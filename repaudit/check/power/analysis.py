"""What an audit of a results file or a plan could detect: no network, no recording is touched."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from repaudit._core.errors import MissingPart
from repaudit._core.text import count
from repaudit.audit.power import Power, PowerTable
from repaudit.check.power.cost import cost_of
from repaudit.check.power.row import Subject, is_tested, row_of
from repaudit.contract.base import UnstatedError
from repaudit.contract.coordinates import UnknownLocation
from repaudit.contract.files import FileFault, HashMismatch, OutsideFolder, Places
from repaudit.contract.load import load_results
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.evidence.load import load_evidence
from repaudit.evidence.tables import CertificationRecords
from repaudit.metrics.context import Context, context_of
from repaudit.statistics.power import LEVEL, POWER
from repaudit.statistics.predictive import Protocol
from repaudit.verdicts import Margins
from repaudit.verdicts.question import NoTest

UNKNOWN = {
    "geometry": "how much a geometry varies is not known before its first draws",
    "empirical": "how much attacks and defences vary is not known before they are run",
    "aliasing": "aliasing has no randomness: every difference beyond its materiality is seen",
}
"""Why nothing is said of an evaluation that certifies nothing, by its kind."""
RANDOM = frozenset({"attacked_accuracy", "attack_success_rate", "defence_rate"})
"""Metrics beside certification and geometry whose tests may have a p-value."""


def power(
    path: Path,
    margins: Mapping[str, str] = MappingProxyType({}),
    roots: Mapping[str, Path] = MappingProxyType({}),
) -> Power:
    """Return what an audit of a file could detect, claim by claim, and what it would cost.

    Raises ``ContractError`` for a file that breaks the schema and ``InputError`` for a margin
    that is none. What cannot be said has its reason.
    """
    results, document = load_results(path)
    applying = Margins.of(results.materiality, margins)
    tests = tests_of(results)
    places = Places(document.path.parent, roots)
    points = applying.by_family["accuracy"].value
    tables = [_table(results, name, places, tests, points) for name in results.evaluations]
    return Power(
        path=str(document.path),
        sha256=document.sha256,
        title=results.study.title,
        tests=tests,
        level=LEVEL,
        power=POWER,
        margin=points,
        assumptions=list(dict.fromkeys(c.assumption for table in tables for c in table.costs)),
        tables=tables,
    )


def tests_of(results: Results) -> int:
    """Return the tests of a file's family: claims that are compared, and released counts.

    A plan is taken to release its counts, as ``repaudit measure`` does.
    """
    tests, is_plan = 0, results.study.kind == "plan"
    for evaluation in results.evaluations.values():
        if evaluation.kind == "certification":
            tests += sum(is_tested(claim) for claim in evaluation.claims)
            tests += bool(evaluation.evidence) or is_plan
        elif evaluation.kind == "geometry":
            tests += len(evaluation.claims)
        else:
            tests += sum(claim.metric in RANDOM for claim in evaluation.claims)
    return max(tests, 1)


def _table(results: Results, name: str, places: Places, tests: int, margin: float) -> PowerTable:
    declared = results.evaluations[name]
    try:
        if declared.kind != "certification":
            raise NoTest(UNKNOWN[declared.kind])
        context = context_of(results, name)
        words = _words(context)
    except (UnstatedError, NoTest) as error:
        return PowerTable(evaluation=name, words="", rows=[], costs=[], reason=str(error))
    except (KeyError, UnknownLocation):
        reason = "a name that the evaluation refers to leads nowhere"
        return PowerTable(evaluation=name, words="", rows=[], costs=[], reason=reason)
    released = _released(results, name, places, context)
    counts = released if isinstance(released, CertificationRecords) else None
    subject = Subject(name, context, counts, LEVEL / tests)
    has_counts = bool(declared.evidence) or results.study.kind == "plan"
    return PowerTable(
        evaluation=name,
        words=words if counts is not None or released is None else f"{words}; {released}",
        rows=[
            row_of(subject, claim, pointer_of(["evaluations", name, "claims", index]))
            for index, claim in enumerate(declared.claims)
        ],
        costs=[
            cost_of(one, context, counts, margin / 100.0, has_counts=has_counts)
            for one in subject.assumptions
        ],
    )


def _words(context: Context) -> str:
    """Return the size of an evaluation; ``NoTest`` when it does not say enough."""
    if not isinstance(context.protocol, Protocol):
        raise NoTest(context.protocol or "an evaluation without certification draws")
    if context.protocol.k_min > context.protocol.n:
        raise NoTest(
            f"{context.protocol.n} draws certify nothing at alpha {context.protocol.alpha}"
        )
    if context.examples is None:
        raise NoTest("the number of examples is unstated")
    draws = f"n0 = {context.protocol.n0}, n = {context.protocol.n}"
    return f"{count(context.examples, 'example')}, {draws}, {count(context.runs, 'run')}"


def _released(
    results: Results, name: str, places: Places, context: Context
) -> CertificationRecords | str | None:
    """Return the released counts; None without any, or why they cannot be used."""
    try:
        records = load_evidence(results, name, places)
    except (FileFault, HashMismatch, OutsideFolder, MissingPart, OSError) as error:
        return f"the released counts were not read ({error})"
    if records is None:
        return None
    if not isinstance(records, CertificationRecords):
        return "no counts are released"
    assert isinstance(context.protocol, Protocol)
    if set(records.draws.tolist()) != {context.protocol.n}:
        return "the released counts have other draws than the declared n"
    return records
