"""Honest pairs pass, planted lies end with the verdict that names them."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from repaudit.audit.comparison import Comparison, Verdict
from repaudit.contract.claim import Claim
from repaudit.contract.printed import Printed
from repaudit.evidence.join import concatenate, take
from repaudit.evidence.tables import CertificationRecords
from repaudit.statistics.records import RecordsResult
from repaudit.verdicts import Margins, compare
from repaudit.verdicts.released import Released, judge_released
from tests.builders import (
    DISTRIBUTIONS,
    SHARES,
    honest_claims,
    margins_near,
    some_certification_records,
    some_results,
    with_claims,
)

AGAINST = {Verdict.OVERSTATED, Verdict.UNDERSTATED, Verdict.REFUTED}
WIDE = {"accuracy": "5", "radius": "30%", "snr": "3"}
# A median of another quantity than the radius has a threshold per example, which takes longer.
QUICK = SHARES + [c for c in DISTRIBUTIONS if c["metric"] == "certified_radius"]


def audited(
    claims: list[Any],
    author: CertificationRecords | None,
    ours: CertificationRecords | None,
    *,
    seed: int = 0,
    given: dict[str, str] = WIDE,
    **patch: Any,
) -> dict[str, Comparison]:
    """Comparisons by the words of their quantity."""
    results = with_claims(claims, evidence=author is not None, **patch)
    found = compare(
        results,
        recomputed={} if author is None else {"wave": author},
        measured={} if ours is None else {"wave": ours},
        margins=Margins.of(results.materiality, given),
        seed=seed,
    )
    return {comparison.label: comparison for comparison in found}


def pair(
    seed: int, p: ArrayLike | None = None
) -> tuple[CertificationRecords, CertificationRecords]:
    rng = np.random.default_rng(seed)
    p = margins_near(rng) if p is None else p
    return some_certification_records(p, rng), some_certification_records(p, rng)


def claimed(
    author: CertificationRecords, claims: list[dict[str, Any]], **patch: Any
) -> list[Claim]:
    return honest_claims(some_results(**patch), claims, author)


def raised(claim: Claim, by: str) -> Claim:
    """The claim with its printed value raised, by as many points as ``by``."""
    assert claim.value is not None
    value = claim.value.value + Printed(by).value
    return claim.model_copy(update={"value": Printed(f"{float(value):.2f}")})


@pytest.mark.slow
def test_of_200_honest_reports_none_is_called_wrong() -> None:
    """200 reports of 12 tests, level 1 %: at kappa 2 the simulated rate is below .0005 a report."""
    wrong = []
    for seed in range(200):
        author, ours = pair(seed)
        found = audited(claimed(author, QUICK), author, ours, seed=seed)
        wrong += [(seed, c.label, c.reason) for c in found.values() if c.verdict in AGAINST]
    # RECORDS alone rejects up to 1 in 100 by its nominal level, before Holm divides it by 12
    assert len(wrong) <= 1, wrong


@pytest.mark.slow
def test_of_100_honest_reports_with_every_metric_none_is_called_wrong() -> None:
    wrong = []
    for seed in range(1000, 1100):
        author, ours = pair(seed)
        found = audited(claimed(author, SHARES + DISTRIBUTIONS), author, ours, seed=seed)
        wrong += [(seed, c.label, c.reason) for c in found.values() if c.verdict in AGAINST]
    assert len(wrong) <= 1, wrong


def test_a_decidable_honest_report_is_reproduced_in_every_claim() -> None:
    """Every probability far from a threshold: an honest run moves nothing by more than 5 points."""
    p = np.concatenate([np.full(44, 0.97), np.full(4, 0.05)])
    author, ours = pair(1, p)
    claims = [c for c in SHARES + DISTRIBUTIONS if c["metric"] != "noisy_accuracy"]
    found = audited(claimed(author, claims), author, ours)
    assert {c.label: c.verdict for c in found.values() if c.verdict is not Verdict.REPRODUCED} == {}
    accuracy = found["positive-radius accuracy"]
    assert accuracy.reason == (
        "declared 91.67, the re-run gives 91.67, within 5 points; "
        "recomputed from the released counts and equal"
    )
    assert (accuracy.margin, accuracy.margin_source) == (5.0, "command line")


def test_an_inflated_accuracy_is_overstated_by_its_points() -> None:
    """36 of 48 are certified in every run; six more would be 87.50 %."""
    p = np.concatenate([np.full(36, 0.97), np.full(12, 0.05)])
    author, ours = pair(2, p)
    (honest,) = claimed(author, SHARES[:1])
    assert audited([honest], None, ours)["positive-radius accuracy"].verdict is Verdict.REPRODUCED
    found = audited([raised(honest, "12.5")], None, ours)["positive-radius accuracy"]
    assert found.verdict is Verdict.OVERSTATED
    assert found.reason == (
        "declared 87.50, the re-run gives 75; overstated by at least 12.5 points"
    )


def test_direction_follows_what_is_stronger_for_the_metric() -> None:
    p = np.concatenate([np.full(36, 0.97), np.full(12, 0.5)])
    author, ours = pair(3, p)
    accuracy, abstention = claimed(author, [SHARES[0], SHARES[4]])
    up = audited([raised(accuracy, "12.50"), raised(abstention, "25")], None, ours)
    assert up["positive-radius accuracy"].verdict is Verdict.OVERSTATED
    assert up["abstention rate"].verdict is Verdict.UNDERSTATED
    down = audited([raised(accuracy, "-12.50"), raised(abstention, "-22.92")], None, ours)
    assert down["positive-radius accuracy"].verdict is Verdict.UNDERSTATED
    assert down["abstention rate"].verdict is Verdict.OVERSTATED


def test_an_snr_claimed_lower_is_overstated_and_a_radius_claimed_higher_too() -> None:
    author, ours = pair(4, np.full(48, 0.97))
    radius, snr = claimed(author, [DISTRIBUTIONS[1], DISTRIBUTIONS[3]])
    larger = radius.model_copy(update={"value": Printed("0.5500")})
    found = audited([larger, raised(snr, "-3.00")], None, ours)
    assert found["median certified radius over all"].verdict is Verdict.OVERSTATED
    assert found["median certified SNR over all"].verdict is Verdict.OVERSTATED
    assert "dB" in found["median certified SNR over all"].reason


def mislabelled(seed: int, factor: float) -> tuple[CertificationRecords, CertificationRecords]:
    """The author runs at sigma / factor and prints sigma: linear margins, p = Phi(m / sigma)."""
    rng = np.random.default_rng(seed)
    p = ndtr(rng.normal(1.5, 0.5, 48))  # unsaturated: 350 to 495 of 500 hits
    return (
        some_certification_records(ndtr(ndtri(p) * factor), rng),
        some_certification_records(p, rng),
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_sigma_mislabelled_by_a_tenth_shows_in_the_released_counts(seed: int) -> None:
    author, ours = mislabelled(seed, 1.1)
    found = audited(claimed(author, QUICK), author, ours)
    records = found["released counts against the re-run"]
    assert records.verdict is Verdict.OVERSTATED
    found_sigma = re.search(
        r"more confident than an honest run's, like a run at (0\.\d+) sigma", records.reason
    )
    assert found_sigma is not None
    assert float(found_sigma[1]) == pytest.approx(1 / 1.1, abs=0.05)
    assert found["positive-radius accuracy"].verdict is not Verdict.REPRODUCED
    author, ours = mislabelled(seed, 1 / 1.1)
    records = audited(claimed(author, QUICK), author, ours)["released counts against the re-run"]
    assert records.verdict is Verdict.UNDERSTATED


def test_one_forged_count_is_refuted_by_name() -> None:
    author, ours = pair(6)
    row = int(np.argmin(np.abs(author.label_hits - 250)))
    hits, label_hits = author.hits.copy(), author.label_hits.copy()
    hits[row] = label_hits[row] = 500
    selected = author.selected_class.copy()
    selected[row] = author.label[row]
    forged = replace(author, hits=hits, label_hits=label_hits, selected_class=selected)
    records = audited(claimed(forged, QUICK), forged, ours)["released counts against the re-run"]
    assert records.verdict is Verdict.REFUTED
    assert f"example clip{row:04d}, 500 declared" in records.reason


def test_copied_counts_agree_too_well_to_be_a_second_run() -> None:
    author, _ = pair(7)
    records = audited(claimed(author, QUICK), author, author)["released counts against the re-run"]
    assert records.verdict is Verdict.REFUTED
    assert "more closely than two independent runs" in records.reason


def test_counts_of_other_draws_or_other_labels_are_refuted_without_a_test() -> None:
    author, ours = pair(8)
    fewer = some_certification_records(np.full(48, 0.9), np.random.default_rng(0), n=100)
    label = "released counts against the re-run"
    found = audited([], fewer, ours)[label]
    assert (found.verdict, found.p_value) == (Verdict.REFUTED, None)
    assert found.reason == ("the released counts have 100 draws per example, the file declares 500")
    other = replace(author, label=(author.label + 1) % 4)
    assert "another label for 48 of 48" in audited([], other, ours)[label].reason


@pytest.mark.parametrize(
    ("factor", "verdict"), [(1.5, Verdict.REFUTED), (1.009, Verdict.REPRODUCED)]
)
def test_a_norm_is_no_matter_of_luck(factor: float, verdict: Verdict) -> None:
    author, ours = pair(8)
    assert author.norm is not None
    norm = author.norm.copy()
    norm[5] *= factor
    found = audited([], replace(author, norm=norm), ours)["released counts against the re-run"]
    assert found.verdict is verdict
    assert ("another norm for 1 of 48 examples" in found.reason) == (factor == 1.5)


@pytest.mark.parametrize("static", [True, False])
def test_a_claim_that_its_own_evidence_contradicts_is_refuted_with_or_without_a_re_run(
    static: bool,
) -> None:
    author, ours = pair(9)
    (honest,) = claimed(author, SHARES[:1])
    lie = raised(honest, "2.08")
    found = audited([lie], author, None if static else ours)["positive-radius accuracy"]
    assert found.verdict is Verdict.REFUTED
    assert found.reason.startswith(f"declared {lie.value}, the released counts give")
    assert (found.measured is None) == static


def test_a_share_that_no_count_gives_is_refuted() -> None:
    _, ours = pair(10)
    lie = SHARES[0] | {"value": "90.00"}  # 43.2 of 48
    found = audited([lie], None, ours)["positive-radius accuracy"]
    assert found.verdict is Verdict.REFUTED
    assert found.reason == "declared 90.00, but no count out of 48 examples gives it"


def test_a_wide_interval_is_inconclusive_and_says_what_was_detectable() -> None:
    author, ours = pair(11)
    claims = claimed(author, SHARES[:1])
    found = audited(claims, author, ours, given={})["positive-radius accuracy"]
    assert found.verdict is Verdict.INCONCLUSIVE
    assert (found.margin, found.margin_source) == (1.0, "default")
    for words in ("not all within 1 point;", "would have been detected", "a second re-run would"):
        assert words in found.reason


def test_a_difference_that_half_the_variance_would_reject_asks_for_a_second_re_run() -> None:
    """At kappa 2 not rejected, at kappa 1 rejected: found by walking away from the re-run."""
    _, ours = pair(12, np.full(48, 0.62))
    answers = []
    for count in range(49):
        claim = SHARES[0] | {"value": f"{100 * count / 48:.2f}"}
        answers.append(audited([claim], None, ours, given={})["positive-radius accuracy"])
    settled = [a for a in answers if "a second re-run would settle it" in a.reason]
    assert settled
    assert all(a.verdict is Verdict.INCONCLUSIVE and a.p_value < 0.1 for a in settled)  # type: ignore[operator]


def test_without_a_re_run_an_equal_recomputation_is_not_checked_and_says_so() -> None:
    author, _ = pair(13)
    found = audited(claimed(author, SHARES[:1]), author, None)["positive-radius accuracy"]
    assert found.verdict is Verdict.NOT_CHECKED
    assert found.reason == "recomputed from the released counts and equal; no re-run"
    assert found.recomputed is not None
    assert found.recomputed.low == found.recomputed.value == found.recomputed.high


def test_statistics_without_a_test_are_measured_and_not_checked() -> None:
    author, ours = pair(14)
    claims = [DISTRIBUTIONS[0] | {"statistic": s} for s in ("std", "min", "max")]
    for found in audited(claimed(author, claims), None, ours).values():
        assert found.verdict is Verdict.NOT_CHECKED
        assert found.reason.startswith("no test for this statistic")
        assert found.measured is not None


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ({"metric": "x-mine", "value": "1"}, "an extension is carried, never checked"),
        (
            {"metric": "inference_time", "value": "1", "unit": "ms"},
            "never compared with a re-run",
        ),
        (
            {"metric": "attacked_accuracy", "value": "1", "unit": "percent"},
            "attacked_accuracy is no number of certification records",
        ),
    ],
)
def test_metrics_that_are_not_measured_say_so(claim: dict[str, Any], reason: str) -> None:
    _, ours = pair(15)
    (found,) = audited([claim], None, ours).values()
    assert (found.verdict, found.reason) == (Verdict.NOT_CHECKED, reason)


def test_a_proved_error_of_the_file_refutes_its_claim() -> None:
    author, ours = pair(16)
    results = with_claims(claimed(author, SHARES[:1]))
    (found,) = compare(
        results,
        recomputed={},
        measured={"wave": ours},
        margins=Margins.of(results.materiality),
        contradicted={"/evaluations/wave/claims/0": "a radius above the ceiling"},
    )
    assert (found.verdict, found.reason) == (Verdict.REFUTED, "a radius above the ceiling")


def test_a_plan_has_nothing_to_compare() -> None:
    _, ours = pair(17)
    (found,) = audited([SHARES[0]], None, ours, study={"kind": "plan"}).values()
    assert (found.verdict, found.declared) == (Verdict.NOT_CHECKED, None)


def test_runs_of_several_checkpoints_are_averaged() -> None:
    rng = np.random.default_rng(18)
    p = np.concatenate([np.full(44, 0.97), np.full(4, 0.05)])

    def both() -> CertificationRecords:
        seeds = ("seed0", "seed1")
        return concatenate([some_certification_records(p, rng, checkpoint=s) for s in seeds])

    models = {"cnn": {"checkpoints": [{"id": "seed0", "seed": 0}, {"id": "seed1", "seed": 1}]}}
    author, ours = both(), both()
    claims = [
        SHARES[0] | {"across": "mean"},
        SHARES[0] | {"checkpoint": "seed1"},
        DISTRIBUTIONS[0] | {"across": "mean"},
        DISTRIBUTIONS[1] | {"across": "pooled"},
        DISTRIBUTIONS[1] | {"across": "mean", "population": "certified"},
        SHARES[3] | {"across": "max"},
    ]
    found = audited(claimed(author, claims, models=models), author, ours, models=models)
    verdicts = [c.verdict for c in found.values()]
    assert verdicts[:4] == [Verdict.REPRODUCED] * 4
    assert verdicts[4:6] == [Verdict.NOT_CHECKED] * 2
    assert list(found.values())[5].reason.endswith("no test for the max over runs")
    assert verdicts[6] is Verdict.REPRODUCED


def test_folds_of_unequal_size_average_their_shares() -> None:
    """32 and 16 examples, .9375 and .75 right in every run: mean .84375, pooled .875."""
    rng = np.random.default_rng(19)
    p = np.concatenate([np.full(30, 0.97), np.full(2, 0.05), np.full(12, 0.97), np.full(4, 0.05)])
    models: Any = {
        "cnn": {"checkpoints": [{"id": "a", "test_fold": "1"}, {"id": "b", "test_fold": "2"}]}
    }
    patch: Any = {"models": models, "data": {"test": {"folds": {"1": 32, "2": 16}}}}

    def folds() -> CertificationRecords:
        whole = some_certification_records(p, rng)
        names = np.where(np.arange(48) < 32, "a", "b")
        return replace(whole, checkpoint=names)

    ours = folds()
    mean, pooled = (SHARES[0] | {"across": how} for how in ("mean", "pooled"))
    honest = [mean | {"value": "84.38"}, pooled | {"value": "87.50"}]
    found = audited(honest[:1], None, ours, **patch)["positive-radius accuracy, mean over runs"]
    assert found.verdict is Verdict.REPRODUCED
    lie = audited([mean | {"value": "87.50"}], None, ours, **patch)
    assert [c.verdict for c in lie.values()] == [Verdict.OVERSTATED]
    (found,) = audited(honest[1:], None, ours, **patch).values()
    assert found.verdict is Verdict.REPRODUCED


def test_a_fixed_subset_and_a_recording_radius_are_tested_too() -> None:
    p = np.concatenate([np.full(44, 0.97), np.full(4, 0.05)])
    author, ours = pair(20, p)
    claims = [
        {"metric": "certified_radius", "statistic": "mean", "population": "correct"},
        {"metric": "certified_radius", "statistic": "median", "population": "correct"},
        {"metric": "certified_snr", "statistic": "mean", "population": "correct"},
        {"metric": "recording_radius", "statistic": "mean", "population": "all"},
    ]
    found = audited(claimed(author, claims), author, ours)
    assert [c.verdict for c in found.values()] == [Verdict.REPRODUCED] * 5


def test_counts_that_differ_as_two_pipelines_do_are_refuted() -> None:
    rng = np.random.default_rng(21)
    z = rng.normal(1.5, 0.5, 48)
    author = some_certification_records(ndtr(z + rng.normal(0.0, 0.3, 48)), rng)
    ours = some_certification_records(ndtr(z), rng)
    records = audited([], author, ours)["released counts against the re-run"]
    assert records.verdict is Verdict.REFUTED


def test_released_rows_without_a_partner_are_not_checked() -> None:
    author, ours = pair(22)
    found = audited([], take(author, range(40)), ours)["released counts against the re-run"]
    assert found.verdict is Verdict.NOT_CHECKED
    assert found.reason == "8 rows of released counts and re-run have no partner"


@pytest.mark.parametrize(
    ("changes", "verdict", "words"),
    [
        ({"sigma_error": -0.004}, Verdict.REPRODUCED, "by what other hardware may do"),
        ({"sigma_error": -0.006}, Verdict.OVERSTATED, "like a run at 0.994 sigma"),
        ({"sigma_error": 0.006, "direction": -1}, Verdict.UNDERSTATED, "at 1.006 sigma"),
        ({"p_over": 1e-9, "drift": 0.019}, Verdict.REPRODUCED, "by what other hardware may do"),
        ({"p_over": 1e-9, "drift": 0.021}, Verdict.REFUTED, "as two pipelines do"),
        ({"p_under": 1e-9}, Verdict.REFUTED, "more closely than two independent runs"),
        ({"p_single": 1e-9}, Verdict.REFUTED, "fits no independent run: example a"),
    ],
)
def test_small_shifts_and_drifts_are_hardware_the_rest_has_no_excuse(
    changes: dict[str, Any], verdict: Verdict, words: str
) -> None:
    """A rejection by T1 at p = 1e-6; what else is changed decides what it is called."""
    base = RecordsResult(1e-6, 1, 0.5, 0.5, 0.5, 6e-6, 0.0, 0.0, 0.0, 40, 0)
    released = Released(replace(base, **changes), worst="example a, 500 declared")
    found, reason = judge_released(released, 6e-5)
    assert found is verdict
    assert words in reason


def test_a_value_read_off_a_figure_is_as_wide_as_its_reading_error() -> None:
    p = np.concatenate([np.full(44, 0.97), np.full(4, 0.05)])
    _, ours = pair(24, p)
    claim = SHARES[0] | {"value": "90", "reading_error": "2"}
    (found,) = audited([claim], None, ours, study={"kind": "transcription"}).values()
    assert found.declared is not None
    assert (found.declared.low, found.declared.high) == (88.0, 92.0)
    assert found.verdict is Verdict.REPRODUCED


def test_what_the_evidence_does_not_hold_is_said_beside_why_there_is_no_re_run() -> None:
    author, _ = pair(25)
    bare = replace(author, norm=None)
    claims = claimed(author, [DISTRIBUTIONS[3]])
    (found, _) = audited(claims, bare, None).values()
    assert found.reason == "no re-run; not recomputed: the records have no column norm"


def test_an_unstated_number_of_repeats_leaves_its_claims_unchecked() -> None:
    author, ours = pair(26)
    claims = claimed(author, SHARES[:1])
    (found,) = audited(claims, None, ours, evaluations={"wave": {"repeats": "unstated"}}).values()
    assert (found.verdict, found.reason) == (Verdict.NOT_CHECKED, "repeats is unstated")


def test_renamed_examples_do_not_switch_the_test_off() -> None:
    """Copied counts under one foreign name are still refuted: the data has no such example."""
    author, _ = pair(9)
    names = author.example_id.copy()
    names[0] = "clip_x"
    renamed = replace(author, example_id=names)
    records = audited(claimed(author, QUICK), renamed, author)["released counts against the re-run"]
    assert records.verdict is Verdict.REFUTED
    assert "name 1 examples that the data does not have, such as clip_x" in records.reason


def test_an_snr_claimed_where_no_honest_run_has_a_certificate_is_overstated() -> None:
    """Most examples are hopeless, so every honest median over all is infinite."""
    p = np.where(np.arange(48) < 34, 0.2, 0.99999)
    _, ours = pair(10, p)
    claim = {"metric": "certified_snr", "statistic": "median", "population": "all", "value": "44.0"}
    (found,) = audited([claim], None, ours).values()
    assert found.verdict is Verdict.OVERSTATED
    assert "has no certificate there" in found.reason
    assert found.measured is not None
    assert found.measured.low is None
