"""What T does to the noise, taken apart: bars beside what the identity would give."""

from dataclasses import dataclass
from typing import Final

from repaudit.audit.audit import Audit
from repaudit.report.figures.axis import Tick, percent, ticks
from repaudit.report.numbers import number

PARTS: Final = (
    ("clean_bias", "clean bias", "what T does without noise, ‖T(x) − x‖ / ‖ε‖", 0.0),
    ("noise_gain", "noise gain", "how much of the noise passes, ‖T(x + ε) − T(x)‖ / ‖ε‖", 1.0),
    ("cosine", "cosine", "whether what is left points along the noise", 1.0),
    ("vector_deviation", "vector deviation", "‖T(x + ε) − x − ε‖ / ‖ε‖", 0.0),
    ("d_geom", "D_geom", "mean of |‖T(x + ε) − x‖ / ‖ε‖ − 1|", 0.0),
)
"""Name in the measurement, in the report, what it is, and its value when T is the identity."""


@dataclass(frozen=True)
class Part:
    """One bar, percent of the plot."""

    name: str
    words: str
    value: str
    start: float
    width: float
    identity: float
    identity_text: str


@dataclass(frozen=True)
class GeometryView:
    """The decomposition of one evaluation."""

    evaluation: str
    parts: list[Part]
    ticks: list[Tick]
    zero: float
    """where 0 is, percent of the plot"""


def geometry_views(audit: Audit) -> list[GeometryView]:
    """Return the decompositions of every measured geometry, in the order of the audit."""
    found = []
    for measurement in audit.measurements:
        values = [
            (name, measurement.summary.get(key), words, identity)
            for key, name, words, identity in PARTS
        ]
        known = [(n, v, w, i) for n, v, w, i in values if v is not None]
        if "clean_bias" in measurement.summary and known:
            found.append(_view(measurement.evaluation, known))
    return found


def _view(evaluation: str, known: list[tuple[str, float, str, float]]) -> GeometryView:
    low = min(0.0, *(value for _, value, _, _ in known))
    high = 1.05 * max(1.0, *(value for _, value, _, _ in known))
    span = high - low

    def at(value: float) -> float:
        return percent((value - low) / span)

    parts = [
        Part(
            name=name,
            words=words,
            value=number(value, value / 100.0),
            start=at(min(value, 0.0)),
            width=round(at(max(value, 0.0)) - at(min(value, 0.0)), 2),
            identity=at(identity),
            identity_text=f"{identity:g}",
        )
        for name, value, words, identity in known
    ]
    labels = [Tick(at(float(t.text)), t.text) for t in ticks(high, most=5)]
    return GeometryView(evaluation, parts, labels, at(0.0))
