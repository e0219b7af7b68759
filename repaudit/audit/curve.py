"""The certified accuracy as a function of the radius, and the claims that lie on it."""

from typing import Literal

from repaudit.audit.base import Said


class CurveMark(Said):
    """A claim as a point of the curve."""

    pointer: str
    """of the claim, as in its comparison"""
    at_radius: float
    """coordinates of the noise"""
    low: float
    """lower end of the declared share, 0..1"""
    high: float
    """upper end"""


class Curve(Said):
    """Certified accuracy at every radius: steps, because radii lie on a lattice.

    ``accuracy[i]`` is the share of the examples that are right with R >= ``radii[i]``; drawn, it
    holds from ``radii[i - 1]``, or 0, to ``radii[i]``, where it is exact.
    """

    of: Literal["measured", "recomputed"]
    """ours from our own run, or from the author's released counts"""
    examples: int
    """examples x runs"""
    runs: int
    radii: list[float]
    """increasing, coordinates of the noise; at most 99, all of them where there are no more"""
    accuracy: list[float]
    """0..1"""
    low: list[float]
    """lower end of what honest runs would give at this radius, at 99 %; equal to ``accuracy`` for
    an exact recomputation"""
    high: list[float]
    """upper end"""
    ceiling: float
    """the largest radius that n draws at alpha can certify"""
    unit: str
    """of the radii, in words"""
    norm: float | None
    """of the certified vectors when all have the same, which gives every radius one SNR"""
    norm_reason: str | None
    """why there is no common norm, or what a reader should know about it"""
