"""The attacker: what it must find, what it must not, and what it may not depend on."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from repaudit.contract.model import Model
from repaudit.contract.task import CertificationTask
from repaudit.evidence.tables import CertificationRecords
from repaudit.rerun.engine import Engine
from repaudit.rerun.falsify import Attempt, Certificate, Effort, falsify_task, looks_at_clean
from repaudit.rerun.falsify.neighbourhood import Neighbourhood
from repaudit.rerun.network import Network
from repaudit.rerun.workspace import Workspace
from repaudit.statistics.certificate import certified_z, hits_for_z
from repaudit.statistics.falsification import certificate_p_value, is_refuted
from tests.rerun.engine_cases import SEED, PointStudy, contract, file, point_study, two_classes
from tests.rerun.speech_case import speech_study

SIGMA, N, ALPHA, ERROR = 0.5, 1000, 0.001, 1e-4
QUICK = Effort(steps=4, draws=16, check_draws=256, confirmation_draws=2000)
MARGINS = np.linspace(-0.8, 0.8, 10)
"""exact certified radii of `two_classes` are their magnitudes"""


def honest(engine: Engine, task: CertificationTask) -> list[Certificate]:
    """Return what the engine's own counts certify."""
    records = engine.run_task(task, SEED).records
    assert isinstance(records, CertificationRecords)
    radii = task.sigma * certified_z(records.hits, task.n, task.alpha)
    return [
        Certificate(
            str(records.example_id[i]),
            int(records.selected_class[i]),
            float(radii[i]),
            int(records.hits[i]),
            task.n,
        )
        for i in np.flatnonzero(radii > 0)
    ]


def inflated(certificate: Certificate, by: float, task: CertificationTask) -> Certificate:
    """Return the certificate with a larger radius, and the count that gives it."""
    z = by * certificate.radius / task.sigma
    hits = int(hits_for_z([z], task.n, task.alpha)[0])
    return replace(certificate, radius=by * certificate.radius, hits=min(hits, task.n))


def attacked(
    engine: Engine,
    task: CertificationTask,
    certificates: Sequence[Certificate],
    effort: Effort = QUICK,
    restart: int = 0,
) -> list[Attempt]:
    targets = [(certificate, restart) for certificate in certificates]
    return falsify_task(engine, task, targets, SEED, effort, ERROR)


def p_value(attempt: Attempt, task: CertificationTask) -> float:
    assert attempt.change is not None
    certificate, z = attempt.certificate, attempt.change.distance / task.sigma
    return certificate_p_value(certificate.hits, certificate.draws, z, ERROR)


def test_inflated_certificates_are_refuted_at_a_distance_just_above_the_true_one(
    tmp_path: Path,
) -> None:
    study = two_classes(tmp_path, MARGINS.tolist())
    engine, task = study.engine(), study.certification(SIGMA, 20, N)
    exact = {str(i): abs(margin) for i, margin in enumerate(MARGINS)}
    fakes = [inflated(c, 2.0, task) for c in honest(engine, task)]
    # The confirmation needs room: a share of at most .5 - 4 / sqrt(4000) is .16 sigma beyond.
    fakes = [fake for fake in fakes if fake.radius > exact[fake.example_id] + 0.25 * SIGMA]
    attempts = attacked(engine, task, fakes, Effort(confirmation_draws=4000))
    assert len(attempts) >= 6
    for attempt in attempts:
        assert attempt.change is not None
        truth = exact[attempt.certificate.example_id]
        assert truth < attempt.change.distance < attempt.certificate.radius
        assert attempt.change.distance < truth + 0.3 * SIGMA
        assert attempt.change.class_after == 1 - attempt.certificate.certified_class
        assert attempt.change.upper_bound < 0.5
        assert attempt.by_gradient
    # The two largest radii are so near the ceiling of n draws that hits cannot show the lie.
    assert sum(is_refuted(p_value(a, task), len(attempts)) for a in attempts) >= len(attempts) - 2


def test_honest_certificates_of_a_linear_network_survive_a_thousand_attempts(
    tmp_path: Path,
) -> None:
    """The network is attacked along its exact normal, so nothing stronger exists here."""
    study = two_classes(tmp_path, np.linspace(-1.0, 1.0, 1000).tolist())
    engine, task = study.engine(), study.certification(SIGMA, 16, 112)
    certificates, effort = honest(engine, task), replace(QUICK, steps=2)
    attempts = attacked(engine, task, certificates, effort)
    attempts += attacked(engine, task, certificates[: 1000 - len(attempts)], effort, 1)
    flips = [attempt for attempt in attempts if attempt.change is not None]
    assert len(attempts) == 1000
    assert not any(is_refuted(p_value(a, task), len(attempts)) for a in flips)
    # alpha allows one wrong certificate among 1000; more than 5 have a chance of 6e-4 (Poisson).
    assert len(flips) <= 5


