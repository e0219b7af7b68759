"""How the certified radii of one evaluation are distributed, below the ceiling and at it."""

from repaudit.audit.base import Said


class RadiusHistogram(Said):
    """Counts of examples x runs by certified radius."""

    edges: list[float]
    """of equal bins from 0 to the ceiling, one more than there are bins; a bin holds its upper
    edge and not its lower one, and none holds the ceiling"""
    right: list[int]
    """per bin: certified for the true class"""
    wrong: list[int]
    """per bin: certified for another class"""
    right_at_ceiling: int
    """with every one of the n draws"""
    wrong_at_ceiling: int
    abstained: int
