"""An aliasing table leaves out a layer, or does not name it.

Why
---
A network aliases wherever its grid gets coarser, also in a shortcut that only drops every second
value. A number without its layer is of no operation that anybody could measure again, and a layer
that is measured in one row and missing in the next may be the one that matters.

Bad
---
    {"evaluations": {
      "zero": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "am", "layer": "blocks.2.pool", "value": "0.74"},
        {"metric": "am", "layer": "blocks.3.pool", "value": "0.31"}]},
      "both": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "both",
       "claims": [{"metric": "am", "layer": "blocks.2.pool", "value": "0.73"}]}}}

Good
----
    {"evaluations": {
      "zero": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "am", "layer": "blocks.2.pool", "value": "0.74"},
        {"metric": "am", "layer": "blocks.3.pool", "value": "0.31"}]},
      "both": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "both",
       "claims": [{"metric": "am", "layer": "blocks.2.pool", "value": "0.73"},
        {"metric": "am", "layer": "blocks.3.pool", "value": "0.30"}]}}}

References
----------
Strided, pooled and sliced operations are all measured; shortcuts separately, before the sum.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Aliasing
from repaudit.contract.positions import pointer_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._setting import model_key
from repaudit.rules._walk import every_claim


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield claims without a layer, and evaluations without one that a sister measures."""
    yield from _unnamed(case)
    measured: dict[str, set[str]] = {}
    sisters: dict[str, str] = {}
    for name, evaluation in case.results.evaluations.items():
        layers = {claim.layer for claim in evaluation.claims if claim.layer is not None}
        if isinstance(evaluation, Aliasing) and layers:
            sisters[name] = model_key(case.results, evaluation)
            measured.setdefault(sisters[name], set()).update(layers)
    for name, network in sisters.items():
        claims = case.results.evaluations[name].claims
        missing = sorted(measured[network] - {claim.layer for claim in claims})
        if missing:
            message = f"expected the layers of the same network elsewhere, {missing[0]} missing"
            evidence = {"missing": ", ".join(missing)}
            yield Hit(pointer_of(["evaluations", name, "claims"]), message, dict(evidence))


def _unnamed(case: Case) -> Iterator[Hit]:
    """Yield the numbers of a transcription that name no layer; an author's are RA047's."""
    for placed in every_claim(case.results):
        is_aliasing = isinstance(placed.evaluation, Aliasing) and placed.claim.layer is None
        if is_aliasing and case.is_transcription and not placed.claim.metric.startswith("x-"):
            yield Hit(placed.pointer, f"expected the layer of {placed.claim.metric}, found none")