NETWORK = """
from torch import nn


def mlp(inputs, classes):
    return nn.Sequential(nn.Linear(inputs, 64), nn.Tanh(), nn.Linear(64, classes))
"""


@pytest.mark.slow
def test_honest_certificates_of_a_small_mlp_survive_a_thousand_attempts(tmp_path: Path) -> None:
    study, task = curved(tmp_path, 400)
    engine = study.engine()
    certificates = honest(engine, task)
    effort = Effort(steps=8, draws=32, check_draws=256, confirmation_draws=2000)
    attempts: list[Attempt] = []
    for restart in range(20):
        left = 1000 - len(attempts)
        attempts += attacked(engine, task, certificates[:left], effort, restart)
    flips = [attempt for attempt in attempts if attempt.change is not None]
    assert len(attempts) == 1000
    assert not any(is_refuted(p_value(a, task), len(attempts)) for a in flips)


@pytest.mark.slow
def test_inflated_certificates_of_a_small_mlp_are_refuted_in_few_attempts(tmp_path: Path) -> None:
    study, task = curved(tmp_path, 100)
    engine = study.engine()
    weak = sorted(honest(engine, task), key=lambda c: c.radius)[:10]
    fakes = [inflated(certificate, 3.0, task) for certificate in weak]
    attempts = attacked(engine, task, fakes, Effort(confirmation_draws=4000))
    refuted = [a for a in attempts if a.change and is_refuted(p_value(a, task), len(attempts))]
    assert len(refuted) >= 5


def curved(folder: Path, points: int) -> tuple[PointStudy, CertificationTask]:
    """Points in 8 dimensions, and a random network that tells four classes apart."""
    generator = torch.Generator().manual_seed(3)
    scattered = 2.0 * torch.randn(points, 8, generator=generator)
    study = point_study(folder, scattered, [0] * points, torch.zeros(4, 8), torch.zeros(4))
    (folder / "point_networks.py").write_text(NETWORK)
    torch.manual_seed(1)
    body = nn.Sequential(nn.Linear(8, 64), nn.Tanh(), nn.Linear(64, 4))
    state = {name: 3.0 * value.detach() for name, value in body.state_dict().items()}
    save_file(state, folder / "weights.safetensors")
    declared = study.model.model_dump(mode="json", exclude_none=True)
    declared["network"]["entry_point"] = "point_networks:mlp"
    declared["checkpoints"][0]["file"] = file(folder, "weights.safetensors")
    study = replace(study, model=Model.model_validate(declared))
    return study, study.certification(SIGMA, 20, 500)


def test_gradient_is_that_of_the_log_odds_of_a_linear_network(tmp_path: Path) -> None:
    """By hand: log P(other) - log P(own) of a linear network has slope w_other - w_own."""
    study = two_classes(tmp_path, [0.3])
    engine, task = study.engine(), study.certification(1e-6, 20, 100)
    around, _ = neighbourhood(engine, task)
    slope = around.slope(around.centre, 1, 16)
    normal = torch.arange(1.0, 9.0) / torch.arange(1.0, 9.0).norm()
    torch.testing.assert_close(slope.direction[0], -2.0 * normal, rtol=1e-4, atol=1e-5)


def test_tendency_of_the_noise_points_along_the_gradient(tmp_path: Path) -> None:
    """Stein: without a gradient the same direction, up to 1 / sqrt(draws / dimensions)."""
    study = two_classes(tmp_path, [0.3])
    engine, task = study.engine(), study.certification(SIGMA, 20, 100)
    around, _ = neighbourhood(engine, task)
    one = around.slope(around.centre, 1, 16).direction.flatten()
    other = around.tendency(around.centre, 1, 2000).direction.flatten()
    assert float(nn.functional.cosine_similarity(one, other, dim=0)) > 0.98


def neighbourhood(engine: Engine, task: CertificationTask) -> tuple[Neighbourhood, Workspace]:
    ready = engine.ready(task)
    space = Workspace(ready.plan)
    subject = ready.stages.subject(ready.dataset, 0)
    return Neighbourhood(task, ready.stages, ready.network, space, SEED, subject, 0), space


