"""Certificates under attack: planted false ones fall, honest ones stand, and it is said."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from repaudit._core.progress import Step
from repaudit.audit.falsification import Falsification, Flip
from repaudit.check.falsify import falsify, findings_of
from repaudit.check.falsify.attack import attack
from repaudit.check.falsify.table import Table, table_of
from repaudit.contract.files import Places
from repaudit.contract.load import load_results
from repaudit.contract.results import Results
from repaudit.contract.task import tasks_or_reasons
from repaudit.evidence.load import load_evidence
from repaudit.evidence.tables import CertificationRecords, RadiusRecords
from repaudit.rerun.engine import Engine
from repaudit.rerun.falsify import Certificate, Effort
from repaudit.rerun.plan import RerunSettings
from repaudit.rules import Case
from repaudit.statistics.certificate import certified_z, hits_for_z
from tests.rerun.engine_cases import SEED, contract, two_classes
from tests.studies import EXAMPLE

Changed = Callable[[Callable[[dict[str, Any]], None]], Path]
SMALL = Effort(steps=3, draws=16, check_draws=64, confirmation_draws=400)
NAME = "waveform-high"


def opened(path: Path) -> tuple[Results, Engine]:
    results, document = load_results(path)
    places = Places(document.path.parent, {})
    return results, Engine(places, RerunSettings(device="cpu"))


def released(path: Path, name: str = NAME) -> CertificationRecords:
    results, document = load_results(path)
    records = load_evidence(results, name, Places(document.path.parent, {}))
    assert isinstance(records, CertificationRecords)
    return records


def attempts_on(path: Path, seed: bytes = SEED, **options: Any) -> list[Falsification]:
    results, engine = opened(path)
    counts = {NAME: released(path)}
    values: dict[str, Any] = {"attempts": 2, "effort": SMALL, **options}
    return falsify(results, engine, tasks_or_reasons(results), counts, {}, seed, **values)


def test_honest_certificates_stand_and_the_search_is_said(study: Path) -> None:
    shown: list[Step] = []
    (found,) = attempts_on(study / "results.json", progress=shown.append)
    records = released(study / "results.json")
    assert (found.status, found.counts, found.search) == ("attempted", "released", "gradient")
    assert (found.attempts, found.examples, found.rows, found.flips) == (2, 2, len(records), [])
    assert found.certified == np.count_nonzero(certified_z(records.hits, 100, 0.001))
    assert found.family == pytest.approx(2 * found.rows / found.certified)
    assert (found.refuted, found.table_p_value, found.deployed) == (False, 1.0, False)
    # 3 steps of 16 draws and a first look of 16, 2 of each at least.
    assert found.forwards >= 2 * (3 * 16 + 16)
    assert shown[-2] == Step("waveform-high", "falsification", 128, 128)
    assert shown[-1] == Step("waveform-high", is_over=True)


def test_seed_chooses_the_certificates_and_repeats_the_search(study: Path) -> None:
    path = study / "results.json"
    results, engine = opened(path)
    tasks = tasks_or_reasons(results)[NAME]

    def chosen(seed: bytes, attempts: int = 2) -> list[str]:
        table = table_of(NAME, engine, tasks, released(path), None, seed, attempts)
        assert isinstance(table, Table)
        return [certificate.example_id for _, certificate, _ in table.targets]

    assert chosen(SEED) == chosen(SEED)
    assert len({tuple(chosen(bytes([k]) * 32)) for k in range(8)}) > 1
    assert set(chosen(SEED)) <= set(chosen(SEED, 4))


def test_more_attempts_than_certificates_begin_again(study: Path) -> None:
    path = study / "results.json"
    results, engine = opened(path)
    records = released(path)
    only = replace(records, hits=np.where(np.arange(len(records)) < 1, 100, 0))
    table = table_of(NAME, engine, tasks_or_reasons(results)[NAME], only, None, SEED, 3)
    assert isinstance(table, Table)
    assert [restart for _, _, restart in table.targets] == [0, 1, 2]
    assert (table.certified, table.rows) == (1, len(records))


def test_radii_of_a_log_are_certificates_of_the_counts_that_give_them(study: Path) -> None:
    path = study / "results.json"
    results, engine = opened(path)
    tasks, records = tasks_or_reasons(results)[NAME], released(path)
    table = table_of(NAME, engine, tasks, records, None, SEED, 9)
    assert isinstance(table, Table)
    radii = table.sigma * certified_z(records.hits, 100, table.alpha)
    log = RadiusRecords(
        records.example_id,
        records.label,
        np.where(radii > 0, records.selected_class, -1),
        radii,
        radii,
        radii,
        np.arange(len(records)),
        records.checkpoint,
        records.repeat,
    )
    same = table_of(NAME, engine, tasks, log, None, SEED, 9)
    assert isinstance(same, Table)
    assert same.targets == table.targets


def test_without_counts_or_a_rerun_nothing_is_attacked(study: Path) -> None:
    results, engine = opened(study / "results.json")
    tasks = tasks_or_reasons(results)
    (found,) = falsify(results, engine, tasks, {}, {}, SEED)
    assert (found.status, found.attempts) == ("not_checked", 0)
    assert found.reason == "there are neither released counts nor a re-run's"
    (found,) = falsify(results, engine, {NAME: "n0 is unstated"}, {}, {}, SEED)
    assert found.reason == "n0 is unstated"


def test_our_own_certificates_are_attacked_where_none_are_released(study: Path) -> None:
    results, engine = opened(study / "results.json")
    counts = {NAME: released(study / "results.json")}
    (found,) = falsify(
        results, engine, tasks_or_reasons(results), {}, counts, SEED, 1, effort=SMALL
    )
    assert (found.counts, found.attempts) == ("re-run", 1)


def test_missing_weights_are_the_reason(study: Path) -> None:
    (study / "model.safetensors").unlink()
    (found,) = attempts_on(study / "results.json")
    assert found.status == "not_checked"
    assert "model.safetensors" in str(found.reason)


def test_a_table_of_abstentions_has_nothing_to_attack(study: Path) -> None:
    results, engine = opened(study / "results.json")
    records = released(study / "results.json")
    none = {NAME: replace(records, hits=np.zeros_like(records.hits))}
    (found,) = falsify(results, engine, tasks_or_reasons(results), none, {}, SEED)
    assert (found.status, found.attempts, found.reason) == (
        "attempted",
        0,
        "no example is certified",
    )


def test_deployed_classifier_is_said_to_be_the_one_attacked(tmp_path: Path) -> None:
    rms: dict[str, Any] = {
        "step": "normalize",
        "measure": "rms",
        "target": "clean",
        "measured_on": "input",
        "includes_padding": True,
        "zero_energy": "leave",
    }
    points = two_classes(tmp_path, [0.4])
    task = points.certification(0.1, 20, 100, contract=contract([rms]))
    engine = points.engine()
    name = engine.ready(task).dataset.examples[0].example_id
    target = ("a", 0), Certificate(name, 1, 0.1, 99, 100), 0
    table = Table({("a", 0): task}, "re-run", 1, 1, [target])
    found = attack("main", table, engine, SEED, SMALL, 1e-4, lambda done: None)
    assert found.deployed
    assert "to which whatever arrives is the clean signal" in str(found.reason)


@pytest.mark.slow
def test_an_inflated_radius_of_a_borderline_clip_is_refuted() -> None:
    """One record of the embedded example claims three times its radius; the others abstain."""
    path = EXAMPLE / "results.json"
    results, engine = opened(path)
    tasks, records = tasks_or_reasons(results), released(path, "log-mel")
    z = certified_z(records.hits, 500, 0.001)
    weakest = int(np.where(z > 0, z, np.inf).argmin())
    fake = np.zeros_like(records.hits)
    fake[weakest] = int(hits_for_z([3.0 * z[weakest]], 500, 0.001)[0])
    single = results.model_copy(update={"evaluations": {"log-mel": results.evaluations["log-mel"]}})
    (found,) = falsify(
        single, engine, tasks, {"log-mel": replace(records, hits=fake)}, {}, SEED, attempts=1
    )
    (flip,) = found.flips
    assert flip.example_id == records.example_id[weakest]
    assert found.refuted
    assert flip.refutes
    assert flip.distance < flip.radius
    assert flip.upper_bound < 0.5
    assert flip.class_after != flip.class_before
    json.dumps(found.model_dump(mode="json"), allow_nan=False)


@pytest.mark.slow
def test_honest_certificates_of_the_embedded_example_stand() -> None:
    path = EXAMPLE / "results.json"
    results, engine = opened(path)
    counts = {"log-mel": released(path, "log-mel")}
    single = results.model_copy(update={"evaluations": {"log-mel": results.evaluations["log-mel"]}})
    (found,) = falsify(single, engine, tasks_or_reasons(results), counts, {}, SEED, attempts=20)
    assert (found.attempts, found.refuted) == (20, False)


def test_a_refuted_table_is_one_finding_at_its_evaluation(study: Path) -> None:
    results, document = load_results(study / "results.json")
    case = Case(results, document.value)
    flip = Flip(
        example_id="a",
        checkpoint="a",
        repeat=0,
        radius=0.2,
        distance=0.1,
        hits=100,
        draws=100,
        class_before=0,
        class_after=1,
        confirmation_hits=4000,
        confirmation_draws=10_000,
        upper_bound=0.42,
        refutes=True,
    )
    found = Falsification(evaluation=NAME, status="attempted", flips=[flip], refuted=True)
    (finding,) = findings_of(case, [found])
    assert (finding.code, finding.pointer) == ("RA930", f"/evaluations/{NAME}")
    assert findings_of(case, [found.model_copy(update={"refuted": False})]) == []
    assert findings_of(case, [found], chosen={"RA101"}) == []
