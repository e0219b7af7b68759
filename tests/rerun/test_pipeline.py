"""Chains of steps: laws that every pipeline obeys, and how the clean signal travels."""

import sys
import types

import pytest
import torch

from repaudit.contract.task import Unsupported
from repaudit.rerun.pipeline import Signal, build_chain
from repaudit.rerun.steps import STEPS, collect
from tests.rerun.steps.declarations import DEFAULTS, chain, declare, noise, wave

PIPELINES = {
    "waveform": ["crop_pad", "normalize", "clip", "quantize"],
    "log_mel": ["normalize", "log_mel", "standardize"],
    "mfcc": ["resample", "mfcc"],
    "spectrogram": ["gain", "spectrogram"],
}
CHANGES = {
    "crop_pad": {"length_samples": 500, "pad": "repeat"},
    "normalize": {"includes_padding": False},
    "log_mel": {"log": "db", "top_db": 30},
    "standardize": {"computed_from": "input", "axis": "frequency"},
}


def pipeline(name):
    return build_chain([declare(step, **CHANGES.get(step, {})) for step in PIPELINES[name]])


@pytest.mark.parametrize("name", PIPELINES)
def test_an_example_does_not_depend_on_its_batch(name):
    run, batch = pipeline(name), noise(6, 400, rate=8000)
    whole = run(batch).values
    swapped = run(batch.with_values(batch.values.flip(0))).values.flip(0)
    split = torch.cat([run(batch.with_values(part)).values for part in batch.values.split(2)])
    assert torch.equal(run(batch).values, whole)
    torch.testing.assert_close(swapped, whole, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(split, whole, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", PIPELINES)
def test_a_hostile_neighbour_changes_nothing(name):
    run, batch = pipeline(name), noise(3, 400, rate=8000)
    alone = run(batch).values
    loud = batch.values.clone()
    loud[1] = float("nan")
    loud[2] *= 1e6
    assert torch.equal(run(batch.with_values(loud)).values[0], alone[0])


@pytest.mark.parametrize("name", PIPELINES)
def test_double_precision_runs_throughout(name):
    batch = noise(2, 400, rate=8000)
    single, double = pipeline(name)(batch).values, pipeline(name).to(torch.float64)(batch).values
    assert (single.dtype, double.dtype) == (torch.float32, torch.float64)
    torch.testing.assert_close(single.double(), double, rtol=1e-4, atol=1e-3)


def test_one_channel_recordings_lose_their_channel_axis():
    assert build_chain([])(noise(2, 1, 5)).values.shape == (2, 5)
    assert build_chain([])(noise(2, 3, 5)).values.shape == (2, 3, 5)
    assert build_chain([])(noise(2, 1, 5, 5, rate=None)).values.shape == (2, 1, 5, 5)


def test_the_clean_signal_walks_as_far_as_it_is_needed():
    steps = [
        declare("gain", factor=2),
        declare("normalize", measured_on="clean", measure="peak"),
        declare("gain", id="late", factor=3),
    ]
    run = build_chain(steps)
    assert run.needs_clean
    # Clean 4 becomes 8, so 10 becomes 20, 20 / 8 and three times that.
    assert run(wave([10.0]), wave([4.0])).values.tolist() == [[7.5]]
    assert not build_chain(steps[:1]).needs_clean


def test_without_a_clean_signal_the_input_is_the_clean_one():
    run = chain("normalize", measured_on="clean", measure="peak")
    assert run(wave([4.0], [2.0])).values.tolist() == [[1.0], [1.0]]


@pytest.mark.parametrize(
    "step",
    [
        {"step": "embedding", "model": "m"},
        {"step": "pcen", "s": 1, "alpha": 1, "delta": 1, "r": 1, "epsilon": 1},
        {"step": "resize", "height": 2, "width": 2},
        {"step": "center_crop", "height": 2, "width": 2},
    ],
)
def test_steps_that_cannot_be_run_are_refused_by_name(step):
    with pytest.raises(Unsupported, match=step["step"]):
        build_chain([declare(**step)])


def test_every_runnable_step_is_registered():
    names = {model.model_fields["step"].annotation.__args__[0] for model in STEPS}
    assert names == {*DEFAULTS, "custom"}


def test_two_modules_for_one_step_are_refused():
    module = sys.modules["repaudit.rerun.steps.gain"]
    with pytest.raises(RuntimeError, match="Gain is run by two modules"):
        collect([module, module])


@pytest.fixture
def authors_module(monkeypatch):
    module = types.ModuleType("authors_module")
    module.halve = lambda values: values / 2
    module.forget = lambda values: values[:1]
    monkeypatch.setitem(sys.modules, "authors_module", module)


def custom(name):
    return declare("custom", entry_point=f"authors_module:{name}", description="a test")


@pytest.mark.usefixtures("authors_module")
def test_the_authors_code_runs_only_when_allowed():
    with pytest.raises(Unsupported, match="allow-code"):
        build_chain([custom("halve")])
    run = build_chain([custom("halve")], allow_code=True)
    assert run(wave([3.0])).values.tolist() == [[1.5]]
    assert "authors_module:halve" in run.notes[0]


@pytest.mark.usefixtures("authors_module")
def test_the_authors_code_must_keep_the_batch():
    with pytest.raises(Unsupported, match="one row per example"):
        build_chain([custom("forget")], allow_code=True)(wave([1.0], [2.0]))
    with pytest.raises(Unsupported, match="cannot be imported"):
        build_chain([custom("nothing")], allow_code=True)


def test_a_signal_keeps_its_rate_behind_a_front_end():
    after = chain("log_mel")(noise(1, 400))
    assert isinstance(after, Signal)
    assert after.sample_rate_hz == 16000
