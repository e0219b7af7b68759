"""Released counts beside those of the re-run, example by example, binned."""

from repaudit.audit.base import Said


class VoteGrid(Said):
    """Share of the votes for the true class: the author's against ours.

    A share p lies in bin ``floor(bins * asin(sqrt(p)) / (pi / 2))``, the last bin for p = 1: on
    this scale chance is equally wide everywhere. Cells without examples are left out.
    """

    bins: int
    """per axis"""
    released: list[int]
    """per cell: bin of the author's share"""
    measured: list[int]
    """per cell: bin of ours"""
    examples: list[int]
    """per cell: examples x runs in it"""
    draws: int
    """n of the re-run"""
    half_width: float
    """of the stripe where 99 % of honest pairs lie, on the scale of the bins"""
    outside: int
    """examples x runs outside the stripe"""
