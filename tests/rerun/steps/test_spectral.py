"""Spectral steps against a second opinion by loops, and against torchaudio where they overlap."""

import numpy as np
import pytest
import torch
import torchaudio

from repaudit.contract.base import UnstatedError
from repaudit.contract.task import Unsupported
from tests.oracles import spectral
from tests.rerun.steps.declarations import chain, noise, wave

FLOORED = {
    "add": lambda x: np.log(x + 1e-3),
    "max": lambda x: np.log(np.maximum(x, 1e-3)),
    "skip": lambda x: np.log(np.where(x > 0, x, 1.0)),
}


def run(step, signal, dtype=torch.float64, **changes):
    return chain(step, **changes).to(dtype)(signal).values[0, 0].numpy()


@pytest.mark.parametrize("window", ["hann", "hamming", "blackman", "bartlett", "rectangular"])
@pytest.mark.parametrize("power", [1, 2])
def test_spectrogram_is_the_windowed_dft(window, power):
    signal = noise(1, 300)
    expected = spectral.spectra(signal.values[0].numpy(), 64, 40, 16, window, power=power)
    found = run("spectrogram", signal, window=window, power=power, log="none")
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6 * expected.max())


@pytest.mark.parametrize("pad", ["reflect", "zero", "edge"])
def test_centred_frames_are_padded_as_declared(pad):
    signal = noise(1, 300)
    expected = spectral.spectra(signal.values[0].numpy(), 64, 64, 16, pad=pad)
    found = run("spectrogram", signal, pad_mode=pad, win_length=64, log="none")
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6 * expected.max())


def test_frames_that_are_not_centred_start_at_the_first_sample():
    signal = noise(1, 300)
    expected = spectral.spectra(signal.values[0].numpy(), 64, 40, 16, center=False)
    found = run("spectrogram", signal, center=False, log="none")
    assert found.shape == (33, 15)  # 1 + (300 - 64) // 16
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6 * expected.max())


@pytest.mark.parametrize("mode", ["add", "max", "skip"])
def test_the_floor_enters_the_logarithm_as_declared(mode):
    signal = wave([0.0] * 200 + [0.1, -0.2] * 50)
    linear = run("spectrogram", signal, log="none")
    found = run("spectrogram", signal, floor="1e-3", floor_mode=mode)
    np.testing.assert_allclose(found, FLOORED[mode](linear), atol=1e-9)


def test_skipped_zeros_stay_zero_and_need_no_floor():
    found = run("spectrogram", wave([0.0] * 200), floor="unstated", floor_mode="skip")
    assert (found == 0).all()


@pytest.mark.parametrize(("power", "factor"), [(1, 20), (2, 10)])
def test_decibels_are_those_of_a_power(power, factor):
    signal = noise(1, 300)
    linear = run("spectrogram", signal, log="none", power=power)
    found = run("spectrogram", signal, log="db", power=power)
    np.testing.assert_allclose(found, factor * np.log10(linear + 1e-6), atol=1e-9)
    base10 = run("spectrogram", signal, log="log10", power=power)
    np.testing.assert_allclose(found, factor * base10, atol=1e-9)


@pytest.mark.parametrize("scale", ["htk", "slaney"])
@pytest.mark.parametrize("norm", ["none", "slaney"])
def test_log_mel_is_the_definition(scale, norm):
    signal = noise(1, 2000)
    bank = spectral.mel_filters(16000, 256, 20, 20, 4000, scale, norm)
    power = spectral.spectra(signal.values[0].numpy(), 256, 160, 80)
    changes = {"n_fft": 256, "win_length": 160, "hop_length": 80, "n_mels": 20, "f_min_hz": 20}
    found = run(
        "log_mel", signal, **changes, f_max_hz=4000, mel_scale=scale, filter_norm=norm, log="none"
    )
    # torchaudio's filter edges are single precision: 1e-3 of the narrowest filter's weights.
    np.testing.assert_allclose(found, bank @ power, rtol=1e-3)


def test_log_mel_is_torchaudios_where_both_have_the_setting():
    signal = noise(3, 16000, seed=1)
    theirs = torchaudio.transforms.MelSpectrogram(16000, 1024, 400, 160, n_mels=64)(signal.values)
    ours = chain("log_mel", n_fft=1024, win_length=400, hop_length=160, n_mels=64)(signal).values
    assert ours.shape == (3, 1, 64, 101)
    torch.testing.assert_close(ours[:, 0], (theirs + 1e-6).log(), rtol=0, atol=1e-4)


