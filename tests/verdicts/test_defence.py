"""Claims of attacks and defences: honest authors pass, planted lies do not."""

import copy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from repaudit.audit.comparison import Comparison, Verdict
from repaudit.contract.results import Results
from repaudit.evidence.join import take
from repaudit.evidence.tables import EmpiricalRecords
from repaudit.metrics.context import context_of
from repaudit.metrics.estimate import estimate
from repaudit.metrics.fill import filled
from repaudit.verdicts import Margins, compare
from tests.builders import ATTACKED, ATTACKED_FILE, some_attacked_records, some_results

AGAINST = {Verdict.OVERSTATED, Verdict.UNDERSTATED, Verdict.REFUTED}
EXAMPLES = 400


def study(
    claims: list[dict[str, Any]], attack: str = "pgd", repeats: int | None = None, **defence: Any
) -> Results:
    patch = copy.deepcopy(ATTACKED_FILE)
    patch["data"] = {"test": {"examples": EXAMPLES}}
    patch["defences"]["averaged"] |= defence
    evaluation = patch["evaluations"]["attacked"]
    evaluation |= {"attacks": [attack], "claims": claims}
    if repeats is not None:
        evaluation["repeats"] = repeats
    return some_results(**patch)


def run(seed: int, repeats: int = 1, attack: str = "pgd", **changes: Any) -> EmpiricalRecords:
    """Records of one set of adversarial examples; ``seed`` draws the defence's directions."""
    rng = np.random.default_rng(7)
    records = some_attacked_records(rng, (attack,), repeats, examples=EXAMPLES)
    draw = np.random.default_rng(seed)
    wrong = (records.label + 1) % 4
    assert records.base_attacked is not None
    turned = (records.base_clean == records.label) & (records.base_attacked != records.label)
    clean = np.where(draw.random(len(records)) < changes.get("clean", 0.95), records.label, wrong)
    saved = draw.random(len(records)) < changes.get("recovered", 0.8)
    attacked = np.where(turned, np.where(saved, records.label, wrong), clean)
    return replace(records, defended_clean=clean, defended_attacked=attacked)


def declared(
    author: EmpiricalRecords, shift: float = 0.0, repeats: int | None = None, **kinds: Any
) -> Results:
    """The file of an author who measured ``author``; shares are moved by ``shift``."""
    fields = ATTACKED if repeats is None else [{**c, "across": "mean"} for c in ATTACKED]
    plan = study(fields, repeats=repeats, **kinds)
    context = context_of(plan, "attacked")
    claims = []
    for field, claim in zip(fields, plan.evaluations["attacked"].claims, strict=True):
        found = estimate(claim, context, author)
        if claim.unit is not None and shift:
            step = shift * (100 if claim.unit == "percent" else 1)
            found = found.model_copy(update={"value": (found.value or 0) + step})
        claims.append({**field, "value": str(filled(claim, found).value)})
    return study(claims, repeats=repeats, **kinds)


def audited(results: Results, ours: EmpiricalRecords) -> dict[str, Comparison]:
    found = compare(
        results,
        recomputed={},
        measured={"attacked": ours},
        margins=Margins.of(results.materiality, {"rate": "15", "accuracy": "15"}),
    )
    return {c.label: c for c in found}


@pytest.mark.parametrize("randomness", ["fresh", "per_example"])
def test_an_honest_file_is_not_accused(randomness: str) -> None:
    results = declared(run(1), randomness=randomness)
    verdicts = {label: c.verdict for label, c in audited(results, run(2, repeats=3)).items()}

    assert not AGAINST & set(verdicts.values())
    assert verdicts["attacked accuracy of the base classifier"] is Verdict.REPRODUCED
    assert verdicts["defence rate, transfer attack"] is Verdict.REPRODUCED


def test_the_measured_number_is_the_mean_over_the_repeats() -> None:
    ours = run(2, repeats=3)
    (comparison,) = [
        c
        for label, c in audited(declared(run(1)), ours).items()
        if label.startswith("defence rate")
    ]
    context = context_of(declared(run(1)), "attacked")
    claim = declared(run(1)).evaluations["attacked"].claims[4]
    each = [estimate(claim, context, take(ours, ours.repeat == r)).value or 0 for r in range(3)]

    assert comparison.measured is not None
    assert comparison.measured.value == pytest.approx(np.mean(each))
    assert "mean over runs" in comparison.measured.method


