"""Words for claims, steps and bounds in a table."""

from collections.abc import Sequence
from typing import Final

from repaudit.contract.claim import Claim
from repaudit.contract.steps import BaseStep, Clip, Gain, Normalize, Quantize

METRICS: Final = {
    "certified_accuracy": "certified accuracy",
    "certified_wrong_rate": "certified wrong",
    "abstention_rate": "abstention",
    "clean_accuracy": "clean accuracy",
    "noisy_accuracy": "noisy accuracy",
    "certified_radius": "R",
    "certified_snr": "SNR",
    "recording_radius": "R on the recording",
    "d_geom": "D_geom",
}
POPULATIONS: Final = {
    "all": "population all: every example, wrong and abstaining ones count as R = 0",
    "certified": "population certified: examples with R > 0, right or wrong",
    "certified_correct": "population certified_correct: examples with R > 0 and the true class",
    "correct": "population correct: examples that the base network classifies correctly when clean",
    "adversarial": "population adversarial: the adversarial examples of the attack",
}
BOUNDS: Final = {
    "clopper_pearson_one_sided": "one-sided Clopper-Pearson bound",
    "clopper_pearson_two_sided": "two-sided Clopper-Pearson bound",
    "wilson": "Wilson bound",
    "jeffreys": "Jeffreys bound",
    "hoeffding": "Hoeffding bound",
    "empirical_bernstein": "empirical Bernstein bound",
    "none": "no bound",
    "unstated": "bound unstated",
}
ROUNDINGS: Final = {"half": "to the nearest", "floor": "down", "ceil": "up"}


def metric_words(metric: str) -> str:
    """Return a metric's name in a table.

    >>> metric_words("norm_ratio")
    'norm ratio'
    """
    return METRICS.get(metric, metric.replace("_", " "))


def claim_words(claim: Claim) -> str:
    """Return what a claim is about: ``median R over all``, ``certified accuracy at R ≥ 0.1``."""
    words = metric_words(claim.metric)
    if claim.statistic is not None:
        quantile = f" at {claim.level}" if claim.level is not None else ""
        words = f"{claim.statistic}{quantile} {words}"
    if claim.classifier is not None:
        words = f"{words}, {claim.classifier}"
    if claim.at_radius is not None:
        # An example that is wrong or abstains has R = 0 and is none of them.
        is_zero = claim.at_radius.value == 0
        words = f"{words} at R > 0" if is_zero else f"{words} at R ≥ {claim.at_radius}"
    if claim.at_snr_db is not None:
        words = f"{words} at SNR ≤ {claim.at_snr_db} dB"
    if claim.layer is not None:
        words = f"{words}, {claim.layer}"
    return words if claim.population is None else f"{words} over {claim.population}"


def unit_sign(claim: Claim) -> str:
    """Return the sign of a claim's unit, empty for coordinates and fractions."""
    if claim.unit in ("s", "ms"):
        return claim.unit
    if claim.unit == "percent":
        return "%"
    return "dB" if claim.metric in ("certified_snr", "alias_db") else ""


def gain_policy(rho: Sequence[BaseStep]) -> str:
    """Return what the steps before the noise do to the level of a recording."""
    words = [step_words(step) for step in rho if isinstance(step, Normalize | Gain)]
    return "; ".join(words) if words else "none"


def function_words(transform: Sequence[BaseStep]) -> str:
    """Return the certified function: f, or f∘T with T in words."""
    if not transform:
        return "f (T = identity)"
    return f"f∘T, T = {', '.join(step_words(step) for step in transform)}"


def step_words(step: BaseStep) -> str:
    """Return one step in words, with what moves the numbers."""
    match step:
        case Normalize():
            return _normalize_words(step)
        case Gain():
            return f"gain {step.factor}"
        case Clip():
            return f"clip to [{step.low}, {step.high}]"
        case Quantize():
            return f"quantize to {step.bits} bits"
        case _:
            return step.location


def _normalize_words(step: Normalize) -> str:
    measure = {"rms": "RMS", "peak": "peak"}.get(step.measure, step.measure)
    target = "that of the clean signal" if step.target == "clean" else str(step.target)
    frozen = {"clean": "frozen from the clean clip", "input": "measured on what arrives"}
    return f"{measure} to {target}, {frozen.get(step.measured_on, 'measured on unstated')}"
