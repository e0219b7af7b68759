"""Defence rate: #(Adv that the defended network gets right) / #Adv; undefined without any.

A diagnostic, never a robustness: against attacks that did not see the defence it says how badly
their examples transfer.
"""

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import EmpiricalRecords, Floats
from repaudit.metrics.attacked import outcomes
from repaudit.metrics.base import Metric, Undefined
from repaudit.metrics.context import Context


def _values(records: EmpiricalRecords, _: Claim, context: Context) -> Floats:
    found = outcomes(records, context)
    if not found.adversarial.any():
        raise Undefined("there is no adversarial example")
    return found.attacked_of("defended")[found.adversarial].astype(float)


METRIC = Metric(
    name="defence_rate",
    kinds=("empirical",),
    form="share",
    unit="share",
    family="rate",
    stronger="higher",
    values=_values,
)
