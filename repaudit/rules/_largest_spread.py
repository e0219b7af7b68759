"""The largest variance that numbers of a mean in a range can have [Bhatia and Davis 2000]."""

from fractions import Fraction

from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._counts import Read
from repaudit.rules._dispersion import divisors_of, printed_variance
from repaudit.rules._quantity import Interval
from repaudit.rules._runs import Run, groups_of, runs_behind
from repaudit.rules._shares import is_share
from repaudit.rules._top_radius import top_radius

Groups = list[list[Run]]


def spread_groups(results: Results, placed: Matched) -> Groups | None:
    """Return the groups of runs that a claim's dispersion is over; ``None`` below two."""
    runs, spread = runs_behind(results, placed), placed.claim.spread
    if runs is None or spread is None:
        return None
    groups = groups_of(runs, spread.over)
    return groups if groups is not None and len(groups) > 1 else None


def has_small_spread(results: Results, placed: Matched, read: Read) -> bool:
    """Return whether a claim's dispersion is one that its values can have."""
    groups = spread_groups(results, placed)
    if groups is None:
        return True
    printed = printed_variance(placed.claim, read, len(groups))
    most = largest_variance(results, placed, groups, read)
    return printed is None or most is None or printed[0] <= most


def largest_variance(
    results: Results, placed: Matched, groups: Groups, read: Read
) -> Fraction | None:
    """Return the largest variance over groups; ``None`` for a quantity without a range."""
    ends = _range(results, placed)
    if ends is None:
        return None
    low, high = ends
    center = (low + high) / 2
    printed = read(placed.claim)
    if printed is not None and is_mean_of(placed, groups):
        # The product is largest at the center, or at the end of the mean nearest to it.
        center = min(max(center, printed[0]), printed[1])
        center = min(max(center, low), high)
    divisor = len(groups) - max(divisors_of(placed.claim))
    return (center - low) * (high - center) * len(groups) / divisor


def is_mean_of(placed: Matched, groups: Groups) -> bool:
    """Return whether a claim is the plain mean of its groups: as many runs of one size in each."""
    across = placed.claim.across
    sizes = {run.examples for group in groups for run in group}
    is_even = len({len(group) for group in groups}) == 1
    if across == "pooled":
        return is_even and is_share(placed.claim) and len(sizes) == 1
    return across == "mean" and is_even


def _range(results: Results, placed: Matched) -> Interval | None:
    if is_share(placed.claim):
        return Fraction(0), Fraction(1)
    is_radius = placed.claim.metric == "certified_radius"
    if not is_radius or not isinstance(placed.evaluation, Certification):
        return None
    top = top_radius(results, placed.evaluation)
    return None if top is None else (Fraction(0), top)
