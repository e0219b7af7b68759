"""The size of the certified vector, as far as the declared steps fix it.

Units
    Levels are RMS values in the coordinates after rho, norms L2 norms of the whole vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from repaudit.contract.contract import Contract
from repaudit.contract.coordinates import split_at
from repaudit.contract.results import Results
from repaudit.contract.steps import CropPad, Normalize, Step
from repaudit.contract.types import Real

KEEPS_LENGTH = {"mix_down", "gain", "normalize", "clip", "quantize", "standardize"}


@dataclass(frozen=True)
class Level:
    """Every clip with energy has this RMS after rho."""

    rms: float
    """full-scale amplitude"""
    samples: int | None
    """length of the certified vector; None = one length for all clips, not declared"""
    is_certain: bool
    """whether a quiet clip cannot be at another level; silent clips have none"""
    drops_silence: bool
    """whether clips without energy are excluded from the data"""

    @property
    def norm(self) -> float | None:
        """L2 norm of the certified vector; None without a declared length."""
        return None if self.samples is None else self.rms * sqrt(self.samples)


def rho_of(results: Results, contract: Contract) -> tuple[Step, ...]:
    """Return the steps up to the noise."""
    return split_at(results.pipelines[contract.pipeline], contract.perturbation.location)[0]


def level_of(rho: Sequence[Step]) -> Level | None:
    """Return the level that the steps up to the noise fix; None when they fix none.

    They do when they end in an RMS gain to a given target that is measured over everything after
    a crop to one length. The length is only that of the vector when one channel is left.
    """
    gain = rho[-1] if rho else None
    target = rms_target(gain)
    crops = [i for i, step in enumerate(rho) if isinstance(step, CropPad)]
    if gain is None or target is None or not crops:
        return None
    if any(step.step not in KEEPS_LENGTH for step in rho[crops[-1] + 1 :]):
        return None
    policy = getattr(gain, "zero_energy", None)
    if policy == "floor":  # a floored measure leaves quiet clips below the target
        return None
    return Level(
        rms=target,
        samples=_samples(rho, rho[crops[-1]]),
        is_certain=policy in ("leave", "exclude"),
        drops_silence=policy == "exclude",
    )


def rms_target(step: Step | None) -> float | None:
    """Return the RMS that a step brings everything that arrives to; None when it does not."""
    if not isinstance(step, Normalize) or not isinstance(step.target, Real):
        return None
    whole = step.measure == "rms" and step.includes_padding is True
    return float(step.target) if whole else None


def _samples(rho: Sequence[Step], crop: Step) -> int | None:
    if not isinstance(crop, CropPad) or not any(step.step == "mix_down" for step in rho):
        return None
    return crop.length_samples if isinstance(crop.length_samples, int) else None
