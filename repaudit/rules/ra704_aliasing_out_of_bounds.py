"""An aliasing measure is outside what any map can give.

Why
---
The measures are sums of magnitudes, so none is negative. The difference D of the strided spectrum
S and the alias-free one U obeys the triangle inequality, in the sum of magnitudes as in the root
of the sum of squares: a share of alias energy and a level in decibel of one layer are two sides
of one triangle, and so are the three columns of released counts.

Bad
---
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "alias_energy", "layer": "blocks.2.pool", "value": "0.15"},
        {"metric": "alias_db", "layer": "blocks.2.pool", "value": "-3.00"}]}}}

Good
----
    {"evaluations": {
      "aliasing": {"kind": "aliasing", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "nyquist": "zero",
       "claims": [{"metric": "alias_energy", "layer": "blocks.2.pool", "value": "0.15"},
        {"metric": "alias_db", "layer": "blocks.2.pool", "value": "-4.00"}]}}}

References
----------
Minkowski's inequality, for the sums over all maps and frequencies of a layer.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Aliasing
from repaudit.contract.matching import Matched
from repaudit.contract.positions import pointer_of
from repaudit.evidence.tables import AliasingRecords
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._runs import runs_behind
from repaudit.rules._triangle import closes, impossible_rows, relative_sides
from repaudit.rules._walk import every_claim

SUMS = {"am", "am_relative", "alias_energy"}


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield negative sums, and shares, levels and released counts that close no triangle."""
    for placed in every_claim(case.results):
        interval = interval_of(placed.claim)
        if placed.claim.metric in SUMS and interval is not None and interval[1] < 0:
            message = f"expected a measure of at least 0, found {placed.claim.value}"
            yield Hit(f"{placed.pointer}/value", message)
        elif placed.claim.metric == "alias_db" and _is_of_one_run(case, placed):
            yield from _against_energy(placed)
    for name, records in case.released.items():
        rows = impossible_rows(records) if isinstance(records, AliasingRecords) else 0
        if rows:
            message = f"expected sums of magnitudes that close a triangle, {rows} rows do not"
            yield Hit(pointer_of(["evaluations", name, "evidence"]), message, {"rows": rows})


def _is_of_one_run(case: Case, placed: Matched) -> bool:
    """Whether the sums behind two claims are the same: a mean of ratios obeys no triangle."""
    runs = runs_behind(case.results, placed)
    return isinstance(placed.evaluation, Aliasing) and runs is not None and len(runs) == 1


def _against_energy(placed: Matched) -> Iterator[Hit]:
    energy = next((c for c in placed.evaluation.claims if _is_energy_of(c, placed.claim)), None)
    share = None if energy is None else interval_of(energy)
    level = interval_of(placed.claim)
    if energy is None or share is None or level is None or share[1] <= 0:
        return
    if not closes(*relative_sides(share, level)):
        message = (
            f"expected a level that a share of alias energy of {energy.value} allows, "
            f"found {placed.claim.value} dB"
        )
        yield Hit(f"{placed.pointer}/value", message, {"alias_energy": str(energy.value)})


def _is_energy_of(claim: Claim, level: Claim) -> bool:
    same = (claim.layer, claim.checkpoint) == (level.layer, level.checkpoint)
    return claim.metric == "alias_energy" and same and level.layer is not None