def test_gradient_goes_through_the_whole_pipeline_as_finite_differences_do(
    tmp_path: Path,
) -> None:
    """Noise on the waveform, frozen gain, log-mel, CNN: along a direction, both agree."""
    study, task = speech_study(tmp_path)
    engine = study.engine()
    around, _ = neighbourhood(engine, replace(task, sigma=1e-9))
    slope = around.slope(around.centre, 0, 1).direction
    direction = slope / slope.norm()
    step = 1e-3

    def objective(point: torch.Tensor) -> float:
        with torch.inference_mode():
            ready = engine.ready(task)
            owners = [(around._signal.with_values(point), len(point))]
            signal = around._signal.with_values(point)
            logs = torch.as_tensor(
                ready.network(ready.stages.inputs(ready.stages.transformed(signal, owners), owners))
            ).log_softmax(1)[0]
        return float(logs[1:].max() - logs[0])

    rise = objective(around.centre + step * direction) - objective(around.centre - step * direction)
    # 16 rows of nearly no noise add a factor of 1: the slope is one of a mean.
    assert rise / (2 * step) == pytest.approx(float(slope.norm()), rel=0.02)


def test_a_quantised_pipeline_is_searched_along_directions_of_the_noise(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [0.05, 0.1, -0.1])
    # The levels lie on [-1, 1), the points do not.
    into, back = ({"step": "gain", "factor": factor} for factor in ("0.1", "10"))
    quantised = contract([into, {"step": "quantize", "bits": 16}, back])
    task = study.certification(0.2, 20, N, contract=quantised)
    engine = study.engine()
    fakes = [
        Certificate(str(c.example_id), c.certified_class, 0.5, 990, N) for c in honest(engine, task)
    ]
    found = attacked(engine, task, fakes, Effort(draws=256, confirmation_draws=2000))
    assert fakes
    assert not any(attempt.by_gradient for attempt in found)
    assert all(attempt.note == "the gradient is zero or not finite" for attempt in found)
    assert all(attempt.change is not None for attempt in found)


def test_a_network_that_returns_classes_only_is_searched_too(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [0.1, -0.2])
    engine, task = study.engine(), study.certification(SIGMA, 20, N)
    ready = engine.ready(task)
    whole = ready.network
    voting = Network(lambda x: whole.module(x).argmax(1).float(), "class", 2)
    engine.ready = lambda task: replace(ready, network=voting)  # type: ignore[method-assign]
    fakes = [Certificate(e.example_id, e.label, 0.6, 990, N) for e in ready.dataset.examples]
    found = attacked(engine, task, fakes, Effort(draws=256, confirmation_draws=2000))
    assert [attempt.change is not None for attempt in found] == [True, True]
    assert found[0].note == "the network returns classes only"


def test_what_is_measured_on_the_clean_signal_is_measured_on_what_arrives(tmp_path: Path) -> None:
    """A gain frozen at x would undo nothing of a louder attack; the deployed one undoes it."""
    rms = {
        "step": "normalize",
        "measure": "rms",
        "target": "1",
        "measured_on": "clean",
        "includes_padding": True,
        "zero_energy": "leave",
    }
    study = two_classes(tmp_path, [0.4])
    task = study.certification(1e-6, 20, 100, contract=contract([rms]))
    engine = study.engine()
    around, _ = neighbourhood(engine, task)
    louder = around.centre * 3.0
    assert looks_at_clean(engine.ready(task))
    assert not looks_at_clean(engine.ready(study.certification(1e-6, 20, 100)))
    weight, ready = study_logits(engine, task, around.centre), engine.ready(task)
    noisy = around._noisy(louder, "search")
    np.testing.assert_allclose(around._forward(louder, noisy)[0], weight, rtol=1e-4)
    assert ready.stages.transform is not None


def study_logits(engine: Engine, task: CertificationTask, point: torch.Tensor) -> np.ndarray:
    """Return the logits of a point at an RMS of 1."""
    with torch.inference_mode():
        scaled = point / point.square().mean().sqrt()
        return np.asarray(engine.ready(task).network(scaled)[0])


@pytest.mark.parametrize("settings", [{"threads": 1}, {"threads": 3}, {"memory_bytes": 10_000_000}])
def test_result_does_not_depend_on_how_many_run_at_once(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    study = two_classes(tmp_path, MARGINS.tolist())
    task = study.certification(SIGMA, 20, N)
    fakes = [inflated(c, 1.5, task) for c in honest(study.engine(), task)]
    assert attacked(study.engine(**settings), task, fakes) == attacked(study.engine(), task, fakes)


def test_restarts_search_on_other_noise_from_another_point(tmp_path: Path) -> None:
    study = two_classes(tmp_path, [0.3])
    engine, task = study.engine(), study.certification(SIGMA, 20, N)
    fake = [Certificate("0", 1, 0.7, 995, N)]
    fake = [replace(fake[0], example_id=engine.ready(task).dataset.examples[0].example_id)]
    first, second = (attacked(engine, task, fake, restart=k)[0] for k in (0, 1))
    assert first.change is not None
    assert second.change is not None
    assert first.change.hits != second.change.hits
