"""Waveform steps: expected numbers by hand."""

import math

import pytest
import torch
import torchaudio

from repaudit.contract.base import UnstatedError
from repaudit.contract.task import Unsupported
from repaudit.rerun.steps.normalize import ZeroEnergy
from tests.rerun.steps.declarations import chain, noise, wave


def values(step, *rows, **changes):
    return chain(step, **changes)(wave(*rows)).values.tolist()


def test_mix_down_takes_the_mean_or_the_first_channel():
    stereo = [[1.0, 2.0], [3.0, -2.0]]
    assert values("mix_down", stereo) == [[2.0, 0.0]]
    assert values("mix_down", stereo, method="first") == [[1.0, 2.0]]
    assert values("mix_down", [[1.0, 2.0]]) == [[1.0, 2.0]]


@pytest.mark.parametrize(
    ("anchor", "expected", "active"),
    [
        ("start", [1, 2, 3, 4], [0, 4]),
        ("center", [1, 2, 3, 4], [0, 4]),
        ("end", [2, 3, 4, 5], [0, 4]),
    ],
)
def test_long_clips_are_cropped(anchor, expected, active):
    after = chain("crop_pad", anchor=anchor)(wave([1.0, 2.0, 3.0, 4.0, 5.0]))
    assert after.values.tolist() == [expected]
    assert after.active.tolist() == [active]


@pytest.mark.parametrize(
    ("anchor", "pad", "expected", "active"),
    [
        ("start", "zero", [1, 2, 3, 0, 0, 0, 0, 0], [0, 3]),
        ("end", "zero", [0, 0, 0, 0, 0, 1, 2, 3], [5, 8]),
        ("center", "zero", [0, 0, 1, 2, 3, 0, 0, 0], [2, 5]),
        ("start", "repeat", [1, 2, 3, 1, 2, 3, 1, 2], [0, 3]),
        ("center", "repeat", [2, 3, 1, 2, 3, 1, 2, 3], [2, 5]),
        ("start", "reflect", [1, 2, 3, 2, 1, 2, 3, 2], [0, 3]),
        ("end", "reflect", [2, 1, 2, 3, 2, 1, 2, 3], [5, 8]),
        ("center", "edge", [1, 1, 1, 2, 3, 3, 3, 3], [2, 5]),
    ],
)
def test_short_clips_are_padded(anchor, pad, expected, active):
    step = chain("crop_pad", length_samples=8, anchor=anchor, pad=pad)
    after = step(wave([1.0, 2.0, 3.0]))
    assert after.values.tolist() == [expected]
    assert after.active.tolist() == [active]


def test_a_clip_of_one_sample_can_be_reflected():
    assert values("crop_pad", [7.0], pad="reflect") == [[7, 7, 7, 7]]


def test_a_random_crop_is_refused():
    with pytest.raises(Unsupported, match="no function of the clip"):
        chain("crop_pad", anchor="random")


def test_resample_is_torchaudios():
    signal = noise(2, 441, rate=44100)
    after = chain("resample", lowpass_filter_width=16, rolloff="0.9")(signal)
    expected = torchaudio.functional.resample(
        signal.values, 44100, 16000, lowpass_filter_width=16, rolloff=0.9
    )
    assert after.sample_rate_hz == 16000
    assert torch.equal(after.values, expected)


def test_a_kaiser_kernel_takes_its_beta():
    signal = noise(1, 300, rate=48000)
    after = chain("resample", method="sinc_interp_kaiser", beta=8)(signal)
    expected = torchaudio.functional.resample(
        signal.values, 48000, 16000, resampling_method="sinc_interp_kaiser", beta=8.0
    )
    assert torch.equal(after.values, expected)


def test_another_version_of_the_resampler_is_noted():
    assert chain("resample", library=f"torchaudio=={torchaudio.__version__}").notes == []
    (note,) = chain("resample", library="torchaudio==0.13.1").notes
    assert "0.13.1" in note


@pytest.mark.parametrize(
    "changes",
    [{"library": "librosa==0.10.0"}, {"method": "kaiser_best"}, {"beta": 8}],
)
def test_another_resampler_is_refused(changes):
    with pytest.raises(Unsupported):
        chain("resample", **changes)


def test_the_unpadded_part_is_resampled_too():
    padded = chain("crop_pad", length_samples=300)(noise(1, 150, rate=48000))
    assert chain("resample")(padded).active.tolist() == [[0, 50]]


def test_gain_clip_and_quantize_by_hand():
    assert values("gain", [0.5, -1.0], factor="1/2") == [[0.25, -0.5]]
    assert values("clip", [-2.0, 0.25, 2.0]) == [[-1.0, 0.25, 1.0]]
    # 2 bits on [-1, 1): the levels -1, -1/2, 0, 1/2.
    assert values("quantize", [-2.0, -0.6, 0.1, 0.9], bits=2) == [[-1.0, -0.5, 0.0, 0.5]]


def test_sixteen_bits_are_those_of_a_wav_file():
    signal = noise(1, 1000)
    scaled = (signal.values * 32768).round().clamp(-32768, 32767) / 32768
    assert torch.equal(chain("quantize")(signal).values, scaled)


