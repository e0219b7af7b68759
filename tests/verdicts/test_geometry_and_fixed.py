from typing import Any

import numpy as np
import pytest

from repaudit.audit.comparison import Comparison, Verdict
from repaudit.contract.claim import Claim
from repaudit.contract.printed import Printed
from repaudit.evidence.join import concatenate
from repaudit.evidence.tables import Records
from repaudit.verdicts import Margins, compare
from tests.builders import (
    CLEAN_EVALUATION,
    GEOMETRY,
    GEOMETRY_EVALUATION,
    honest_claims,
    some_clean_records,
    some_geometry_records,
    some_results,
    with_claims,
)

AGAINST = {Verdict.OVERSTATED, Verdict.UNDERSTATED, Verdict.REFUTED}
EVALUATIONS = {"geometry": GEOMETRY_EVALUATION, "clean": CLEAN_EVALUATION}


def audited(
    evaluation: str, claims: list[Any], ours: Records, author: Records | None = None, **patch: Any
) -> list[Comparison]:
    base = {evaluation: {**EVALUATIONS[evaluation], **patch}}
    results = with_claims(claims, evaluation, evidence=author is not None, evaluations=base)
    return compare(
        results,
        recomputed={} if author is None else {evaluation: author},
        measured={evaluation: ours},
        margins=Margins.of(results.materiality),
    )


def claimed(evaluation: str, claims: list[dict[str, Any]], records: Records) -> list[Claim]:
    results = some_results(evaluations=EVALUATIONS)
    return honest_claims(results, claims, records, evaluation)


def moved(claim: Claim, factor: float) -> Claim:
    assert claim.value is not None
    return claim.model_copy(update={"value": Printed(f"{float(claim.value.value) * factor:.5f}")})


def test_an_honest_geometry_is_reproduced_with_and_without_its_norms() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        author, ours = some_geometry_records(rng), some_geometry_records(rng)
        claims = claimed("geometry", GEOMETRY, author)
        for evidence in (None, author):
            verdicts = [c.verdict for c in audited("geometry", claims, ours, evidence)]
            assert verdicts == [Verdict.REPRODUCED] * 3


@pytest.mark.parametrize(
    ("index", "factor", "verdict"),
    [
        (0, 0.9, Verdict.OVERSTATED),  # a smaller D_geom is the stronger claim
        (0, 1.1, Verdict.UNDERSTATED),
        (1, 1.02, Verdict.OVERSTATED),  # .92 moved towards 1
        (1, 0.98, Verdict.UNDERSTATED),
        (2, 1.02, Verdict.OVERSTATED),
    ],
)
def test_a_moved_geometry_is_told_by_its_direction(
    index: int, factor: float, verdict: Verdict
) -> None:
    rng = np.random.default_rng(1)
    author, ours = some_geometry_records(rng), some_geometry_records(rng)
    lie = moved(claimed("geometry", GEOMETRY, author)[index], factor)
    (found,) = audited("geometry", [lie], ours)
    assert found.verdict is verdict
    assert found.unit == "ratio"
    assert "an honest run gives" in found.reason


def test_repeats_of_a_geometry_count_as_further_draws() -> None:
    rng = np.random.default_rng(2)

    def two() -> Records:
        return concatenate([some_geometry_records(rng, repeat=r) for r in (0, 1)])

    author, ours = two(), two()
    claims = [GEOMETRY[0] | {"across": "mean"}, GEOMETRY[1] | {"across": "mean"}]
    results = some_results(evaluations={"geometry": GEOMETRY_EVALUATION | {"repeats": 2}})
    honest = honest_claims(results, claims, author, "geometry")
    mean, median = audited("geometry", honest, ours, repeats=2)
    assert mean.verdict is Verdict.REPRODUCED
    assert median.reason == "no test for the mean of medians over repeats"


@pytest.mark.parametrize(
    ("patch", "draws", "words"),
    [({}, 1, "at least two"), ({"draws": "unstated"}, 4, "the number of draws is unstated")],
)
def test_a_geometry_without_a_standard_error_is_not_checked(
    patch: dict[str, Any], draws: int, words: str
) -> None:
    ours = some_geometry_records(np.random.default_rng(3), draws=draws)
    (found,) = audited("geometry", [{"metric": "d_geom", "value": "0.1"}], ours, **patch)
    assert found.verdict is Verdict.NOT_CHECKED
    assert words in found.reason


BASE = {"metric": "clean_accuracy", "classifier": "base", "unit": "percent"}


def clean(correct: int, **kwargs: Any) -> Records:
    return some_clean_records(np.arange(48) < correct, **kwargs)


@pytest.mark.parametrize(
    ("declared", "near_ties", "verdict"),
    [
        (40, None, Verdict.REPRODUCED),
        (41, None, Verdict.INCONCLUSIVE),  # one example may differ where no margins are known
        (42, None, Verdict.OVERSTATED),
        (38, None, Verdict.UNDERSTATED),
        (40, 0, Verdict.REPRODUCED),
        (41, 0, Verdict.OVERSTATED),
        (42, 2, Verdict.INCONCLUSIVE),
        (43, 2, Verdict.OVERSTATED),
    ],
)
def test_a_clean_accuracy_is_equal_but_for_near_ties(
    declared: int, near_ties: int | None, verdict: Verdict
) -> None:
    """40 of 48 in the re-run; default materiality 1 point, one example is 2.08."""
    margin = None if near_ties is None else np.where(np.arange(48) < near_ties, 1e-6, 1.0)
    ours = clean(40, margin=margin)
    (found,) = audited("clean", [BASE | {"value": f"{100 * declared / 48:.2f}"}], ours)
    assert found.verdict is verdict
    assert found.p_value is None
