"""Attack success rate: right when clean and wrong when attacked, of those right or of all.

``population`` says which; of a panel that saw the defence it is the success on the defended
network unless the claim names a classifier.
"""

from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Claim
from repaudit.evidence.tables import EmpiricalRecords, Floats
from repaudit.metrics.attacked import classifier_of, outcomes
from repaudit.metrics.base import Metric, Undefined
from repaudit.metrics.context import Context


def _values(records: EmpiricalRecords, claim: Claim, context: Context) -> Floats:
    if claim.population not in ("all", "correct"):
        raise UnstatedError("population")
    classifier = classifier_of(claim.classifier, context)
    found = outcomes(records, context)
    right = found.clean_of(classifier)
    turned = (right & ~found.attacked_of(classifier)).astype(float)
    if claim.population == "all":
        return turned
    if not right.any():
        raise Undefined(f"the {classifier} classifier gets nothing right")
    return turned[right]


METRIC = Metric(
    name="attack_success_rate",
    kinds=("empirical",),
    form="share",
    unit="share",
    family="rate",
    stronger="lower",
    values=_values,
)
