"""Complete declarations of steps, changed in what a test is about."""

import torch
from pydantic import TypeAdapter

from repaudit.contract.steps import Step
from repaudit.rerun.pipeline import Signal, build_chain

STEP = TypeAdapter(Step)
STFT = {
    "n_fft": 64,
    "win_length": 40,
    "hop_length": 16,
    "window": "hann",
    "center": True,
    "pad_mode": "reflect",
    "power": 2,
    "log": "ln",
    "floor": "1e-6",
    "floor_mode": "add",
}
MEL = {
    **STFT,
    "n_mels": 8,
    "f_min_hz": 0,
    "f_max_hz": 8000,
    "mel_scale": "htk",
    "filter_norm": "none",
    "top_db": None,
}
DEFAULTS = {
    "mix_down": {"method": "mean"},
    "resample": {"rate_hz": 16000, "library": "torchaudio"},
    "crop_pad": {"length_samples": 4, "anchor": "start", "pad": "zero"},
    "gain": {"factor": 2},
    "normalize": {
        "measure": "rms",
        "target": "1.0",
        "measured_on": "input",
        "includes_padding": True,
        "zero_energy": "leave",
    },
    "spectrogram": STFT,
    "log_mel": MEL,
    "mfcc": {**MEL, "n_mfcc": 6, "dct_norm": "ortho"},
    "standardize": {"mean": 0, "std": 1, "axis": "all", "computed_from": "training_set"},
    "clip": {"low": -1, "high": 1},
    "quantize": {"bits": 16},
}


def declare(step, **changes):
    return STEP.validate_python({"step": step, **DEFAULTS.get(step, {}), **changes})


def chain(step, **changes):
    return build_chain([declare(step, **changes)])


def wave(*rows, rate=16000, dtype=torch.float32):
    return Signal(torch.tensor(rows, dtype=dtype), rate)


def noise(*shape, seed=0, rate=16000, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    return Signal(torch.randn(*shape, generator=generator, dtype=dtype), rate)
