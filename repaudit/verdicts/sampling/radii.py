"""The two radii at which released outcomes are compared: any certificate, and a quarter."""

from repaudit.statistics.certificate import ceiling_z, hits_for_z

QUARTER = 0.25
"""of the ceiling: the radius at which a sample is cheapest and sharpest"""


def compared_radii(n: int, alpha: float) -> list[tuple[float, int]]:
    """Return each radius over sigma, with the hits of ``n`` draws that certify it.

    >>> [(round(z, 3), hits) for z, hits in compared_radii(1000, 0.001)]
    [(0.0, 550), (0.616, 775)]
    """
    radii = (0.0, QUARTER * ceiling_z(n, alpha))
    return [(z, int(hits_for_z(z, n, alpha))) for z in radii]
