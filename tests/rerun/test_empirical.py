"""An attacked and defended evaluation: what is counted, what is drawn anew, what it promises."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from repaudit.contract.task import EmpiricalTask, Unsupported
from repaudit.evidence.join import take
from repaudit.evidence.tables import EmpiricalRecords
from repaudit.metrics.attacked import Outcomes, outcomes_of
from repaudit.rerun.attacks.victims import KEPT_ROWS
from repaudit.rerun.journal import Journal
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.task_run import TaskRun
from tests.rerun.attack_cases import MARGINS, attack, defence, some_points, task, threat
from tests.rerun.engine_cases import (
    SEED,
    PointStudy,
    contract,
    point_study,
    steps,
    two_classes,
)
from tests.rerun.speech_case import CROP, LOG_MEL, RMS, speech_study

HEADER = {"results": "00" * 32, "seed": SEED.hex(), "plan": "test"}
PANEL = {
    "fgsm": attack("fgsm"),
    "pgd": attack("pgd"),
    "eot": attack("eot_pgd"),
    "search": attack("random_search"),
    "noise": attack("random_noise"),
}


def run(study: PointStudy, one: EmpiricalTask, **settings: Any) -> tuple[TaskRun, EmpiricalRecords]:
    found = study.engine(**settings).run_task(one, SEED)
    assert isinstance(found.records, EmpiricalRecords)
    return found, found.records


def outcome(records: EmpiricalRecords, repeat: int = 0, *, sees_defence: bool = False) -> Outcomes:
    return outcomes_of(take(records, records.repeat == repeat), sees_defence=sees_defence)


@pytest.fixture
def study(tmp_path: Path) -> PointStudy:
    return some_points(tmp_path)


@pytest.mark.parametrize("domain", ["softmax", "logits", "votes"])
@pytest.mark.parametrize("randomness", ["fresh", "fixed", "per_example"])
def test_averaging_over_both_sides_changes_nothing_on_a_linear_network(
    study: PointStudy, domain: str, randomness: str
) -> None:
    """For every +d there is a -d; with an odd number of points even the votes follow the centre."""
    averaged = defence(domain=domain, randomness=randomness, radius=0.9)
    _, records = run(study, task(study, {}, threat=None, defence=averaged))

    assert records.base_attacked is None
    assert records.defended_clean is not None
    assert records.defended_clean.tolist() == records.base_clean.tolist()


@pytest.mark.parametrize("randomness", ["fresh", "fixed", "per_example"])
def test_the_counts_of_the_clean_and_the_attacked_set_fit_exactly(
    tmp_path: Path, randomness: str
) -> None:
    """RA601-RA604, per repeat, where defended predictions are anything but those of the base."""
    study, _ = speech_study(tmp_path)
    one = task(
        study,
        {"pgd": attack("pgd", steps=4, step_size="0.01"), "fgsm": attack("fgsm")},
        pipeline=steps(CROP, RMS, LOG_MEL),
        threat=threat(0.02, location="normalize"),
        defence=defence(location="log_mel", radius=40, directions=2, randomness=randomness),
        repeats=2,
    )
    _, records = run(study, one)

    for repeat in range(2):
        found = outcome(records, repeat)
        assert found.defended_attacked is not None
        assert found.defended_clean is not None
        c, a = int(found.base_clean.sum()), int(found.adversarial.sum())
        assert int(found.base_attacked.sum()) == c - a
        d = int((found.adversarial & found.defended_attacked).sum())
        u = int(found.defended_attacked.sum()) - d
        v = int(found.defended_clean.sum()) - u
        assert 0 <= u <= 10 - a
        assert 0 <= v <= a
        kept = ~found.adversarial
        assert (found.defended_attacked == found.defended_clean)[kept].all()


def test_the_worst_case_of_a_panel_is_at_most_that_of_each_attack(study: PointStudy) -> None:
    one = task(study, PANEL, defence=defence(randomness="fresh"))
    _, records = run(study, one)
    assert records.attack is not None

    worst = outcome(records, sees_defence=True).defended_attacked
    assert worst is not None
    for name in PANEL:
        alone = outcome(take(records, records.attack == name), sees_defence=True).defended_attacked
        assert alone is not None
        assert not (worst & ~alone).any()
    assert set(records.attack.tolist()) == set(PANEL)
    assert len(records) == len(PANEL) * len(MARGINS)


def test_adaptive_attacks_find_what_lies_within_reach(study: PointStudy) -> None:
    """On a linear network the defended classifier is the base: reach is epsilon times |n|_1."""
    one = task(study, {"eot": attack("eot_pgd", steps=20)}, defence=defence(), threat=threat(0.12))
    _, records = run(study, one)

    reach = 0.12 * 36 / 204**0.5
    assert records.defended_attacked is not None
    turned = (records.base_clean == records.label) & (records.defended_attacked != records.label)
    assert turned.tolist() == [abs(m) < reach for m in MARGINS[:-1]] + [False]


def test_deterministic_attacks_are_run_once_and_random_ones_in_every_repeat(
    study: PointStudy,
) -> None:
    panel = {"deepfool": attack("deepfool"), "noise": attack("random_noise", target="base")}
    one = task(study, panel, threat=threat(0.4, "l2"), repeats=3)
    _, records = run(study, one)
    assert records.attack is not None
    assert records.perturbation_norm is not None

    norms = {
        name: [
            records.perturbation_norm[(records.attack == name) & (records.repeat == r)].tolist()
            for r in range(3)
        ]
        for name in panel
    }
    assert norms["deepfool"][0] == norms["deepfool"][1] == norms["deepfool"][2]
    assert any(norm > 0 for norm in norms["deepfool"][0])


def fragile(folder: Path) -> PointStudy:
    """Forty points on which a defended prediction is a matter of its directions."""
    generator = torch.Generator().manual_seed(3)
    weight = torch.randn(6, 3, generator=generator) * 4
    points = torch.randn(40, 3, generator=generator) * 0.2
    labels = (points @ weight.T).argmax(1).tolist()
    return point_study(folder, points, labels, weight, torch.zeros(6))


def test_fixed_directions_are_shared_and_others_are_not(tmp_path: Path) -> None:
    """Two copies of one point: only under directions of their own may they be told apart."""
    points = torch.zeros(30, 3) + torch.tensor([0.05, 0.0, 0.0])
    weight = torch.tensor([[4.0, 0, 0], [-4, 0, 0], [0, 4, 0], [0, -4, 0], [0, 0, 4], [0, 0, -4]])
    study = point_study(tmp_path, points, [0] * 30, weight, torch.zeros(6))

    def classes(randomness: str) -> set[int]:
        averaged = defence(
            randomness=randomness, directions=1, radius=3, includes_input=False, domain="votes"
        )
        _, records = run(study, task(study, {}, threat=None, defence=averaged))
        assert records.defended_clean is not None
        return set(records.defended_clean.tolist())

    assert len(classes("fixed")) == 1
    assert len(classes("per_example")) > 1
    assert len(classes("fresh")) > 1


def test_repeats_draw_new_directions(tmp_path: Path) -> None:
    study = fragile(tmp_path)
    averaged = defence(directions=1, radius=2, includes_input=False, domain="votes")
    one = task(study, {}, threat=None, defence=averaged, repeats=2)
    _, records = run(study, one)

    assert records.defended_clean is not None
    first, second = (records.defended_clean[records.repeat == r] for r in range(2))
    assert 0 < int((first != second).sum()) < 40


@pytest.mark.parametrize("settings", [{"threads": 3}, {"batch_size": 1}])
def test_records_do_not_depend_on_how_the_work_is_carried_out(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    study = fragile(tmp_path)
    panel = {name: PANEL[name] for name in ("pgd", "eot", "noise")}
    one = task(study, panel, defence=defence(randomness="fresh"), threat=threat(0.02))

    _, here = run(study, one)
    _, there = run(study, one, **settings)

    for column in fields(here):
        assert np.array_equal(getattr(here, column.name), getattr(there, column.name))


def test_an_interrupted_run_goes_on_to_the_same_records(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    study = fragile(tmp_path / "study")
    study = replace(study, data=study.data)
    one = task(study, {"pgd": PANEL["pgd"], "eot": PANEL["eot"]}, defence=defence())
    engine, journal = study.engine(), Journal(tmp_path / "journal", HEADER)
    first = engine.run_task(one, SEED, journal)
    again = engine.run_task(one, SEED, journal)

    assert any("taken from the journal" in note for note in again.notes)
    assert isinstance(first.records, EmpiricalRecords)
    for column in fields(first.records):
        name = column.name
        assert np.array_equal(getattr(first.records, name), getattr(again.records, name))
    assert again.probes == first.probes
    assert again.forwards == first.forwards


def test_forwards_of_a_prediction_are_counted_and_its_time_is_measured(study: PointStudy) -> None:
    found, _ = run(study, task(study, {}, threat=None, defence=defence(directions=15)))

    # Eight examples: one forward each of the bare network and 91 of the defended one.
    assert found.forwards == 8 * 92
    assert found.summary["forwards per defended prediction"] == 91
    ratio = found.summary["time of a defended prediction, in plain ones"]
    assert ratio is not None
    assert ratio > 1


def test_the_report_names_every_setting_that_moves_the_result(study: PointStudy) -> None:
    found, _ = run(study, task(study, {"pgd": attack("pgd", steps=7)}))

    (words,) = [note for note in found.notes if note.startswith("pgd:")]
    assert words == (
        "pgd: pgd on base, max_loss, loss cross_entropy, steps 7, step size 0.003333, restarts 1"
    )
    assert "attacks of the library run by foolbox==3.3.4" in found.notes


def test_without_an_adversarial_example_there_is_no_defence_rate(study: PointStudy) -> None:
    found, _ = run(study, task(study, {"fgsm": PANEL["fgsm"]}, defence=defence(), threat=threat(0)))

    assert found.summary["adversarial examples"] == 0.0
    assert found.summary["defence rate"] is None
    assert found.summary["defence rate, 95 % low"] is None


def test_a_defence_in_front_of_the_attack_is_not_run(tmp_path: Path) -> None:
    study, _ = speech_study(tmp_path)
    one = task(
        study,
        {"fgsm": PANEL["fgsm"]},
        pipeline=steps(CROP, RMS, LOG_MEL),
        threat=threat(0.1, location="log_mel"),
        defence=defence(location="normalize"),
    )
    with pytest.raises(Unsupported, match="before the place that is attacked"):
        run(study, one)


def test_a_network_that_fails_is_a_reason_and_no_fault_of_ours(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [0.1, -0.1], network="broken")

    with pytest.raises(ModelError, match="cannot be multiplied"):
        run(study, task(study, {"fgsm": PANEL["fgsm"]}))


def test_attacks_need_scores(study: PointStudy) -> None:
    model = study.model.model_copy(update={"output": "class"})
    one = task(replace(study, model=model), {"fgsm": PANEL["fgsm"]})

    with pytest.raises(Unsupported, match="attacks need scores"):
        run(replace(study, model=model), one)


@pytest.mark.parametrize("location", ["input", "crop_pad", "normalize", "log_mel"])
def test_an_attack_reaches_any_place_of_a_pipeline(tmp_path: Path, location: str) -> None:
    """FGSM raises the loss whatever of the front end lies between it and the network."""
    study, _ = speech_study(tmp_path)
    large = {"input": 0.5, "crop_pad": 0.5, "normalize": 0.5, "log_mel": 5.0}[location]
    one = task(
        study,
        {"fgsm": PANEL["fgsm"]},
        pipeline=steps(CROP, RMS, LOG_MEL),
        threat=threat(large, location=location),
    )
    found, records = run(study, one)

    assert (found.summary["adversarial examples"] or 0) > 0
    assert records.perturbation_norm is not None
    # A recording lies in [-1, 1] up to the gain, so that clipping may shorten what is added there.
    assert float(records.perturbation_norm.max()) <= large * (1 + 1e-4)


def test_a_masked_gradient_is_seen_by_the_sanity_questions(tmp_path: Path) -> None:
    study, _ = speech_study(tmp_path)
    pipeline = steps(CROP, RMS, {"step": "quantize", "bits": 8}, LOG_MEL)
    one = task(
        study,
        {"pgd": attack("pgd", steps=2)},
        pipeline=pipeline,
        threat=threat(0.01, location="normalize"),
    )
    found, _ = run(study, one)

    answers = {probe.name: probe.numbers for probe in found.probes}
    assert answers["gradients"]["none"] == answers["gradients"]["examples"]


def test_sanity_questions_are_answered_for_the_first_gradient_attack(study: PointStudy) -> None:
    found, _ = run(study, task(study, PANEL, defence=defence(), threat=threat(0.05)))

    answers = {probe.name: probe.numbers for probe in found.probes}
    strength = answers["attack_strength"]
    assert strength["attack"] == "eot"
    assert strength["examples"] == 6
    # Ten times the largest coordinate reaches every point; reach grows with epsilon.
    assert strength["large"] == 0
    right = [strength[name] for name in ("half", "declared", "double")]
    reach = [0.05 * factor * 36 / 204**0.5 for factor in (0.5, 1, 2)]
    assert right == [sum(abs(m) >= r for m in MARGINS[:6]) for r in reach]
    assert answers["attack_panel"]["classifier"] == "defended"


def test_numbers_by_transfer_stand_beside_an_attack_of_ours_that_sees_the_defence(
    study: PointStudy,
) -> None:
    name = "defended accuracy under our EOT-PGD (adaptive), first 6 examples"
    fgsm = {"fgsm": PANEL["fgsm"]}
    unseen, _ = run(study, task(study, fgsm, defence=defence(), threat=threat(0.12)))
    seen, _ = run(study, task(study, PANEL, defence=defence(), threat=threat(0.12)))
    bare, _ = run(study, task(study, fgsm, threat=threat(0.12)))

    reach = 0.12 * 36 / 204**0.5
    assert unseen.summary[name] == sum(abs(m) >= reach for m in MARGINS[:6]) / 6
    assert name not in seen.summary
    assert name not in bare.summary


def test_the_same_contract_serves_certificates_and_attacks(tmp_path: Path) -> None:
    """The clean prediction of an attacked evaluation is the base class of a certification."""
    study, certification = speech_study(tmp_path)
    one = task(
        study,
        {"fgsm": PANEL["fgsm"]},
        pipeline=steps(CROP, RMS, LOG_MEL),
        threat=threat(0.001, location="normalize"),
    )
    certified = study.engine().run_task(
        replace(certification, n0=1, n=1, contract=contract(location="normalize")), SEED
    )
    _, records = run(study, one)

    assert records.base_clean.tolist() == certified.records.base_class.tolist()  # type: ignore[union-attr]


def test_activations_that_are_made_again_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = some_points(tmp_path)
    averaged = defence(domain="logits")
    attacks = {"eot": attack("eot_pgd", steps=3)}
    asked = task(study, attacks, threat=threat(0.3), defence=averaged)
    kept = run(study, asked)[1]
    monkeypatch.setitem(KEPT_ROWS, "cpu", 1)
    made_again = run(study, asked)[1]

    assert kept.defended_attacked is not None
    assert made_again.defended_attacked is not None
    assert made_again.defended_attacked.tolist() == kept.defended_attacked.tolist()
