"""Perturbation norm: length of the smallest perturbation that succeeded, in the attack's norm.

Over ``adversarial`` those that were found; over ``correct`` and ``all`` an example that no attack
turned has an infinite one, so that a median may still exist.
"""

import numpy as np

from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Claim
from repaudit.evidence.tables import EmpiricalRecords, Floats
from repaudit.metrics.attacked import classifier_of, outcomes
from repaudit.metrics.base import Metric, required
from repaudit.metrics.context import Context


def _values(records: EmpiricalRecords, claim: Claim, context: Context) -> Floats:
    if claim.population not in ("adversarial", "all", "correct"):
        raise UnstatedError("population")
    found = outcomes(records, context)
    norms: Floats = required(found.norm, "perturbation_norm")
    if claim.population == "all":
        return norms
    if claim.population == "adversarial":
        return np.asarray(norms[np.isfinite(norms)])
    return np.asarray(norms[found.clean_of(classifier_of(claim.classifier, context))])


METRIC = Metric(
    name="perturbation_norm",
    kinds=("empirical",),
    form="distribution",
    unit="coordinates",
    family="radius",
    stronger="higher",
    values=_values,
)
