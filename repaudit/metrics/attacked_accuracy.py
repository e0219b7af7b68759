"""Attacked accuracy of a classifier: its share of right examples of the attacked set.

``base``: (C - #Adv) / N. ``defended``: of S2's attacked set, or the worst case over a panel that
saw the defence. Only the second says anything about robustness.
"""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import EmpiricalRecords, Floats
from repaudit.metrics.attacked import classifier_of, outcomes
from repaudit.metrics.base import CannotEstimate, Metric
from repaudit.metrics.context import Context


def _values(records: EmpiricalRecords, claim: Claim, context: Context) -> Floats:
    if claim.classifier is None:
        raise CannotEstimate("the classifier is not stated")
    classifier = classifier_of(claim.classifier, context)
    return outcomes(records, context).attacked_of(classifier).astype(float)


METRIC = Metric(
    name="attacked_accuracy",
    kinds=("empirical",),
    form="share",
    unit="share",
    family="accuracy",
    stronger="higher",
    values=_values,
)
