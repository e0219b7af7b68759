"""What is sampled of one certification: at which radii, against what, in which order.

With released counts our outcomes are compared with the author's, example by example, at every
certificate and at a quarter of the ceiling, the two radii that a sample tells most about.
Without them a claimed accuracy is polled. The order follows from the audit's seed.

Reference: statistics/sequential.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Certification
from repaudit.evidence.tables import CertificationRecords, Records
from repaudit.metrics.certificates import protocol_of, sigma_of
from repaudit.metrics.context import Context
from repaudit.statistics.certificate import hits_for_z
from repaudit.statistics.curtailment import Curtailment, curtailment
from repaudit.statistics.predictive import Protocol
from repaudit.statistics.sign_flip import in_window
from repaudit.statistics.variance import variance_of_count
from repaudit.verdicts.question import declared_interval
from repaudit.verdicts.sampling.polled import polled_claims
from repaudit.verdicts.sampling.radii import compared_radii

Element = tuple[str, int, str]
"""checkpoint, repeat and example id: what is sampled"""

RECORDS = 50
"""examples whose released counts are held against ours at all n draws"""
HONEST_Z = 2.576
"""99 % of honest re-runs lie within so many standard deviations"""
WRONG_DECISION, WRONG_DECISIONS = 1e-7, 5e-4
"""most chance that one example's, or any example's, curtailed draws give another answer than
all of them"""
MOST_MARGIN = 0.999
"""a margin of everything would leave nothing to test"""


class NotSampled(ValueError):
    """An evaluation of which a sample can confirm nothing; the text says why."""


@dataclass(frozen=True)
class Threshold:
    """One radius at which outcomes are audited."""

    at_radius: float
    """coordinates of the noise"""
    rule: Curtailment
    claimed: float
    """the share that is audited, 0..1"""
    refute_margin: float
    """fraction of the elements beyond which no honest run lies"""
    pointer: str | None
    """the claim that is polled; None = released outcomes are compared"""
    author: Mapping[Element, bool] | None
    """the author's outcomes; None = polled"""


@dataclass(frozen=True)
class Design:
    """The sample of one evaluation."""

    evaluation: str
    order: tuple[Element, ...]
    """all elements in the order in which they are looked at"""
    thresholds: tuple[Threshold, ...]
    margin: float
    """fraction of the elements"""
    records: tuple[Element, ...]
    """whose released counts are held against ours, in this order"""
    released: Mapping[Element, int]
    """hits of the label among the author's n draws; empty without released counts"""
    protocol: Protocol


def design_of(
    name: str,
    declared: Certification,
    context: Context,
    released: Records | None,
    population: Sequence[Element],
    margin: float,
    seed: bytes,
) -> Design:
    """Return the sample of an evaluation; ``NotSampled`` when a sample can confirm nothing.

    ``population`` are the elements of the re-run, ``margin`` the materiality of accuracies as a
    fraction in (0, ``MOST_MARGIN``], ``seed`` the audit's.
    """
    protocol = protocol_of(context)
    order = tuple(sorted(population, key=lambda element: _place(seed, name, element)))
    if isinstance(released, CertificationRecords):
        rows = _rows(released, population, protocol)
        thresholds = _compared(released, rows, context, protocol, margin)
        hits = {element: int(released.label_hits[row]) for element, row in rows.items()}
        telling = [e for e in order if in_window([hits[e]], protocol.n)[0]]
        records = tuple(telling[:RECORDS])
    else:
        thresholds = _polled(name, declared, context, protocol, len(order), margin)
        hits, records = {}, ()
    return Design(name, order, tuple(thresholds), margin, records, hits, protocol)


def _place(seed: bytes, name: str, element: Element) -> bytes:
    text = "\0".join(["order", name, *map(str, element)])
    return hashlib.sha256(seed + text.encode("utf-8", "surrogatepass")).digest()


def _rows(
    released: CertificationRecords, population: Sequence[Element], protocol: Protocol
) -> dict[Element, int]:
    keys = zip(
        released.checkpoint.tolist(),
        released.repeat.tolist(),
        released.example_id.tolist(),
        strict=True,
    )
    rows = {key: row for row, key in enumerate(keys)}
    if rows.keys() != set(population):
        raise NotSampled("the released counts are not of the examples of the data")
    if np.any(released.draws != protocol.n):
        raise NotSampled("the released counts have other draws than the declared n")
    return rows


def _compared(
    released: CertificationRecords,
    rows: Mapping[Element, int],
    context: Context,
    protocol: Protocol,
    margin: float,
) -> list[Threshold]:
    sigma, found = sigma_of(context), []
    is_right = released.selected_class == released.label
    for z, needed in compared_radii(protocol.n, protocol.alpha):
        reaches = is_right & (released.hits >= needed)
        spread = np.sqrt(variance_of_count(released.label_hits, needed, protocol)) / len(rows)
        found.append(
            Threshold(
                at_radius=z * sigma,
                rule=curtailment(protocol.n0, protocol.n, needed, _wrong(len(rows))),
                claimed=float(np.mean(reaches)),
                refute_margin=_at_most_all(max(margin, HONEST_Z * float(spread))),
                pointer=None,
                author={element: bool(reaches[row]) for element, row in rows.items()},
            )
        )
    return found


def _polled(
    name: str,
    declared: Certification,
    context: Context,
    protocol: Protocol,
    size: int,
    margin: float,
) -> list[Threshold]:
    claims = polled_claims(name, declared, context)
    if not claims:
        raise NotSampled("no released counts, and no accuracy at a radius is claimed over all runs")
    return [
        _poll(pointer, claim, context, protocol, size, margin) for pointer, claim in claims.items()
    ]


def _poll(
    pointer: str, claim: Claim, context: Context, protocol: Protocol, size: int, margin: float
) -> Threshold:
    radius = 0.0 if claim.at_radius is None else float(claim.at_radius)
    needed = int(hits_for_z(radius / sigma_of(context), protocol.n, protocol.alpha))
    if needed > protocol.n:
        raise NotSampled("a radius above the ceiling is claimed")
    low, high = declared_interval(claim)
    share = float(high) / (100.0 if claim.unit == "percent" else 1.0)
    # Without counts nothing bounds the noise of two honest runs but the share itself.
    honest = HONEST_Z * float(np.sqrt(2.0 * max(share * (1.0 - share), 0.0) / size))
    width = float(high - low) / (100.0 if claim.unit == "percent" else 1.0)
    return Threshold(
        at_radius=radius,
        rule=curtailment(protocol.n0, protocol.n, needed, _wrong(size)),
        claimed=share,
        refute_margin=_at_most_all(max(margin, honest) + width),
        pointer=pointer,
        author=None,
    )


def _wrong(size: int) -> float:
    return min(WRONG_DECISION, WRONG_DECISIONS / size)


def _at_most_all(margin: float) -> float:
    return min(margin, MOST_MARGIN)
