"""The audit: everything we say about one results file."""

from typing import Annotated, Literal

from pydantic import Field

from repaudit.audit.base import Said
from repaudit.audit.baseline import Baseline
from repaudit.audit.comparison import Comparison, Verdict
from repaudit.audit.described import DescribedContract
from repaudit.audit.falsification import Falsification
from repaudit.audit.figures import Figures
from repaudit.audit.finding import Finding, Rule, Severity
from repaudit.audit.probe import Probe
from repaudit.audit.run import Environment, Measurement
from repaudit.audit.sample import Sample

SCHEMA_ID = "urn:repaudit:audit:1"


class Level(Said):
    """One rung of the evidence ladder."""

    id: Literal["L0", "L1", "L2", "L3", "L4", "L5"]
    title: str
    status: Literal["passed", "failed", "not_applicable", "not_checked"]
    reason: str


class Subject(Said):
    """The results file that was audited."""

    path: str
    """as given on the command line"""
    sha256: str
    title: str
    kind: Literal["original", "transcription", "plan"]
    evaluations: int
    claims: int


class Options(Said):
    """How the audit was asked to run."""

    static: bool
    fail_on: list[str]
    require: str | None
    margins: dict[str, float]
    """from the command line: metric family -> margin"""
    device: str = "auto"
    """as asked for: auto, cpu, cuda or cuda:N"""
    roots: dict[str, str] = {}
    """named folders of the command line, as given"""
    allow_code: bool = False
    """whether entry points of the results file might run"""
    mode: Literal["full", "risk-limiting", "quick"] = "full"
    risk: float = 0.01
    """of confirming an overstatement larger than the margin, in a sampled evaluation"""
    budget: str | None = None
    """as asked for; null = none"""
    budget_forwards: int | None = None
    """what that came to on this machine: the same number repeats the audit"""
    falsify: bool = False
    """whether certificates were attacked"""
    attempts: int | None = None
    """on each evaluation's certificates; null = as many as suits"""
    confirm: str | None = None
    """the earlier audit that this one was to confirm"""
    select: list[str] = []
    """rules that were to run, codes or beginnings of codes; empty: all"""
    ignore: list[str] = []
    """rules that were to be left out"""
    party: str | None = None
    """who audited, as they call themselves"""


class Audit(Said):
    """An audit, version 1."""

    schema_id: Annotated[Literal["urn:repaudit:audit:1"], Field(alias="$schema")] = (
        "urn:repaudit:audit:1"
    )
    model_config = {"populate_by_name": True}
    subject: Subject
    options: Options
    nonce: str
    """32 hexadecimal digits; with the results file it gives the audit's seed"""
    seed: str
    """SHA-256 of the results file's bytes followed by the nonce's, hexadecimal"""
    started: str
    """when the audit started, ISO 8601, UTC"""
    seconds: float
    environment: Environment
    rules: list[Rule]
    findings: list[Finding]
    """sorted by severity, then position"""
    probes: list[Probe] = []
    """what was asked of pipelines and networks before their certificates were believed"""
    samples: list[Sample] = []
    """evaluations audited by sample, those included that were re-run in full afterwards"""
    falsifications: list[Falsification] = []
    """by evaluation: the search for points within certified balls where the class changes"""
    measurements: list[Measurement]
    contracts: list[DescribedContract] = []
    """what was certified, in words, by evaluation in the order of the file"""
    figures: list[Figures] = []
    """what can be drawn of the certifications, likewise"""
    comparisons: list[Comparison]
    """in the order of the file"""
    levels: list[Level]
    level: Literal["L0", "L1", "L2", "L3", "L4", "L5"] | None
    """highest level passed with every applicable lower one passed"""
    materiality: dict[str, float]
    """the margin that applied, per family, in its unit"""
    baseline: Baseline | None = None
    """what a gate-keeper accepted; it moves the exit code and nothing else"""
    exit_code: int
    """0, 1 or 3 (standard, section 6)"""
    exit_reason: str
    """why it ends so, in one sentence"""

    def count(self, severity: Severity) -> int:
        """Return how many findings and verdicts have this severity (suppressed ones aside)."""
        findings = sum(f.severity is severity and f.suppressed is None for f in self.findings)
        return findings + sum(c.verdict.severity is severity for c in self.comparisons)

    def verdicts(self) -> dict[Verdict, int]:
        """Return how many comparisons ended in each verdict, in the standard's order."""
        return {verdict: sum(c.verdict is verdict for c in self.comparisons) for verdict in Verdict}
