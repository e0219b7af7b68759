"""Which of the known post-noise policies a declared transform is."""

from dataclasses import dataclass
from math import inf
from typing import Literal

from repaudit.contract.contract import Contract
from repaudit.contract.results import Results
from repaudit.contract.steps import Clip, Normalize, Step
from repaudit.contract.types import Real
from repaudit.rules._level import Level, level_of, rho_of

Name = Literal["identity", "rms", "clip", "peak_to", "peak_match"]


@dataclass(frozen=True)
class Policy:
    """T, in the terms of representation-aware smoothing."""

    name: Name
    """clip: to [-limit, limit]; peak_to: peak of what arrives brought to the limit; peak_match:
    to the peak of the clean clip; rms: to the RMS of the clean clip"""
    limit: float = inf
    """full-scale amplitude"""


def policy_of(results: Results, contract: Contract) -> Policy | None:
    """Return the policy that a contract's transform is; None for any other transform."""
    if not contract.transform:
        return Policy("identity")
    if len(contract.transform) > 1:
        return None
    step = contract.transform[0]
    if isinstance(step, Clip):
        return _clip(step)
    if isinstance(step, Normalize):
        return _normalize(step, level_of(rho_of(results, contract)))
    return None


def _clip(step: Clip) -> Policy | None:
    if not isinstance(step.low, Real) or not isinstance(step.high, Real):
        return None
    is_around_zero = step.high.value > 0 and step.low.value == -step.high.value
    return Policy("clip", float(step.high)) if is_around_zero else None


def _normalize(step: Normalize, level: Level | None) -> Policy | None:
    if step.measured_on != "input":
        return None
    if step.measure == "rms" and step.includes_padding is True:
        # After a gain to t, renormalising to t or to the clean RMS is one and the same.
        target = "clean" if step.target == "clean" else _number(step)
        is_clean = target == "clean" or (level is not None and target == level.rms)
        return Policy("rms") if is_clean else None
    if step.measure == "peak":
        limit = _number(step)
        if step.target == "clean":
            return Policy("peak_match")
        return Policy("peak_to", limit) if limit is not None else None
    return None


def _number(step: Normalize) -> float | None:
    return float(step.target) if isinstance(step.target, Real) else None


def keeps_inside(rho: tuple[Step, ...], limit: float) -> bool:
    """Whether the steps up to the noise leave every clip within [-limit, limit]."""
    last = rho[-1] if rho else None
    if isinstance(last, Normalize) and last.measure == "peak" and isinstance(last.target, Real):
        is_bound = last.zero_energy in ("leave", "exclude") and last.includes_padding is True
        return is_bound and float(last.target) <= limit
    policy = _clip(last) if isinstance(last, Clip) else None
    return policy is not None and policy.limit <= limit
