r"""A mean is divided by another number than it has terms.

Why
---
A sum from 0 to K has K + 1 terms; divided by K it is no mean but (K + 1)/K times one: 0.6 % too
much at 160 feature maps, 33 % at three. Whether the code does what the formula says, the source
does not tell.

Bad
---
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "am", "layer": "blocks.2.pool", "value": "0.74"}]}},
     "statements": [{"source": "equation 7",
       "quote": "AM = \\frac{1}{K} \\sum_{k=0}^K |F_{s1,k} - F_{s2,k}|",
       "asserts": []}]}

Good
----
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "am", "layer": "blocks.2.pool", "value": "0.74"}]}},
     "statements": [{"source": "equation 7",
       "quote": "AM = \\frac{1}{K} \\sum_{k=0}^{K-1} |F_{s1,k} - F_{s2,k}|",
       "asserts": []}]}

References
----------
Grabinski et al. 2022, Aliasing coincides with CNNs vulnerability towards adversarial attacks,
equation 7.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Aliasing
from repaudit.contract.positions import pointer_of
from repaudit.rules._formula import Mean, compact, means, size
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY)
def check(case: Case) -> Iterator[Hit]:
    """Yield every quoted mean, in a file about aliasing, whose divisor is not its length."""
    if not any(isinstance(e, Aliasing) for e in case.results.evaluations.values()):
        return
    for i, statement in enumerate(case.results.statements):
        for mean in means(compact(statement.quote)):
            if _is_off(mean):
                message = f"expected {mean.divisor} terms over {mean.divisor}, found {mean.sums[0]}"
                yield Hit(pointer_of(["statements", i, "quote"]), message)


def _is_off(mean: Mean) -> bool:
    """Whether one sum has another number of terms; means over several indices are left alone."""
    if len(mean.sums) != 1:
        return False
    divisor, length = size(mean.divisor), mean.sums[0].length
    return divisor is not None and length is not None and divisor != length
