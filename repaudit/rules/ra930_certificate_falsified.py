"""Within a certified ball the class changes.

Why
---
A certificate says that no point within its radius changes the class. One such point, found by a
search and confirmed on noise that the search never saw, ends it, unless the certificate is one of
the few that alpha allows to be wrong. So a flip refutes only when a count as high as the
certificate's would have been too unlikely, among all attempts of the audit; and a table is refuted
when more of its certificates flip than alpha explains.

Bad
---
    {"x-falsifications": [{"evaluation": "spoken-words", "status": "attempted",
         "counts": "released", "search": "gradient", "attempts": 20, "examples": 20,
         "certified": 369, "rows": 400, "family": 21.7, "draws": 64, "forwards": 47000,
         "flips": [{"example_id": "yes_0003", "checkpoint": "seed0", "repeat": 0,
             "radius": 0.007639, "distance": 0.0041, "hits": 9998, "draws": 10000,
             "class_before": 0, "class_after": 2, "confirmation_hits": 4611,
             "confirmation_draws": 10000, "upper_bound": 0.4806, "p_value": 0.000046,
             "refutes": true}],
         "table_p_value": 0.33, "refuted": true}]}

Good
----
    {"x-falsifications": [{"evaluation": "spoken-words", "status": "attempted",
         "counts": "released", "search": "gradient", "attempts": 20, "examples": 20,
         "certified": 369, "rows": 400, "family": 21.7, "draws": 64, "forwards": 47000,
         "flips": [{"example_id": "yes_0003", "checkpoint": "seed0", "repeat": 0,
             "radius": 0.007639, "distance": 0.0076, "hits": 9998, "draws": 10000,
             "class_before": 0, "class_after": 2, "confirmation_hits": 4611,
             "confirmation_draws": 10000, "upper_bound": 0.4806, "p_value": 0.00065,
             "refutes": false}],
         "table_p_value": 0.33, "refuted": false}]}

References
----------
Cohen, Rosenfeld and Kolter 2019, theorem 1 and section 3.2.2; Clopper and Pearson 1934.
"""

from collections.abc import Iterator

from repaudit._core.text import count, shorten
from repaudit.audit.falsification import Falsification, Flip
from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.positions import pointer_of
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, structural=True)
def check(case: Case) -> Iterator[Hit]:
    """Yield every evaluation of which a certificate, or the table, is refuted."""
    for found in case.falsifications:
        if found.refuted:
            pointer = pointer_of(["evaluations", found.evaluation])
            refuting = [flip for flip in found.flips if flip.refutes]
            of = " by the classifier that can be deployed" if found.deployed else ""
            yield _of_flips(pointer, refuting, of) if refuting else _of_table(pointer, found)


def _of_flips(pointer: str, flips: list[Flip], of: str) -> Hit:
    worst = min(flips, key=lambda flip: flip.distance / flip.radius)
    more = f" and {count(len(flips) - 1, 'more certificate')}" if len(flips) > 1 else ""
    before, after = worst.class_before, worst.class_after
    message = (
        f"expected one class within {worst.radius:.6g} of {shorten(worst.example_id)}, found "
        f"class {after} instead of {before} at {worst.distance:.6g}{of}{more}"
    )
    evidence: dict[str, str | int | float | bool | None] = {
        "example_id": worst.example_id,
        "radius": worst.radius,
        "distance": worst.distance,
        "upper_bound": worst.upper_bound,
        "p_value": worst.p_value,
    }
    return Hit(pointer, message, evidence)


def _of_table(pointer: str, found: Falsification) -> Hit:
    flips = count(len(found.flips), "certificate")
    message = (
        f"{flips} of {found.examples} attacked flip, more than alpha allows among {found.rows}"
    )
    return Hit(pointer, message, {"p_value": found.table_p_value, "flips": len(found.flips)})
