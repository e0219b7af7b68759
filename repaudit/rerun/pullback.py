"""``recording_radius``: a certified radius pulled back through rho to the recording."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from repaudit.contract.steps import Custom, Normalize, Step
from repaudit.rerun.pipeline import Chain, Signal, build_chain


@dataclass(frozen=True)
class Undefined:
    """No radius of the recording follows from a certificate; ``reason`` says why."""

    reason: str


class Pullback:
    """Radii of recordings for certificates behind rho.

    Each step is a function whose smallest input change for a given output change is known (the
    radius over the operator norm of a linear step, the cone of an RMS gain), so the chain of them
    guarantees: no change of the recording smaller than the result moves r by R or more.
    """

    def __init__(self, chain: Chain) -> None:
        self._chain = chain.to(torch.float64)

    def radius(self, certified_radius: float, recording: Signal) -> float:
        """Return the radius around ``recording`` (a batch of one), in its own amplitude units.

        Infinite when rho does not depend on the recording. Raises ``Unsupported`` for a resampler
        whose operator norm cannot be computed.
        """
        radius, stages = certified_radius, []
        with torch.inference_mode():
            signal = self._chain.start(recording)
            for step in self._chain.modules_in_order:
                stages.append((step, signal))
                signal = step(signal, signal)
            if radius <= 0:
                return 0.0
            for step, before in reversed(stages):
                radius = step.pull_back(radius, before)
        return radius


def pullback(steps: Sequence[Step]) -> Pullback | Undefined:
    """Return how radii go back through the steps of rho, or why they cannot.

    Raises ``UnstatedError`` and ``Unsupported`` as ``build_chain`` does.
    """
    for step in steps:
        if isinstance(step, Custom):
            return Undefined(f"{step.location} is the author's code")
    chain = build_chain(steps)
    for module in chain.modules_in_order:
        if module.opaque is not None:
            return Undefined(module.opaque)
    reason = _measured_on_a_part(steps)
    return Pullback(chain) if reason is None else Undefined(reason)


def _measured_on_a_part(steps: Sequence[Step]) -> str | None:
    """Return why an RMS gain without the padding is no map onto a sphere; None = it is one.

    Zero padding stays zero whatever the recording, so a gain measured beside it is.
    """
    padded = filled = False
    for step in steps:
        if step.step == "crop_pad":
            padded, filled = True, filled or step.pad != "zero"
        elif step.step in {"resample", "standardize"}:
            filled = filled or padded
        elif filled and isinstance(step, Normalize) and _on_part(step):
            return f"{step.location} is measured on a part of what it scales"
    return None


def _on_part(step: Normalize) -> bool:
    return step.measured_on == "input" and not step.includes_padding
