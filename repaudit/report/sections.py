"""The audit cut into the pieces that every format shows, in one order."""

from collections import defaultdict
from dataclasses import dataclass

from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison
from repaudit.audit.finding import Finding
from repaudit.audit.run import Measurement

CERTIFICATE_METRICS = frozenset(
    {
        "certified_accuracy",
        "certified_wrong_rate",
        "abstention_rate",
        "certified_radius",
        "certified_snr",
        "recording_radius",
    }
)

GUARANTEE = (
    "A certificate is a statement about one example: with probability at least 1 − alpha, the "
    "smoothed classifier gives the same class everywhere in the open L2 ball of that radius, "
    "measured in the coordinates the noise was added to. alpha is spent per example, not per "
    "table: of N certificates, N × alpha are expected to be invalid at worst."
)
"""Said whenever certificates were audited (Cohen, Rosenfeld & Kolter 2019)."""

DEFENCE_METRICS = frozenset({"defence_rate", "attacked_accuracy", "attack_success_rate"})
DEFENCE = (
    "A transfer number comes from attacks that never saw the defence: it says how badly their "
    "examples transfer, not how robust the defended network is. An adaptive number is the worst "
    "case per example over a panel of which some attack did. A defence rate is a diagnostic; the "
    "accuracy that the adaptive panel leaves is what counts, and a better attack can only lower it."
)
"""Said whenever a defended network was audited (Carlini et al. 2019; Tramer et al. 2020)."""


@dataclass(frozen=True)
class Section:
    """One evaluation: what was run, and its comparisons with their index in the audit."""

    evaluation: str
    objects: str
    """certified object and location of the noise, empty when unknown"""
    measurements: list[Measurement]
    comparisons: list[tuple[int, Comparison]]


def evaluations(audit: Audit) -> list[Section]:
    """Return the evaluations in the order of their comparisons, then those only measured."""
    comparisons: defaultdict[str, list[tuple[int, Comparison]]] = defaultdict(list)
    measurements: defaultdict[str, list[Measurement]] = defaultdict(list)
    for i, comparison in enumerate(audit.comparisons):
        comparisons[comparison.evaluation].append((i, comparison))
    for measurement in audit.measurements:
        measurements[measurement.evaluation].append(measurement)
    return [
        _section(name, measurements[name], comparisons[name])
        for name in dict.fromkeys([*comparisons, *measurements])
    ]


def _section(
    name: str, measurements: list[Measurement], comparisons: list[tuple[int, Comparison]]
) -> Section:
    objects = dict.fromkeys(m.certified_object for m in measurements if m.certified_object)
    return Section(name, "; ".join(objects), measurements, comparisons)


def open_findings(audit: Audit) -> list[tuple[int, Finding]]:
    """Return the findings that the author did not suppress, with their index."""
    return [(i, f) for i, f in enumerate(audit.findings) if f.suppressed is None]


def suppressed_findings(audit: Audit) -> list[Finding]:
    """Return the findings that the author accepts."""
    return [f for f in audit.findings if f.suppressed is not None]


def has_certificates(audit: Audit) -> bool:
    """Whether any comparison is about certificates."""
    return any(c.metric in CERTIFICATE_METRICS for c in audit.comparisons)


def has_defences(audit: Audit) -> bool:
    """Whether any comparison is about a defended network under attack."""
    kinds = (", transfer attack", ", adaptive attack")
    return any(c.metric in DEFENCE_METRICS and c.label.endswith(kinds) for c in audit.comparisons)


def forwards(section: Section) -> int:
    """Return the network forwards of an evaluation, all checkpoints together."""
    return sum(m.forwards for m in section.measurements)
