"""A quantiser behind the noise rounds the noise away or cuts the clip off.

Why
---
The steps of b bits are 2^(1 - b) of full scale apart: at 8 bits .0078, three times a sigma of
.0025, so most of the noise falls back onto the clean sample and the votes count the clean clip.
And the grid of PCM ends at full scale: a clip brought to RMS 1 first, whose peaks reach 8, is
clipped by it.

Bad
---
    {"contracts": {"waveform": {"transform": [{"step": "quantize", "bits": 8}]}},
     "pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 0.1, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"}]},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007525"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "64.52"}]}}}

Good
----
    {"contracts": {"waveform": {"transform": [{"step": "quantize", "bits": 16}]}},
     "pipelines": {"keyword-spotter": [
       {"step": "mix_down", "method": "mean"},
       {"step": "crop_pad", "length_samples": 16000, "anchor": "start", "pad": "zero"},
       {"step": "normalize", "measure": "rms", "target": 0.1, "measured_on": "clean",
        "includes_padding": true, "zero_energy": "leave"}]},
     "evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".007525"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "64.52"}]}}}

References
----------
The results file: ``quantize`` rounds audio to a uniform grid of 2^bits levels on [-1, 1).
"""

from collections.abc import Iterator
from fractions import Fraction

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.positions import pointer_of
from repaudit.contract.steps import Quantize
from repaudit.rules._level import level_of, rho_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import used_contracts


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every quantiser of T that is coarser than the noise or narrower than the clips."""
    seen: set[str] = set()
    for _, evaluation, contract in used_contracts(case.results):
        level = level_of(rho_of(case.results, contract))
        for i, step in enumerate(contract.transform):
            pointer = pointer_of(["contracts", evaluation.contract, "transform", i])
            if not isinstance(step, Quantize) or contract.object != "waveform" or pointer in seen:
                continue
            is_first = i == 0
            if is_first and isinstance(step.bits, int):
                spacing = Fraction(2) / 2**step.bits
                if spacing > evaluation.sigma.value:
                    seen.add(pointer)
                    message = (
                        f"expected a quantiser finer than sigma {evaluation.sigma}, found steps "
                        f"of {float(spacing):.3g}"
                    )
                    yield Hit(pointer, message, {"spacing": float(spacing)})
                    continue
            if is_first and level is not None and level.rms >= 1:
                seen.add(pointer)
                message = f"expected clips within [-1, 1), found clips at RMS {level.rms:g}"
                yield Hit(pointer, message, {"rms": level.rms})
