"""The text quotes a number under another setting than its row.

Why
---
A sentence that names one noise level and quotes the accuracy of another compares what its table
does not. The number is there, so only the setting gives it away. One whose selection leaves the
scope that the sentence states is found as an ambiguous claim.

Bad
---
    {"evaluations": {"more-noise": {"kind": "certification", "data": "test-set",
       "model": "keyword-cnn", "contract": "waveform", "sigma": 0.005, "sampling": "monte-carlo",
       "claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "90.50", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".015992"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "77.97"}]}},
     "statements": [{"source": "abstract", "quote": "at sigma .0025, 90.5 %",
       "asserts": [{"of": {"metric": "certified_accuracy", "at_radius": 0,
          "sigma": 0.0025},
         "relation": "equal", "value": "90.5", "unit": "percent"}]}]}

Good
----
    {"evaluations": {"more-noise": {"kind": "certification", "data": "test-set",
       "model": "keyword-cnn", "contract": "waveform", "sigma": 0.005, "sampling": "monte-carlo",
       "claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "90.50", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".015992"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "77.97"}]}},
     "statements": [{"source": "abstract", "quote": "at sigma .005, 90.5 %",
       "asserts": [{"of": {"metric": "certified_accuracy", "at_radius": 0,
          "sigma": 0.005},
         "relation": "equal", "value": "90.5", "unit": "percent"}]}]}

References
----------
The results file, section 12: statements and their scope.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._assertions import failures, printed_elsewhere
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield each quoted number that only claims of another setting print."""
    for failure in failures(case.results):
        elsewhere = printed_elsewhere(case.results, failure)
        if elsewhere:
            yield failure.hit(f"; {failure.claimed.value} is that of {elsewhere[0].evaluation_id}")
