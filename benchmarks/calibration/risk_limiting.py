"""What a risk-limiting audit costs, and how often it errs, with every hit probability known.

    python -m benchmarks.calibration.risk_limiting [--audits 200] [--json FILE]

An author's table may be raised: so many examples that do not reach the radius are declared to.
An audit that settles nothing hands over to the full recompute, whose cost is not counted here.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from benchmarks.calibration.curtailed_draws import (
    Bools,
    Ints,
    Outcomes,
    draw_outcomes,
    selects_label,
)
from benchmarks.calibration.populations import draw
from benchmarks.calibration.record_audits import LEVEL, audit_records, record_table
from repaudit.statistics.certificate import ceiling_z, hits_for_z
from repaudit.statistics.predictive import Protocol
from repaudit.statistics.sequential import SequentialAudit
from repaudit.statistics.variance import variance_of_count

RISK = 0.009
"""Per direction: nine tenths of 1 %; the rest is for curtailed draws."""
_WAVE = 512
"""Examples added before the next look at the stakes."""


@dataclass(frozen=True)
class Setting:
    """One kind of table and how it is audited."""

    population: str
    size: int
    margin: float
    """fraction of the examples"""
    raised: float = 0.0
    """fraction of the examples that the table declares falsely"""
    kind: Literal["comparison", "polling"] = "comparison"
    records: int = 0
    """examples of the targeted record audit before it"""
    at_boundary: bool = False
    """outcomes are changed until the table is overstated by exactly the margin, which is rounded up
    to a count of examples"""
    refute_z: float = 0.0
    """sds of the difference of two honest runs below which a comparison refutes nothing"""
    of_ceiling: float = 0.0
    """the radius, as a share of the ceiling; 0 = every certificate"""
    n0: int = 100
    n: int = 10_000

    @cached_property
    def protocol(self) -> Protocol:
        """How author and auditor certify."""
        return Protocol(self.n0, self.n, 0.001)

    @cached_property
    def needed(self) -> int:
        """Votes that reach the radius."""
        z = self.of_ceiling * ceiling_z(self.n, self.protocol.alpha)
        return int(hits_for_z(z, self.n, self.protocol.alpha))


@dataclass(frozen=True)
class Audited:
    """One audit."""

    outcome: Literal["confirmed", "refuted", "unsettled", "records"]
    """``records``: the record audit rejected, and nothing further was drawn"""
    examples: int
    forwards: int
    overstated: float
    """what all draws of all examples would show"""
    wrong_decisions: int
    """examples, of all, that curtailed draws get another way"""


@dataclass(frozen=True)
class Row:
    """Many audits of one setting."""

    population: str
    size: int
    kind: str
    margin: float
    records: int
    audits: int
    overstated: float
    """mean, in points"""
    confirmed: float
    refuted: float
    unsettled: float
    by_records: float
    """shares of the audits; ``by_records`` were rejected by the record audit"""
    examples: float
    forwards: float
    """medians"""
    forwards_p90: float
    saving: float
    """all draws of all examples, over the median of forwards"""
    wrong_decisions: int
    """of curtailed draws, in all audits"""


def audit_once(setting: Setting, rng: np.random.Generator) -> Audited:
    """Draw a population, a table about it and a re-run, and audit the table."""
    p = draw(setting.population, setting.size, rng, setting.n)
    ours = draw_outcomes(p, setting.protocol, setting.needed, rng)
    hits = rng.binomial(setting.n, p)
    honest = selects_label(p, setting.n0, rng) & (hits >= setting.needed)
    declared, margin = _raised(setting, honest, ours, rng)
    overstated = float(np.mean(declared) - np.mean(ours.reaches))
    wrong = int(np.count_nonzero(ours.taken != ours.reaches))
    spent = 0
    if setting.records:
        result, spent = audit_records(hits, p, setting.n, setting.records, rng)
        if result.p_value < LEVEL:
            return Audited("records", 0, spent, overstated, wrong)
    audit, added = _design(setting, margin, declared, hits, ours)
    outcome, order = _sample(audit, added, rng)
    forwards = spent + int(ours.draws[order].sum())
    return Audited(outcome, order.size, forwards, overstated, wrong)


def _raised(
    setting: Setting, honest: Bools, ours: Outcomes, rng: np.random.Generator
) -> tuple[Ints, float]:
    """Return the declared outcomes, and the margin they are audited at."""
    declared = honest.astype(np.int64)
    margin, more = setting.margin, round(setting.raised * setting.size)
    if setting.at_boundary:
        count = int(np.ceil(setting.margin * setting.size))
        margin, more = count / setting.size, count - int(declared.sum() - ours.reaches.sum())
    wrong_way = 0 if more > 0 else 1
    open_to = rng.permutation(np.flatnonzero(declared == wrong_way))
    if not setting.at_boundary:  # a small table may have fewer that can be raised
        more = min(more, open_to.size)
    if abs(more) > open_to.size:
        raise ValueError(f"{setting}: {more} of {open_to.size} outcomes cannot be changed")
    declared[open_to[: abs(more)]] = 1 - wrong_way
    return declared, margin


def _design(
    setting: Setting, margin: float, declared: Ints, hits: Ints, ours: Outcomes
) -> tuple[SequentialAudit, Ints]:
    """Return the audit, and what every example adds to it."""
    if setting.kind == "polling":
        claimed = float(np.mean(declared))
        return SequentialAudit.polling(setting.size, claimed, margin), ours.taken.astype(np.int64)
    refute = margin
    if setting.refute_z:
        spread = variance_of_count(hits, setting.needed, setting.protocol) ** 0.5
        refute = max(margin, setting.refute_z * spread / setting.size)
    return SequentialAudit.comparison(setting.size, margin, refute), declared - ours.taken


def _sample(
    audit: SequentialAudit, added: Ints, rng: np.random.Generator
) -> tuple[Literal["confirmed", "refuted", "unsettled"], Ints]:
    """Return how the sequential audit ends, and the examples it looked at."""
    order = rng.permutation(added.size)
    for start in range(0, added.size, _WAVE):
        confirm, refute = (
            np.flatnonzero(stakes >= -np.log(RISK))
            for stakes in audit.extend(added[order[start : start + _WAVE]])
        )
        first = min(np.r_[confirm, _WAVE][0], np.r_[refute, _WAVE][0])
        if first < _WAVE:
            is_confirmed = confirm.size and confirm[0] == first
            return "confirmed" if is_confirmed else "refuted", order[: start + first + 1]
    return "unsettled", order


def simulate(setting: Setting, audits: int, seed: int = 0) -> Row:
    """Audit many tables of one kind; the same ones for the same seed."""
    rng = np.random.default_rng([seed, *repr(setting).encode()])
    done = [audit_once(setting, rng) for _ in range(audits)]
    share = {
        outcome: sum(one.outcome == outcome for one in done) / audits
        for outcome in ("confirmed", "refuted", "unsettled", "records")
    }
    forwards = np.array([one.forwards for one in done])
    return Row(
        population=setting.population,
        size=setting.size,
        kind=setting.kind,
        margin=100.0 * setting.margin,
        records=setting.records,
        audits=audits,
        overstated=100.0 * float(np.mean([one.overstated for one in done])),
        confirmed=share["confirmed"],
        refuted=share["refuted"],
        unsettled=share["unsettled"],
        by_records=share["records"],
        examples=float(np.median([one.examples for one in done])),
        forwards=float(np.median(forwards)),
        forwards_p90=float(np.quantile(forwards, 0.9)),
        saving=setting.size * (setting.n0 + setting.n) / float(np.median(forwards)),
        wrong_decisions=sum(one.wrong_decisions for one in done),
    )


def settings() -> list[Setting]:
    """Return the table of the design: honest, and raised by two and four margins."""
    compared = [
        Setting(population, size, margin, raised * margin)
        for population, size in (("SC", 5074), ("SC", 400), ("ESC", 2000), ("ESC", 400))
        for margin in (0.005, 0.01, 0.02)
        for raised in (0, 2, 4)
        if raised * margin < 0.05
    ]
    return [
        *compared,
        Setting("SC", 5074, 0.01, kind="polling"),
        Setting("ESC", 2000, 0.01, kind="polling"),
        Setting("SC", 5074, 0.01, records=50),
        Setting("ESC", 2000, 0.01, records=50),
    ]


def table(audits: int) -> list[Row]:
    """Simulate every setting of the table."""
    return [simulate(setting, audits) for setting in settings()]


def _lines(rows: Sequence[Any]) -> Iterable[str]:
    names = [field.name for field in fields(rows[0])]
    yield "| " + " | ".join(names) + " |"
    yield "|" + "---|" * len(names)
    for row in rows:
        cells = (getattr(row, name) for name in names)
        yield (
            "| " + " | ".join(f"{c:.6g}" if isinstance(c, float) else str(c) for c in cells) + " |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--audits", type=int, default=200)
    parser.add_argument("--json", type=Path, help="also write the rows here")
    arguments = parser.parse_args()
    rows, records = table(arguments.audits), record_table(arguments.audits)
    print("\n".join([*_lines(rows), "", *_lines(records)]))
    if arguments.json:
        document = {"sequential": list(map(asdict, rows)), "records": list(map(asdict, records))}
        arguments.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
