"""Honest reports of networks with many classes, some of whose errors are borderline themselves."""

import numpy as np
import pytest
from numpy.typing import NDArray

from repaudit.audit.comparison import Verdict
from repaudit.evidence.tables import CertificationRecords
from repaudit.verdicts import Margins, compare
from repaudit.verdicts.two_classes import contested_hits, decisive_hits
from tests.builders import ALPHA, CLASSES, N0, N, honest_claims, some_results, with_claims

AGAINST = {Verdict.OVERSTATED, Verdict.UNDERSTATED, Verdict.REFUTED}
CLAIMS = [
    {"metric": "certified_accuracy", "at_radius": 0, "unit": "percent"},
    {"metric": "abstention_rate", "unit": "percent"},
    {"metric": "certified_wrong_rate", "unit": "percent"},
    {"metric": "clean_accuracy", "classifier": "smoothed", "unit": "percent"},
    {"metric": "certified_radius", "statistic": "median", "population": "certified"},
    {"metric": "certified_radius", "statistic": "mean", "population": "certified"},
]
assert CLASSES >= 4


def shares(rng: np.random.Generator, wrong: int, sure: int) -> NDArray[np.float64]:
    """Class probabilities: sure examples, and ones where wrong classes share the votes.

    Example i has label i % CLASSES; where it is wrong the label gets a few per cent, a wrong
    class about half (the smallest certificate needs 57 % at n = 500), a third class the rest.
    """
    p = np.zeros((wrong + sure, CLASSES))
    label = np.arange(wrong + sure) % CLASSES
    leader = np.where(np.arange(wrong + sure) < wrong, rng.uniform(0.35, 0.7, wrong + sure), 0.0)
    p[np.arange(wrong + sure), (label + 1) % CLASSES] = leader
    p[np.arange(wrong + sure), label] = np.where(
        leader > 0, rng.uniform(0.0, 0.4, wrong + sure) * (1 - leader), 0.998
    )
    p[np.arange(wrong + sure), (label + 2) % CLASSES] = 1.0 - p.sum(axis=1)
    return p


def run(p: NDArray[np.float64], rng: np.random.Generator) -> CertificationRecords:
    label = np.arange(len(p)) % CLASSES
    first, votes = rng.multinomial(N0, p), rng.multinomial(N, p)
    selected, rows = first.argmax(axis=1), np.arange(len(p))
    return CertificationRecords(
        example_id=np.array([f"clip{i:04d}" for i in rows]),
        label=label,
        selected_class=selected,
        hits=votes[rows, selected],
        label_hits=votes[rows, label],
        draws=np.full(len(p), N, np.int64),
        checkpoint=np.full(len(p), "seed0"),
        repeat=np.zeros(len(p), np.int64),
        selection_hits=first.max(axis=1),
        top_class=votes.argmax(axis=1),
        top_hits=votes.max(axis=1),
        norm=np.full(len(p), 100.0),
    )


def verdicts_of(seed: int, wrong: int, sure: int) -> list[Verdict]:
    rng = np.random.default_rng(seed)
    p = shares(rng, wrong, sure)
    author, ours = run(p, rng), run(p, rng)
    claims = honest_claims(some_results(), CLAIMS, author)
    results = with_claims(claims)
    found = compare(
        results, recomputed={}, measured={"wave": ours}, margins=Margins.of(results.materiality)
    )
    return [comparison.verdict for comparison in found]


@pytest.mark.parametrize(("wrong", "sure"), [(2, 46), (8, 40), (40, 8)])
def test_honest_reports_with_borderline_errors_are_not_called_wrong(wrong: int, sure: int) -> None:
    """At 1 % a report, 40 reports have one false verdict in about a third of all seeds."""
    against = sum(not AGAINST.isdisjoint(verdicts_of(seed, wrong, sure)) for seed in range(40))
    assert against <= 1


def test_a_leading_wrong_class_decides_whether_an_example_abstains() -> None:
    """By hand: the label has 10 of 500 votes, a wrong class 280: borderline, not hopeless."""
    votes = np.zeros((1, CLASSES), np.int64)
    votes[0, :3] = 10, 280, N - 290
    records = run(votes / N, np.random.default_rng(0))
    fixed = {"label_hits": np.array([10]), "top_hits": np.array([280]), "top_class": np.array([1])}
    records = CertificationRecords(**{**records.__dict__, **fixed})
    assert decisive_hits(records).tolist() == [N - 280]
    assert decisive_hits(records, "all").tolist() == [10]
    assert contested_hits(records).tolist() == [round(N * 10 / 290)]


def test_a_label_that_leads_with_less_than_half_may_lose_its_lead() -> None:
    """By hand: 200 of 500, rival unknown, at most 200: as contested as half and half."""
    records = run(np.full((1, CLASSES), 1 / CLASSES), np.random.default_rng(0))
    fixed = {"label_hits": np.array([200]), "top_hits": np.array([200]), "top_class": np.array([0])}
    records = CertificationRecords(**{**records.__dict__, **fixed})
    assert contested_hits(records).tolist() == [N // 2]


def test_the_protocol_is_the_one_of_the_builders() -> None:
    assert (N0, N, ALPHA) == (50, 500, 0.001)
