"""What a rule gets, what it yields, and the decorator that makes one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from repaudit.audit.falsification import Falsification
from repaudit.audit.finding import Certainty, Finding, Severity
from repaudit.audit.probe import Probe
from repaudit.contract.files import MissingFile, Places
from repaudit.contract.results import Results
from repaudit.evidence.tables import Records


@dataclass(frozen=True, eq=False)
class Case:
    """Everything that a rule may look at."""

    results: Results
    document: Any = field(repr=False)
    """the parsed JSON that ``results`` was made from, for pointers"""
    places: Places | None = None
    """where declared files may lie; None = files are not to be looked at"""
    released: Mapping[str, Records] = field(default_factory=dict, repr=False)
    """released evidence by evaluation, where it could be read"""
    unusable: Mapping[str, MissingFile] = field(default_factory=dict)
    """by evaluation: why its released evidence is not there, is not read, or contradicts itself"""
    probes: tuple[Probe, ...] = ()
    """what the probes of a re-run measured; empty before, or without one"""
    falsifications: tuple[Falsification, ...] = ()
    """the attempts on certificates, judged; empty before, or without any"""
    findings: tuple[Finding, ...] = ()
    """what the other rules found, for a rule that runs last"""
    judged: frozenset[str] = frozenset()
    """codes of the rules that ran, for a rule that runs last"""

    @property
    def is_transcription(self) -> bool:
        """Whether the numbers were typed in from a source, so that settings may be unknown."""
        return self.results.study.kind == "transcription"


@dataclass(frozen=True)
class Hit:
    """One place that a rule objects to."""

    pointer: str
    """JSON pointer of a value that exists; of the parent when something is absent"""
    message: str
    """one plain sentence, without a full stop"""
    evidence: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    """the numbers behind the message"""
    severity: Severity | None = None
    """instead of the rule's own"""
    certainty: Certainty | None = None
    """instead of the rule's own"""


Function = Callable[[Case], Iterator[Hit]]


@dataclass(frozen=True)
class Check:
    """A rule's function with what its decorator says about it."""

    function: Function
    severity: Severity
    certainty: Certainty
    requires: tuple[str, ...]
    """codes of the rules that must have run without an error"""
    structural: bool
    """whether a finding is about the file itself, so that no inferred source can weaken it"""
    needs_files: bool
    """whether it looks at the declared files"""
    last: bool
    """whether it judges the findings of all others"""

    def __call__(self, case: Case) -> Iterator[Hit]:
        """Yield what the rule objects to."""
        return self.function(case)


def rule(
    *,
    severity: Severity,
    certainty: Certainty,
    requires: tuple[str, ...] = (),
    structural: bool = False,
    needs_files: bool = False,
    last: bool = False,
) -> Callable[[Function], Check]:
    """Make a function the check of its module's rule; code and name come from the file name."""

    def make(function: Function) -> Check:
        return Check(function, severity, certainty, requires, structural, needs_files, last)

    return make
