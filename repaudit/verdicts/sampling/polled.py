"""Which claims of an evaluation a poll of its examples can confirm."""

from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Certification
from repaudit.contract.positions import pointer_of
from repaudit.metrics.certificates import protocol_of, sigma_of
from repaudit.metrics.context import Context
from repaudit.statistics.certificate import ceiling_z
from repaudit.verdicts.sampling.radii import QUARTER

CHEAP = 0.6
"""of the ceiling: beyond, most examples need nearly all draws"""


def polled_claims(name: str, declared: Certification, context: Context) -> dict[str, Claim]:
    """Return the claims that are polled by pointer: at radius 0, and nearest a quarter.

    Only claims over all runs alike: a share of one checkpoint is another population, and a mean
    over folds of unequal size is no share.
    """
    protocol = protocol_of(context)
    ceiling = ceiling_z(protocol.n, protocol.alpha) * sigma_of(context)
    found = {
        pointer_of(["evaluations", name, "claims", index]): claim
        for index, claim in enumerate(declared.claims)
        if _is_pollable(claim, context)
    }
    shares = {pointer: _share(claim, ceiling) for pointer, claim in found.items()}
    zero = [pointer for pointer, share in shares.items() if share == 0.0]
    others = [pointer for pointer, share in shares.items() if 0.0 < share <= CHEAP]
    nearest = sorted(others, key=lambda pointer: abs(shares[pointer] - QUARTER))[:1]
    return {pointer: found[pointer] for pointer in (*zero[:1], *nearest)}


def _is_pollable(claim: Claim, context: Context) -> bool:
    if claim.metric != "certified_accuracy" or claim.at_radius is None or claim.value is None:
        return False
    if claim.checkpoint is not None:
        return len(context.checkpoints) == 1 and context.repeats == 1
    return context.runs == 1 or (
        claim.across in ("mean", "pooled") and len(set(context.fold_sizes.values())) <= 1
    )


def _share(claim: Claim, ceiling: float) -> float:
    assert claim.at_radius is not None
    radius = float(claim.at_radius)
    return radius / ceiling if ceiling > 0.0 else float(radius > 0.0)
