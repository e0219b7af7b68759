"""The sums of one layer, from which every aliasing measure is a ratio."""

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.join import take
from repaudit.evidence.tables import AliasingRecords, Floats, Ints
from repaudit.metrics.base import CannotEstimate


def of_layer(records: AliasingRecords, claim: Claim) -> AliasingRecords:
    """Return the rows of the claim's layer, one per example.

    Raises ``CannotEstimate`` when the claim names none, or one that the records do not have for
    every example.
    """
    if claim.layer is None:
        raise CannotEstimate("the layer is not stated")
    found = take(records, records.layer == claim.layer)
    examples = len(set(records.example_id.tolist()))
    if len(found) == 0:
        known = ", ".join(dict.fromkeys(records.layer.tolist()))
        raise CannotEstimate(f"the layer {claim.layer} is not among those measured ({known})")
    if len(set(found.example_id.tolist())) < examples:
        raise CannotEstimate(f"the layer {claim.layer} is not there for every example")
    return found


def sums(numerator: Floats, denominator: Floats | Ints) -> Floats:
    """Return numerators and denominators side by side, f64[rows, 2]."""
    return np.stack([numerator, denominator.astype(np.float64)], axis=1)
