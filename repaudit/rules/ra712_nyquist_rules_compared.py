"""Aliasing measures under different rules for the Nyquist frequency are compared.

Why
---
Of an even number of frequencies one lies at the Nyquist frequency itself, and whether the
alias-free spectrum keeps it, halves it or drops it moves the measure by 1 to 4 % on white maps.
A difference of that size between two numbers under different rules is the rule's.

Bad
---
    {"evaluations": {
      "zero": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "am_relative", "layer": "blocks.2.pool", "value": "0.38"},
        {"metric": "am_relative", "layer": "blocks.3.pool", "value": "0.35"}]},
      "both": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "both",
       "claims": [{"metric": "am_relative", "layer": "blocks.2.pool", "value": "0.37"},
        {"metric": "am_relative", "layer": "blocks.3.pool", "value": "0.34"}]}},
     "statements": [{"source": "section 4", "quote": "Filtered, the second block aliases less.",
       "asserts": [{"of": {"evaluation": "zero", "metric": "am_relative", "layer": "blocks.2.pool"},
         "relation": "greater",
         "than": {"evaluation": "both", "metric": "am_relative",
          "layer": "blocks.2.pool"}}]}]}

Good
----
    {"evaluations": {
      "zero": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "am_relative", "layer": "blocks.2.pool", "value": "0.38"},
        {"metric": "am_relative", "layer": "blocks.3.pool", "value": "0.35"}]},
      "both": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "both",
       "claims": [{"metric": "am_relative", "layer": "blocks.2.pool", "value": "0.37"},
        {"metric": "am_relative", "layer": "blocks.3.pool", "value": "0.34"}]}},
     "statements": [{"source": "section 4", "quote": "Block two aliases more than block three.",
       "asserts": [{"of": {"evaluation": "zero", "metric": "am_relative", "layer": "blocks.2.pool"},
         "relation": "greater",
         "than": {"evaluation": "zero", "metric": "am_relative",
          "layer": "blocks.3.pool"}}]}]}

References
----------
The three rules: zero, one-sided, both sides folded; Grabinski et al. 2022, equations 5 and 6.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Aliasing
from repaudit.rules._compared import compared
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every comparison of one measure under two stated Nyquist rules."""
    for place in compared(case.results):
        rules: dict[str, set[str]] = {}
        for number in place.numbers:
            if isinstance(number.evaluation, Aliasing):
                rules.setdefault(number.metric, set()).add(number.evaluation.nyquist)
        for metric, stated in rules.items():
            found = sorted(stated - {"unstated"})
            if len(found) > 1:
                message = f"expected {metric} under one Nyquist rule, found {' and '.join(found)}"
                yield Hit(place.pointer, message)
