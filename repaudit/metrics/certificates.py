"""Certificates of examples, from their counts."""

import numpy as np
from numpy.typing import NDArray

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, Floats, Ints, RadiusRecords
from repaudit.metrics.base import CannotEstimate, required
from repaudit.metrics.context import Context
from repaudit.statistics.certificate import certified_z, hits_for_z, z_lattice
from repaudit.statistics.predictive import Protocol

Mask = NDArray[np.bool_]
_CROWDED = 20
"""Share of the possible counts, inverted, from which all of them are computed and kept."""


def protocol_of(context: Context) -> Protocol:
    """Return n0, n and alpha; ``CannotEstimate`` with the reason when they are not usable."""
    if not isinstance(context.protocol, Protocol):
        raise CannotEstimate(context.protocol or "an evaluation without certification draws")
    return context.protocol


def sigma_of(context: Context) -> float:
    """Return sigma; ``CannotEstimate`` in an evaluation without noise, or with sigma <= 0."""
    if context.sigma is None or context.sigma <= 0.0:
        raise CannotEstimate("an evaluation without noise")
    return context.sigma


def radii(records: CertificationRecords, context: Context) -> Floats:
    """Return the certified radius of every row, right or wrong; 0 = abstains."""
    alpha, z = protocol_of(context).alpha, np.empty(len(records))
    for n in np.unique(records.draws).tolist():
        rows = records.draws == n
        z[rows] = _z_of(records.hits[rows], n, alpha)
    return sigma_of(context) * z


def _z_of(hits: Ints, n: int, alpha: float) -> Floats:
    """Return `certified_z`, whose inverse beta function dominates an audit, once per count."""
    distinct, place = np.unique(hits, return_inverse=True)
    if distinct.size * _CROWDED > n:
        return np.asarray(z_lattice(n, alpha)[hits])
    return np.asarray(certified_z(distinct, n, alpha)[place])


def is_right(records: CertificationRecords) -> Mask:
    """Return whether the selected class is the true one."""
    return np.asarray(records.selected_class == records.label)


def counted_radii(records: CertificationRecords, claim: Claim, context: Context) -> Floats:
    """Return the radii as a population counts them.

    Over ``all`` and ``correct`` a wrong example counts as 0, like an abstention.
    """
    found = radii(records, context)
    if claim.population in ("certified", "certified_correct"):
        return found
    return np.where(is_right(records), found, 0.0)


def printed_radii(records: RadiusRecords, _: Claim, __: Context) -> Floats:
    """Return the certified radius of every row, right or wrong; 0 = abstains.

    Shapes
        return  f64[3, rows]  the smallest that prints so, as printed, the largest
    """
    ends = np.stack([records.low, records.radius, records.high])
    return np.where(records.predict >= 0, ends, 0.0)


def log_members(records: RadiusRecords, claim: Claim) -> Mask:
    """Return which rows of a log the population of a claim holds, as `members`."""
    match claim.population:
        case "all":
            return np.ones(len(records), np.bool_)
        case "certified":
            return np.asarray(records.predict >= 0)
        case "certified_correct":
            return np.asarray(records.predict == records.label)
        case None | "unstated":
            raise CannotEstimate("the population is not stated")
    raise CannotEstimate(f"a log of radii has no population {claim.population}")


def members(records: CertificationRecords, claim: Claim, context: Context) -> Mask:
    """Return which rows the population of a claim holds.

    Raises ``CannotEstimate`` when the claim has none, or the records do not know it.
    """
    match claim.population:
        case "all":
            return np.ones(len(records), np.bool_)
        case "certified":
            return np.asarray(radii(records, context) > 0.0)
        case "certified_correct":
            return np.asarray((radii(records, context) > 0.0) & is_right(records))
        case "correct":
            return np.asarray(required(records.base_class, "base_class") == records.label)
        case None | "unstated":
            raise CannotEstimate("the population is not stated")
    raise CannotEstimate(f"a certification has no population {claim.population}")


def threshold_hits(
    records: CertificationRecords, claim: Claim, context: Context
) -> NDArray[np.int64]:
    """Return k_r per row, the smallest count whose certificate reaches the claim's threshold.

    Never a comparison of radii: a threshold that was computed from a count gives it back. An
    example of norm 0 reaches no SNR: draws + 1.
    """
    alpha = protocol_of(context).alpha
    if claim.at_radius is not None:
        z = np.full(len(records), float(claim.at_radius) / sigma_of(context))
    elif claim.at_snr_db is not None:
        norm = required(records.norm, "norm")
        z = norm * 10.0 ** (-float(claim.at_snr_db) / 20.0) / sigma_of(context)
        z = np.where(norm > 0.0, z, np.inf)
    else:
        raise CannotEstimate("neither at_radius nor at_snr_db is given")
    needed = np.empty(len(records), np.int64)
    for n in np.unique(records.draws):
        rows = records.draws == n
        needed[rows] = hits_for_z(z[rows], int(n), alpha)
    return needed


def snr_db(norm: Floats, radius: Floats) -> Floats:
    """Return 20 log10(norm / R); +inf, the weakest, where R or the norm is 0.

    >>> snr_db(np.array([10.0, 1.0]), np.array([0.1, 0.0])).tolist()
    [40.0, inf]
    """
    defined = (radius > 0.0) & (norm > 0.0)
    ratio = np.where(defined, norm, 1.0) / np.where(defined, radius, 1.0)
    return np.where(defined, 20.0 * np.log10(ratio), np.inf)
