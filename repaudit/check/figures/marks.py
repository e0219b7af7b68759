"""The claims that are points of a curve of certified accuracy."""

from collections.abc import Iterator

from repaudit.audit.curve import CurveMark
from repaudit.contract.claim import Claim
from repaudit.contract.results import Results

_PER = {"percent": 0.01, "fraction": 1.0}


def marks_of(results: Results, evaluation: str, norm: float | None) -> list[CurveMark]:
    """Return the claims of all runs together that are points of the curve.

    A certified accuracy is a share at its threshold, a quantile over all examples a radius at its
    share. An SNR has a radius only where all vertices have one *norm*.
    """
    marks = []
    for index, claim in enumerate(results.evaluations[evaluation].claims):
        pointer = f"/evaluations/{evaluation}/claims/{index}"
        if claim.value is not None and claim.checkpoint is None and _is_average(claim):
            marks += [
                CurveMark(pointer=pointer, at_radius=radius, low=low, high=high)
                for radius, low, high in _points(claim, norm)
            ]
    return marks


def _is_average(claim: Claim) -> bool:
    return claim.across in (None, "mean", "pooled")


def _points(claim: Claim, norm: float | None) -> Iterator[tuple[float, float, float]]:
    assert claim.value is not None
    if claim.metric == "certified_accuracy":
        radius = _threshold(claim, norm)
        if radius is not None and claim.unit in _PER:
            low, high = claim.value.interval(claim.rounding)
            factor = _PER[claim.unit]
            yield radius, float(low) * factor, float(high) * factor
    elif claim.population == "all" and claim.statistic in ("median", "quantile"):
        share = _share_above(claim)
        radius = _quantile(claim, norm)
        if share is not None and radius is not None:
            yield radius, share, share


def _threshold(claim: Claim, norm: float | None) -> float | None:
    if claim.at_radius is not None:
        return float(claim.at_radius)
    if claim.at_snr_db is not None and norm is not None:
        return float(norm * 10.0 ** (-float(claim.at_snr_db) / 20.0))
    return None


def _share_above(claim: Claim) -> float | None:
    """Return the share of the examples whose radius is at least the quantile."""
    if claim.statistic == "median":
        return 0.5
    if claim.level is None:
        return None
    level = float(claim.level)
    return level if claim.metric == "certified_snr" else 1.0 - level


def _quantile(claim: Claim, norm: float | None) -> float | None:
    assert claim.value is not None
    value = float(claim.value.value)
    if claim.metric == "certified_radius":
        return value
    if claim.metric == "certified_snr" and norm is not None:
        return float(norm * 10.0 ** (-value / 20.0))
    return None
