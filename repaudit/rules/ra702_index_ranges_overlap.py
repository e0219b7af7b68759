r"""Index ranges of a spectrum overlap, or its phase has another period than its sum.

Why
---
Of N frequencies, k = 0..N/2 and k = N/2..N are N + 1, with N/2 assigned twice, from either side
of the Nyquist frequency, and N beyond the end. Half-open ranges, [0, N/2) and [N/2, N), say which
of the two it is; on white noise the readings differ by 1-4 %, and a tone at the Nyquist frequency
is all there or half. A sum over N positions has phases in k/N; in k/M it needs M = N said.

Bad
---
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "am", "layer": "blocks.2.pool", "value": "0.74"}]}},
     "statements": [{"source": "equation 6",
       "quote": "F(k) = U(k), k = 0, \\dots, N/2; F(k) = U(k+N), k = N/2, \\dots, N",
       "asserts": []}]}

Good
----
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "am", "layer": "blocks.2.pool", "value": "0.74"}]}},
     "statements": [{"source": "equation 6",
       "quote": "F(k) = U(k), k = 0, \\dots, N/2-1; F(k) = U(k+N), k = N/2, \\dots, N-1",
       "asserts": []}]}

References
----------
Grabinski et al. 2022, Aliasing coincides with CNNs vulnerability towards adversarial attacks,
equations 3 to 6.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Aliasing
from repaudit.contract.positions import pointer_of
from repaudit.rules._formula import closed, compact, phases, ranges, size, sums
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY)
def check(case: Case) -> Iterator[Hit]:
    """Yield every quoted formula, in a file about aliasing, whose indices are ambiguous."""
    if not any(isinstance(e, Aliasing) for e in case.results.evaluations.values()):
        return
    for i, statement in enumerate(case.results.statements):
        formula = compact(statement.quote)
        found = list(dict.fromkeys([*_shared(formula), *_closed(formula), *_period(formula)]))
        if found:
            message = f"expected half-open index ranges and one period, found {', '.join(found)}"
            yield Hit(pointer_of(["statements", i, "quote"]), message, {"faults": len(found)})


def _shared(formula: str) -> Iterator[str]:
    """Yield the values that one range ends with and another begins with."""
    found = list(ranges(formula))
    for one in found:
        for other in found:
            if one.index == other.index and one.high == other.low and one.low != one.high:
                yield f"{one.index} = {one.high} in two ranges"


def _closed(formula: str) -> Iterator[str]:
    for indices in closed(formula):
        if size(indices.low) is not None and size(indices.high) is not None:
            yield f"both ends of {indices} included"


def _period(formula: str) -> Iterator[str]:
    lengths = {indices.index: indices.length for indices in sums(formula)}
    for position, divisor in phases(formula):
        length, period = lengths.get(position), size(divisor)
        if length is not None and period is not None and period != length:
            yield f"a period of {divisor} in the sum over {position}"
