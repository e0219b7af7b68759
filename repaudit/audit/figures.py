"""What the report draws of one certification: numbers, and no pixels."""

from repaudit.audit.base import Said
from repaudit.audit.curve import Curve, CurveMark
from repaudit.audit.histogram import RadiusHistogram
from repaudit.audit.vote_grid import VoteGrid


class Figures(Said):
    """The figures of one evaluation, or the reason why there are none."""

    evaluation: str
    reason: str | None = None
    """why nothing can be drawn"""
    curve: Curve | None = None
    """ours where we ran all of it, else that of the released counts"""
    released: Curve | None = None
    """that of the released counts, beside ours"""
    marks: list[CurveMark] = []
    """claims that are points of a curve, in the order of the file"""
    histogram: RadiusHistogram | None = None
    """of the counts behind ``curve``"""
    votes: VoteGrid | None = None
    """null without released counts or without a full re-run"""
