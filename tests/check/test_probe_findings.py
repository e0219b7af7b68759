"""Which tasks are asked, and what of the rules is said about the answers."""

from dataclasses import replace

import pytest

from repaudit.audit.probe import Probe
from repaudit.check.probes import probe, probe_findings
from repaudit.contract.files import Places
from repaudit.contract.load import load_results
from repaudit.contract.task import GeometryTask, tasks_or_reasons
from repaudit.rerun.engine import Engine
from repaudit.rerun.plan import RerunSettings
from repaudit.rules._registry import registry
from tests.studies import EXAMPLE

SEED = bytes(range(32))
VOID = Probe(
    name="finite_outputs",
    evaluation="waveform-high",
    checkpoint="seed0",
    status="asked",
    numbers={"rows": 64, "not_finite": 2, "ties": 1},
)


@pytest.fixture(scope="module")
def example():
    return load_results(EXAMPLE / "results.json")


def test_every_checkpoint_is_asked_once_however_often_it_is_repeated(example) -> None:
    results, _ = example
    engine = Engine(Places(EXAMPLE, {}), RerunSettings(device="cpu"))
    tasks = tasks_or_reasons(results)
    (task,) = tasks["waveform-high"]
    others = [replace(task, repeat=repeat) for repeat in range(3)]
    shape = GeometryTask("shape", task.data, task.pipeline, task.contract, task.sigma, 1, 0)
    asked = probe(engine, {"waveform-high": others, "shape": [shape]}, SEED)
    names = [one.name for one in asked]
    assert len(names) == len(set(names)) > 5
    assert {(one.evaluation, one.checkpoint) for one in asked} == {("waveform-high", "seed0")}


def test_an_evaluation_without_a_task_is_not_asked(example) -> None:
    engine = Engine(Places(EXAMPLE, {}), RerunSettings(device="cpu"))
    assert probe(engine, {"waveform-high": "n is unstated"}, SEED) == []


def test_findings_point_to_the_evaluation(example) -> None:
    results, document = example
    found = probe_findings(results, document, None, [VOID])
    assert [(f.code, f.pointer) for f in found] == [
        ("RA924", "/evaluations/waveform-high"),
        ("RA925", "/evaluations/waveform-high"),
    ]


def test_only_chosen_rules_judge_and_static_ones_are_not_run_again(example) -> None:
    results, document = example
    chosen = set(registry()) - {"RA924"}
    found = probe_findings(results, document, None, [VOID], chosen)
    assert [f.code for f in found] == ["RA925"]


def test_a_rule_whose_prerequisite_was_not_chosen_is_left_out(example) -> None:
    results, document = example
    assert probe_findings(results, document, None, [VOID], {"RA924"}) == []


def test_without_answers_there_is_nothing_to_say(example) -> None:
    results, document = example
    assert probe_findings(results, document, None, []) == []
