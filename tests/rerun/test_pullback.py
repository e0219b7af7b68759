"""Radii of recordings: by hand, and by trying to break them."""

import math

import pytest
import torch

from repaudit.rerun.pipeline import Signal, build_chain
from repaudit.rerun.pullback import Pullback, Undefined, pullback
from tests.rerun.steps.declarations import declare, noise, wave

FROZEN = {"measured_on": "clean"}
CASES = {
    "mean of channels": ([("mix_down", {})], (1, 3, 40), 16000),
    "first channel": ([("mix_down", {"method": "first"})], (1, 2, 40), 16000),
    "downsampling": ([("resample", {})], (1, 150), 48000),
    "upsampling": ([("resample", {})], (1, 60), 8000),
    "odd ratio": ([("resample", {"lowpass_filter_width": 2})], (1, 90), 24000),
    "repeat": ([("crop_pad", {"length_samples": 100, "pad": "repeat"})], (1, 40), 16000),
    "reflect": (
        [("crop_pad", {"length_samples": 90, "pad": "reflect", "anchor": "center"})],
        (1, 40),
        16000,
    ),
    "edge": ([("crop_pad", {"length_samples": 90, "pad": "edge"})], (1, 40), 16000),
    "crop": ([("crop_pad", {"length_samples": 10})], (1, 40), 16000),
    "frozen gain": ([("normalize", FROZEN)], (1, 40), 16000),
    "frozen peak": ([("normalize", {**FROZEN, "measure": "peak"})], (1, 40), 16000),
    "rms gain": ([("normalize", {})], (1, 40), 16000),
    "padded rms gain": (
        [("crop_pad", {"length_samples": 60}), ("normalize", {"includes_padding": False})],
        (1, 40),
        16000,
    ),
    "everything": (
        [
            ("mix_down", {}),
            ("resample", {}),
            ("crop_pad", {"length_samples": 90, "pad": "repeat"}),
            ("normalize", {"target": "0.1"}),
            ("gain", {"factor": "-3"}),
            ("standardize", {"mean": "0.1", "std": "0.5"}),
        ],
        (1, 2, 120),
        48000,
    ),
}


def declared(steps):
    return [declare(name, **changes) for name, changes in steps]


def largest_change(run, recording, reach, tries=30):
    """The largest move of r found for changes of norm ``reach``: random, then ascended."""
    clean = run(recording, recording).values
    generator = torch.Generator().manual_seed(0)
    worst = 0.0
    for _ in range(tries // 10):
        delta = torch.randn(
            recording.values.shape, generator=generator, dtype=torch.float64
        ).requires_grad_(True)
        for _ in range(10):
            step = delta * (reach / torch.linalg.vector_norm(delta))
            moved = run(recording.with_values(recording.values + step), recording).values
            change = torch.linalg.vector_norm(moved - clean)
            worst = max(worst, change.item())
            (slope,) = torch.autograd.grad(change, delta)
            size = torch.linalg.vector_norm(slope)
            if size > 0:
                ascended = step.detach() / reach + 2 * slope / size
                delta = ascended.requires_grad_(True)
    return worst


@pytest.mark.parametrize("fraction", [0.05, 0.8, 1.3, 1.9])
@pytest.mark.parametrize("case", CASES)
def test_no_smaller_change_of_the_recording_leaves_the_ball(case, fraction):
    steps, shape, rate = CASES[case]
    recording = noise(*shape, seed=7, rate=rate, dtype=torch.float64)
    run = build_chain(declared(steps)).to(torch.float64)
    certified = fraction * float(torch.linalg.vector_norm(run(recording).values))
    radius = pullback(declared(steps)).radius(certified, recording)
    assert radius > 0
    assert largest_change(run, recording, radius * (1 - 1e-9)) <= certified * (1 + 1e-6)


@pytest.mark.parametrize("case", ["mean of channels", "repeat", "frozen gain", "downsampling"])
def test_the_radius_of_linear_steps_is_nearly_the_largest_one(case):
    steps, shape, rate = CASES[case]
    recording = noise(*shape, seed=7, rate=rate, dtype=torch.float64)
    run = build_chain(declared(steps)).to(torch.float64)
    radius = pullback(declared(steps)).radius(0.1, recording)
    assert largest_change(run, recording, radius, tries=200) > 0.1 * 0.97


def radius_of(steps, certified, *rows):
    return pullback(declared(steps)).radius(certified, wave(*rows))


def test_radii_by_hand():
    assert radius_of([], 0.5, [1.0, 2.0]) == 0.5
    assert radius_of([("gain", {"factor": -4})], 0.5, [1.0]) == 0.125
    assert radius_of([("gain", {"factor": 0})], 0.5, [1.0]) == math.inf
    assert radius_of([("mix_down", {})], 0.5, [[1.0], [1.0], [1.0], [1.0]]) == 1.0
    four_copies = [("crop_pad", {"length_samples": 8, "pad": "repeat"})]
    assert radius_of(four_copies, 0.5, [1.0, 2.0]) == 0.25
    # RMS 2 to 1: the gain is 1/2.
    assert radius_of([("normalize", FROZEN)], 0.5, [2.0, -2.0]) == pytest.approx(1.0)
    assert radius_of([("normalize", {})], 0.0, [2.0, -2.0]) == 0.0


def test_an_rms_gain_has_the_cone_formula():
    # ||a|| = 4, ||r|| = 2 for four samples of RMS 2.
    found = radius_of([("normalize", {})], 1.0, [2.0, -2.0, 2.0, 2.0])
    assert found == pytest.approx(4 * math.sin(2 * math.asin(1 / 4)))
    beyond = radius_of([("normalize", {})], 2.9, [2.0, -2.0, 2.0, 2.0])
    assert beyond == pytest.approx(4)


def test_silence_has_no_radius_under_an_rms_gain():
    assert radius_of([("normalize", {})], 1.0, [0.0, 0.0]) == 0.0


def test_the_bound_of_the_resampler_is_close_to_its_norm():
    """Against the largest singular value of the operator on 600 samples, column by column."""
    step = declare("resample")
    run = build_chain([step]).to(torch.float64)
    matrix = run(Signal(torch.eye(600, dtype=torch.float64), 48000)).values
    exact = float(torch.linalg.matrix_norm(matrix, 2))
    bound = 1 / pullback([step]).radius(1.0, noise(1, 600, rate=48000))
    assert exact <= bound <= exact * 1.01


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([("log_mel", {})], "log_mel is not a linear step"),
        ([("clip", {})], "not a linear step"),
        ([("normalize", {"measure": "peak"})], "peak"),
        ([("normalize", {"zero_energy": "floor", "floor": "1e-3"})], "floor"),
        ([("standardize", {"computed_from": "input"})], "computed from the input"),
        ([("custom", {"entry_point": "a:b", "description": ""})], "author's code"),
        (
            [
                ("crop_pad", {"pad": "repeat"}),
                ("normalize", {"includes_padding": False}),
            ],
            "part of what it scales",
        ),
    ],
)
def test_other_pipelines_have_none_and_say_why(steps, reason):
    found = pullback(declared(steps))
    assert isinstance(found, Undefined)
    assert reason in found.reason


def test_a_linear_pipeline_has_one():
    assert isinstance(pullback([declare("mix_down")]), Pullback)
