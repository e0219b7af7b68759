"""The largest radius that an evaluation's budget can certify."""

from fractions import Fraction

from repaudit.contract.evaluation import Certification
from repaudit.contract.results import Results
from repaudit.contract.types import Real
from repaudit.statistics.certificate import ceiling_z

SHARE_OF_ALPHA = {"clopper_pearson_one_sided": 1.0, "clopper_pearson_two_sided": 0.5}
ROUNDING = Fraction(1, 10**9)
"""Relative; far above that of the quantile functions, far below any printed digit."""


def top_radius(results: Results, evaluation: Certification) -> Fraction | None:
    """Return an upper bound of every radius; ``None`` for a budget or bound that is not known."""
    sampling = results.sampling[evaluation.sampling]
    share = SHARE_OF_ALPHA.get(sampling.bound)
    if share is None or sampling.n == "unstated" or not isinstance(sampling.alpha, Real):
        return None
    if not 0 < sampling.alpha.value < 1:
        return None
    z = ceiling_z(sampling.n, share * float(sampling.alpha))
    return Fraction(z) * evaluation.sigma.value * (1 + ROUNDING)
