"""#Adv: examples that the bare network gets right, and wrong again when attacked.

Counted after the adversarial input was run a second time, within epsilon.
"""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import EmpiricalRecords, Floats
from repaudit.metrics.attacked import outcomes
from repaudit.metrics.base import Metric
from repaudit.metrics.context import Context


def _values(records: EmpiricalRecords, _: Claim, context: Context) -> Floats:
    return outcomes(records, context).adversarial.astype(float)


METRIC = Metric(
    name="adversarial_count",
    kinds=("empirical",),
    form="count",
    unit="examples",
    family="rate",
    stronger="lower",
    values=_values,
)
