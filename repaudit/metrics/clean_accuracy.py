"""Clean accuracy of the classifier on unperturbed examples.

``base``: the network alone. ``smoothed``: the class with most votes among the n draws is the
true one, whether certified or not. ``defended``: the averaged network. A log of radii tells the
smoothed class where it certifies one, as its bound is above 1/2; an abstaining example may be
right or wrong, and counts as wrong.
"""

import numpy as np

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import (
    CertificationRecords,
    EmpiricalRecords,
    Floats,
    RadiusRecords,
)
from repaudit.metrics.attacked import one_per_example
from repaudit.metrics.base import CannotEstimate, Metric, required
from repaudit.metrics.context import Context


def _values(
    records: CertificationRecords | EmpiricalRecords, claim: Claim, context: Context
) -> Floats:
    if claim.classifier is None:
        raise CannotEstimate("the classifier is not stated")
    if isinstance(records, EmpiricalRecords):
        records = one_per_example(records)
        columns = {"base": records.base_clean, "defended": records.defended_clean}
        names = {"base": "base_clean", "defended": "defended_clean"}
    else:
        columns = {"base": records.base_class, "smoothed": records.top_class}
        names = {"base": "base_class", "smoothed": "top_class"}
    if claim.classifier not in columns:
        raise CannotEstimate(f"{context.kind} has no classifier {claim.classifier}")
    predicted = required(columns[claim.classifier], names[claim.classifier])
    correct: Floats = (predicted == records.label).astype(float)
    return correct


def _of_radii(records: RadiusRecords, claim: Claim, _: Context) -> Floats:
    if claim.classifier != "smoothed":
        raise CannotEstimate("a log of radii speaks of the smoothed classifier only")
    right = records.predict == records.label
    return np.stack([right, right, right | (records.predict < 0)]).astype(float)


METRIC = Metric(
    name="clean_accuracy",
    kinds=("certification", "empirical"),
    form="share",
    unit="share",
    family="accuracy",
    stronger="higher",
    values=_values,
    of_radii=_of_radii,
)
