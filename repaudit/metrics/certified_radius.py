"""Certified radius R = sigma Phi^-1(p_L), coordinates of the contract; mean over all = ACR."""

from repaudit.metrics.base import Metric
from repaudit.metrics.certificates import counted_radii

METRIC = Metric(
    name="certified_radius",
    kinds=("certification",),
    form="distribution",
    unit="coordinates",
    family="radius",
    stronger="higher",
    values=counted_radii,
)
