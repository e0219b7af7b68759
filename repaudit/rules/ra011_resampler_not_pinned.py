"""The resampler is not pinned.

Why
---
The default resamplers of two libraries differ on the same clip by 25 to 90 dB below the signal,
and a certified ball at 66 to 91 dB is of that size: the recording lands elsewhere in the ball, or
outside it. A library has a version, and its defaults change with it.

Bad
---
    {"data": {"test-set": {"sample_rate_hz": 44100}},
     "pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "resample", "rate_hz": 16000, "library": "torchaudio"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"}]}}

Good
----
    {"data": {"test-set": {"sample_rate_hz": 44100}},
     "pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "resample", "rate_hz": 16000, "library": "torchaudio==2.11.0"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 1.0, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"}]}}

References
----------
torchaudio issue 3603: resampling differs between libraries and versions.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.positions import pointer_of
from repaudit.contract.steps import Resample
from repaudit.rules._front_end import rate_at, used_pipelines
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield every resampler without a version that changes the rate of some clip."""
    seen: set[str] = set()
    for name, data in used_pipelines(case.results):
        for i, step in enumerate(case.results.pipelines[name]):
            if not isinstance(step, Resample) or step.library == "unstated":
                continue
            pointer = pointer_of(["pipelines", name, i, "library"])
            changes = step.rate_hz != rate_at(case.results, name, data, i)
            if changes and "==" not in step.library and pointer not in seen:
                seen.add(pointer)
                message = f"expected a resampler with its version, found {step.library}"
                yield Hit(pointer, message, {"example": f"{step.library}==<version>"})
