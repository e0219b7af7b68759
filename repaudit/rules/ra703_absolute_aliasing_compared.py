"""The absolute aliasing measure is compared between layers or networks.

Why
---
The sum of magnitudes grows with the side of the map (6.3, 12.5, 24.8, 49.4 for white noise of side
8, 16, 32, 64) and with the scale of the weights: twice the weights of one layer and half those of
the next leave a ReLU network as it was and double the measure. Between two layers or two networks
only the relative form compares.

Bad
---
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "am", "layer": "blocks.2.pool", "value": "0.74"},
        {"metric": "am", "layer": "blocks.3.pool", "value": "0.31"},
        {"metric": "am_relative", "layer": "blocks.2.pool", "value": "0.38"},
        {"metric": "am_relative", "layer": "blocks.3.pool", "value": "0.35"}]}},
     "statements": [{"source": "section 4", "quote": "Block two aliases more than block three.",
       "asserts": [{"of": {"metric": "am", "layer": "blocks.2.pool"}, "relation": "greater",
         "than": {"metric": "am", "layer": "blocks.3.pool"}}]}]}

Good
----
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "am", "layer": "blocks.2.pool", "value": "0.74"},
        {"metric": "am", "layer": "blocks.3.pool", "value": "0.31"},
        {"metric": "am_relative", "layer": "blocks.2.pool", "value": "0.38"},
        {"metric": "am_relative", "layer": "blocks.3.pool", "value": "0.35"}]}},
     "statements": [{"source": "section 4", "quote": "Block two aliases more than block three.",
       "asserts": [{"of": {"metric": "am_relative", "layer": "blocks.2.pool"},
         "relation": "greater", "than": {"metric": "am_relative", "layer": "blocks.3.pool"}}]}]}

References
----------
Grabinski et al. 2022, Aliasing coincides with CNNs vulnerability towards adversarial attacks,
equation 7, which says itself that the measure depends on the size of the map.
"""

from collections.abc import Iterator

from repaudit._core.text import count
from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Aliasing
from repaudit.contract.results import Results
from repaudit.rules._compared import Compared, compared
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._setting import model_key

ABSOLUTE, RELATIVE = "am", "am_relative"


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every comparison of absolute measures; a table may show them beside the relative."""
    for place in compared(case.results):
        networks, layers = _sources(case.results, place)
        if RELATIVE not in place.beside and (networks > 1 or layers > 1):
            across = [count(networks, "network")] if networks > 1 else []
            across += [count(layers, "layer")] if layers > 1 else []
            message = f"expected {RELATIVE} across {' and '.join(across)}, found {ABSOLUTE}"
            yield Hit(place.pointer, message, {"networks": networks, "layers": layers})


def _sources(results: Results, place: Compared) -> tuple[int, int]:
    """Return over how many networks and how many named layers an absolute measure is compared."""
    numbers = [n for n in place.numbers if n.metric == ABSOLUTE]
    of_aliasing = [n for n in numbers if isinstance(n.evaluation, Aliasing)]
    networks = {model_key(results, number.evaluation) for number in of_aliasing}
    return len(networks), len({number.layer for number in of_aliasing} - {None})