def test_mfcc_is_torchaudios_where_both_have_the_setting():
    signal = noise(2, 4000, seed=2)
    mel = {"n_fft": 512, "win_length": 400, "hop_length": 160, "n_mels": 40}
    theirs = torchaudio.transforms.MFCC(16000, 13, log_mels=True, melkwargs=mel)(signal.values)
    ours = chain("mfcc", **mel, n_mfcc=13)(signal).values
    torch.testing.assert_close(ours[:, 0], theirs, rtol=0, atol=1e-3)


HONK = {
    "n_fft": 480,
    "win_length": 480,
    "hop_length": 160,
    "n_mels": 40,
    "n_mfcc": 40,
    "f_min_hz": 20,
    "f_max_hz": 4000,
    "mel_scale": "slaney",
    "filter_norm": "slaney",
    "floor_mode": "skip",
}


@pytest.mark.parametrize("norm", ["ortho", "none"])
def test_the_mfcc_of_published_keyword_networks_is_the_definition(norm):
    """Parameters of honk's front end: Slaney mels 20-4000 Hz, ln of positive values, DCT-II."""
    signal = noise(1, 16000, seed=3)
    power = spectral.spectra(signal.values[0].numpy(), 480, 480, 160)
    mels = spectral.mel_filters(16000, 480, 40, 20, 4000, "slaney", "slaney") @ power
    expected = spectral.dct(40, 40, norm) @ np.log(mels)
    found = run("mfcc", signal, torch.float32, **HONK, dct_norm=norm)
    assert found.shape == (40, 101)
    np.testing.assert_allclose(found, expected, atol=5e-3)


def test_top_db_counts_from_each_example_alone():
    quiet, loud = noise(1, 400).values * 1e-3, noise(1, 400, seed=1).values * 10
    batch = wave([0.0]).with_values(torch.cat([quiet, loud]))
    run_both = chain("log_mel", log="db", top_db=20)
    found = run_both(batch).values
    alone = run_both(batch.with_values(quiet)).values
    torch.testing.assert_close(found[:1], alone, rtol=0, atol=1e-4)
    assert (found.amax((1, 2, 3)) - found.amin((1, 2, 3))).max() <= 20 + 1e-4
    assert found.amin((1, 2, 3))[0] < found.amax((1, 2, 3))[1] - 40


def test_channels_are_transformed_one_by_one():
    signal = noise(2, 3, 400)
    both = chain("log_mel")(signal).values
    assert both.shape == (2, 3, 8, 26)
    one = chain("log_mel")(signal.with_values(signal.values[:, 1])).values
    torch.testing.assert_close(both[:, 1:2], one, rtol=0, atol=1e-5)


def test_gradients_reach_the_waveform_also_after_inference_mode():
    front = chain("mfcc", floor="1e-3").to(torch.float64)
    signal = noise(1, 100, dtype=torch.float64)
    with torch.inference_mode():
        front(signal)
    signal.values.requires_grad_(True)
    assert torch.autograd.gradcheck(
        lambda x: front(signal.with_values(x)).values, signal.values, fast_mode=True
    )


@pytest.mark.parametrize(
    ("step", "changes", "reason"),
    [
        ("log_mel", {"win_length": 65}, "window is longer"),
        ("log_mel", {"top_db": 80}, "without log db"),
        ("log_mel", {"f_min_hz": 8000}, "not below"),
        ("mfcc", {"n_mfcc": 9}, "9 coefficients of 8"),
    ],
)
def test_settings_that_cannot_be_run_are_refused(step, changes, reason):
    with pytest.raises(Unsupported, match=reason):
        chain(step, **changes)


@pytest.mark.parametrize("field", ["hop_length", "floor", "mel_scale", "power", "top_db"])
def test_an_unstated_setting_is_named(field):
    with pytest.raises(UnstatedError, match=f"log_mel.{field}"):
        chain("log_mel", **{field: "unstated"})


def test_too_short_clips_and_missing_rates_are_refused():
    with pytest.raises(Unsupported, match="too few"):
        chain("log_mel")(wave([0.0] * 32))
    with pytest.raises(Unsupported, match="too few"):
        chain("log_mel", center=False)(wave([0.0] * 63))
    with pytest.raises(Unsupported, match="sample rate"):
        chain("log_mel")(wave([0.0] * 100, rate=None))
