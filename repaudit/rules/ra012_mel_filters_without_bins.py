"""Some mel filters see nothing.

Why
---
A triangle between two neighbouring mel points that holds no frequency of the transform is zero,
and so is one above half the sample rate: the feature is the constant log floor, neither noise nor
signal moves it, and the certified vector has fewer coordinates than it says. Low bands do so when
there are many of them or the transform is short; the two mel scales differ in when.

Bad
---
    {"pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"},
       {"step": "log_mel", "n_fft": 512, "win_length": 400, "hop_length": 160,
        "window": "hann", "center": true, "pad_mode": "reflect", "power": 2, "n_mels": 128,
        "f_min_hz": 0, "f_max_hz": 8000, "mel_scale": "htk", "filter_norm": "none",
        "log": "ln", "floor": 1e-6, "floor_mode": "add", "top_db": null}]}}

Good
----
    {"pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"},
       {"step": "log_mel", "n_fft": 512, "win_length": 400, "hop_length": 160,
        "window": "hann", "center": true, "pad_mode": "reflect", "power": 2, "n_mels": 40,
        "f_min_hz": 0, "f_max_hz": 8000, "mel_scale": "htk", "filter_norm": "none",
        "log": "ln", "floor": 1e-6, "floor_mode": "add", "top_db": null}]}}

References
----------
HTK book: mel = 2595 log10(1 + f / 700); Slaney 1998, Auditory Toolbox.
"""

from collections.abc import Iterator
from math import exp, log, log10

from repaudit._core.text import count
from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.positions import pointer_of
from repaudit.contract.steps import LogMel, Mfcc
from repaudit.contract.types import Real
from repaudit.rules._front_end import rate_at, used_pipelines
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every mel front end with filters that hold no frequency of the transform."""
    seen: set[str] = set()
    for name, data in used_pipelines(case.results):
        for i, step in enumerate(case.results.pipelines[name]):
            rate = rate_at(case.results, name, data, i)
            pointer = pointer_of(["pipelines", name, i])
            if not isinstance(step, LogMel | Mfcc) or rate is None or pointer in seen:
                continue
            empty = _empty_filters(step, rate)
            if empty:
                seen.add(pointer)
                message = (
                    f"expected every mel filter to see a frequency of the transform, found "
                    f"{count(len(empty), 'filter')} of {step.n_mels} without one at {rate} Hz"
                )
                shown = ", ".join(map(str, empty[:8]))
                yield Hit(pointer, message, {"filters": shown})


def _empty_filters(step: LogMel | Mfcc, rate: int) -> list[int]:
    """Return the 0-based filters whose open triangle holds no frequency; [] when unknown."""
    low, high = step.f_min_hz, step.f_max_hz
    sizes = (step.n_fft, step.n_mels)
    known = isinstance(low, Real) and isinstance(high, Real) and "unstated" not in sizes
    if not known or step.mel_scale == "unstated":
        return []
    assert isinstance(low, Real)
    assert isinstance(high, Real)
    edges = _edges(step.mel_scale, float(low), float(high), int(step.n_mels))
    spacing, last = rate / int(step.n_fft), int(step.n_fft) // 2
    empty = []
    for i, (left, right) in enumerate(zip(edges, edges[2:], strict=False)):
        first = int(left / spacing * (1 + 1e-9)) + 1
        if first > last or first * spacing >= right * (1 - 1e-9):
            empty.append(i)
    return empty


def _edges(scale: str, low: float, high: float, filters: int) -> list[float]:
    """Return the mel points, Hz."""
    start, end = _mel(scale, low), _mel(scale, high)
    points = (start + (end - start) * i / (filters + 1) for i in range(filters + 2))
    return [_hz(scale, point) for point in points]


def _mel(scale: str, hz: float) -> float:
    if scale == "htk":
        return 2595 * log10(1 + hz / 700)
    return hz * 3 / 200 if hz < 1000 else 15 + 27 * log(hz / 1000) / log(6.4)


def _hz(scale: str, mel: float) -> float:
    if scale == "htk":
        return float(700 * (10 ** (mel / 2595) - 1))
    return mel * 200 / 3 if mel < 15 else 1000 * exp((mel - 15) * log(6.4) / 27)