def test_images_are_quantized_between_zero_and_one():
    image = wave([[[0.0, 0.4, 1.0, 1.5]]], rate=None)
    assert chain("quantize", bits=1)(image).values.tolist() == [[[[0.0, 0.0, 1.0, 1.0]]]]
    with pytest.raises(Unsupported, match="no range for features"):
        chain("quantize")(wave([[[0.0]]]))


def test_rms_and_peak_become_the_target():
    # RMS of (3, 4) is sqrt(12.5).
    by_hand = [3 / math.sqrt(12.5), 4 / math.sqrt(12.5)]
    assert values("normalize", [3.0, 4.0])[0] == pytest.approx(by_hand)
    assert values("normalize", [3.0, -4.0], measure="peak", target="0.5") == [[0.375, -0.5]]


def test_a_gain_is_frozen_from_the_clean_clip():
    frozen = chain("normalize", measured_on="clean", measure="peak")
    assert frozen.needs_clean
    assert frozen(wave([8.0]), wave([4.0])).values.tolist() == [[2.0]]
    assert frozen(wave([8.0], [2.0]), wave([4.0])).values.tolist() == [[2.0], [0.5]]
    assert frozen(wave([8.0])).values.tolist() == [[1.0]]


def test_the_target_can_be_the_clean_measure():
    back = chain("normalize", target="clean", measure="peak")
    assert back.needs_clean
    assert back(wave([8.0, 2.0]), wave([1.0, 4.0])).values.tolist() == [[4.0, 1.0]]


def test_padding_counts_in_the_rms_only_when_declared():
    padded = chain("crop_pad")(wave([3.0, 3.0]))
    assert chain("normalize", includes_padding=False)(padded).values.tolist() == [[1, 1, 0, 0]]
    included = chain("normalize")(padded).values[0, 0].item()
    assert included == pytest.approx(math.sqrt(2))  # RMS over four samples is 3 / sqrt(2)


@pytest.mark.parametrize("policy", ["leave", "floor"])
def test_silence_stays_silent(policy):
    assert values("normalize", [0.0, 0.0], zero_energy=policy, floor="0.1") == [[0.0, 0.0]]


def test_a_clean_clip_of_silence_that_is_left_alone_has_gain_one():
    frozen = chain("normalize", measured_on="clean")
    assert frozen(wave([0.5, -2.0]), wave([0.0, 0.0])).values.tolist() == [[0.5, -2.0]]


def test_a_floor_limits_the_gain():
    found = values("normalize", [0.01, -0.01], zero_energy="floor", floor="0.1")
    assert found[0] == pytest.approx([0.1, -0.1])


def test_silence_that_should_be_excluded_is_refused():
    with pytest.raises(ZeroEnergy, match="declared excluded"):
        values("normalize", [0.0, 0.0], zero_energy="exclude")


def test_a_floor_that_is_not_given_is_unstated():
    with pytest.raises(UnstatedError, match=r"normalize\.floor"):
        chain("normalize", zero_energy="floor")


def test_rms_in_single_precision_keeps_seven_digits():
    signal = noise(4, 80000, seed=5)
    single = chain("normalize")(signal).values.double()
    double = chain("normalize").to(torch.float64)(signal).values
    # One rounding of the gain and one of the product: 2 * 2^-23.
    torch.testing.assert_close(single, double, rtol=2.4e-7, atol=0)


def test_standardize_by_hand():
    assert values("standardize", [3.0, 5.0], mean=1, std=2) == [[1.0, 2.0]]
    image = wave([[[1.0]], [[4.0]]], rate=None)
    after = chain("standardize", mean=[1, 2], std=[1, 2], axis="channel")(image)
    assert after.values.flatten().tolist() == [0.0, 1.0]
    bands = wave([[[1.0, 3.0], [4.0, 8.0]]])
    after = chain("standardize", mean=[1, 4], std=[2, 4], axis="frequency")(bands)
    assert after.values.tolist() == [[[[0.0, 1.0], [0.0, 1.0]]]]


def test_standardize_by_the_input_is_per_example():
    of_input = {"computed_from": "input", "mean": "unstated", "std": "unstated"}
    assert values("standardize", [1.0, 3.0], [5.0, 5.0], **of_input) == [[-1.0, 1.0], [0.0, 0.0]]
    bands = wave([[[1.0, 3.0], [4.0, 8.0]]])
    after = chain("standardize", axis="frequency", **of_input)(bands)
    assert after.values.tolist() == [[[[-1.0, 1.0], [-1.0, 1.0]]]]


@pytest.mark.parametrize(
    ("changes", "shape"),
    [
        ({"mean": [1, 2]}, None),
        ({"std": 0}, None),
        ({"mean": [1, 2, 3], "axis": "channel"}, (1, 2, 1, 1)),
        ({"mean": [1, 2], "axis": "frequency"}, (1, 5)),
    ],
)
def test_statistics_that_do_not_fit_are_refused(changes, shape):
    with pytest.raises(Unsupported):
        chain("standardize", **changes)(noise(*(shape or (1, 5))))
