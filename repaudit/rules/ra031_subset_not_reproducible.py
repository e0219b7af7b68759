"""Nobody else can tell which examples were evaluated.

Why
---
A thousand examples out of ten thousand are easy or hard ones, depending on which. The first ones
of a sorted set are all of one class, every tenth one needs the step, random ones need the seed,
listed ones the list, and all of them need to say out of how many. A manifest or an array with its
hash says it all.

Bad
---
    {"data": {"test-set": {"manifest": null, "subset": {"rule": "random", "of": 4000}}}}

Good
----
    {"data": {"test-set": {"manifest": null,
       "subset": {"rule": "random", "of": 4000, "seed": 0}}}}

References
----------
Zhai et al. 2020, MACER: evaluates 500 examples from the 500th on.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.data import Data, Subset
from repaudit.contract.positions import pointer_of
from repaudit.rules._rule import Case, Hit, rule

NEEDS = {"first": ("of",), "every": ("of", "step"), "random": ("of", "seed")}


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED)
def check(case: Case) -> Iterator[Hit]:
    """Yield each declared subset with what is missing to take the same examples again."""
    for name, data in case.results.data.items():
        missing = list(_missing(data))
        if missing:
            message = f"expected which examples were taken, {', '.join(missing)} missing"
            where = pointer_of(["data", name, "subset"])
            yield Hit(where, message, {"missing": ", ".join(missing)})


def _missing(data: Data) -> Iterator[str]:
    if not isinstance(data.subset, Subset) or data.manifest is not None or data.tensors is not None:
        return
    if data.subset.rule == "listed":
        yield "the list (manifest or tensors)"
    for key in NEEDS.get(data.subset.rule, ()):
        if getattr(data.subset, key) is None:
            yield key