def test_a_defence_rate_twenty_points_up_is_overstated() -> None:
    found = audited(declared(run(1), shift=0.2), run(2, repeats=3))

    assert found["defence rate, transfer attack"].verdict is Verdict.OVERSTATED


def test_a_base_accuracy_that_no_honest_run_of_pgd_has_is_refuted_or_overstated() -> None:
    found = audited(declared(run(1), shift=0.1), run(2, repeats=3))

    assert found["attacked accuracy of the base classifier"].verdict in AGAINST


def test_more_adversarial_examples_is_a_weaker_claim_about_the_network() -> None:
    results = declared(run(1))
    value = results.evaluations["attacked"].claims[3]
    claims = [{**ATTACKED[3], "value": str(int(float(value.value.value)) - 40)}]  # type: ignore[union-attr]
    (found,) = audited(study(claims), run(2, repeats=3)).values()

    assert found.verdict is Verdict.OVERSTATED
    assert "examples" in found.reason


def test_numbers_without_randomness_are_right_or_wrong() -> None:
    """FGSM on the bare network: one example off is an error, whatever the sample size."""
    ours = run(2, repeats=3, attack="fgsm")
    results = declared(run(1, attack="fgsm"), attack="fgsm")
    found = audited(results, ours)
    assert found["adversarial count"].verdict is Verdict.REPRODUCED
    assert found["adversarial count"].p_value is None

    true = results.evaluations["attacked"].claims[3].value
    claims = [{**ATTACKED[3], "value": str(int(float(true.value)) - 1)}]  # type: ignore[union-attr]
    (off,) = audited(study(claims, attack="fgsm"), ours).values()
    assert off.verdict is Verdict.OVERSTATED


def test_a_near_tie_may_fall_either_way() -> None:
    ours = run(2, repeats=3, attack="fgsm")
    assert ours.attacked_margin is not None
    margin = ours.attacked_margin.copy()
    margin[ours.example_id == "clip0003"] = 1e-5
    results = declared(run(1, attack="fgsm"), attack="fgsm")
    true = results.evaluations["attacked"].claims[3].value
    claims = [{**ATTACKED[3], "value": str(int(float(true.value)) - 1)}]  # type: ignore[union-attr]
    (found,) = audited(study(claims, attack="fgsm"), replace(ours, attacked_margin=margin)).values()

    assert found.verdict is not Verdict.OVERSTATED


def test_directions_shared_by_all_examples_are_judged_by_three_totals() -> None:
    """One lucky set of directions moves every example at once: that is no evidence of a lie."""
    runs = [run(2, recovered=q) for q in (0.7, 0.8, 0.9)]
    ours = run(2, repeats=3)
    assert ours.defended_attacked is not None
    attacked = ours.defended_attacked.copy()
    for repeat, one in enumerate(runs):
        assert one.defended_attacked is not None
        attacked[ours.repeat == repeat] = one.defended_attacked
    ours = replace(ours, defended_attacked=attacked)
    claim = [{**ATTACKED[4], "value": "95.0"}]

    (fixed,) = audited(study(claim, randomness="fixed"), ours).values()
    (fresh,) = audited(study(claim, randomness="fresh"), ours).values()

    assert fixed.verdict is Verdict.INCONCLUSIVE
    assert fresh.verdict is Verdict.OVERSTATED


def test_a_mean_over_declared_repeats_is_tested_as_one() -> None:
    results = declared(run(1, repeats=5), repeats=5)
    verdicts = {c.verdict for c in audited(results, run(2, repeats=5)).values()}

    assert not AGAINST & verdicts


def test_twenty_honest_files_with_three_repeats_each_are_not_accused() -> None:
    """At 1 % a file, one accusation in twenty is luck (18 %), two are not (1.7 %)."""
    accused = sum(
        bool(AGAINST & {c.verdict for c in audited(declared(run(10 + i)), run(50 + i, 3)).values()})
        for i in range(20)
    )
    assert accused <= 1


def test_a_share_of_no_count_is_refuted() -> None:
    claim = [{**ATTACKED[1], "value": "0.12345"}]
    (found,) = audited(study(claim), run(2, repeats=3)).values()

    assert found.verdict is Verdict.REFUTED
