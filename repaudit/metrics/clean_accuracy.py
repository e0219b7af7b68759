"""Clean accuracy of the classifier on unperturbed examples.

``base``: the network alone. ``smoothed``: the class with most votes among the n draws is the
true one, whether certified or not.
"""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import CertificationRecords, EmpiricalRecords, Floats
from repaudit.metrics.base import CannotEstimate, Metric, required
from repaudit.metrics.context import Context


def _values(
    records: CertificationRecords | EmpiricalRecords, claim: Claim, context: Context
) -> Floats:
    if claim.classifier is None:
        raise CannotEstimate("the classifier is not stated")
    if isinstance(records, EmpiricalRecords):
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


METRIC = Metric(
    name="clean_accuracy",
    kinds=("certification", "empirical"),
    form="share",
    unit="share",
    family="accuracy",
    stronger="higher",
    values=_values,
)
