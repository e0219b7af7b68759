"""A number over several runs does not say how they were combined.

Why
---
Three training seeds have a mean, a median, a pooled value and a best one, and they differ by more
than the printed digits. A dispersion over seeds needs two seeds, and the seeds need numbers,
or nobody can train the same networks again.

Bad
---
    {"evaluations": {"spoken-words": {"repeats": 3}}}

Good
----
    {"evaluations": {"spoken-words": {"repeats": 3,
       "claims": [{"metric": "certified_accuracy", "at_radius": 0, "value": "92.2",
         "unit": "percent", "across": "mean",
         "spread": {"value": "0.2", "statistic": "std", "over": "repeats", "ddof": 1}},
        {"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": ".007996",
         "across": "pooled"},
        {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "83.99",
         "across": "pooled"}]}}}

References
----------
Bouthillier et al. 2021, Accounting for variance in machine learning benchmarks.
"""

from collections.abc import Iterator, Sequence

from repaudit._core.text import count
from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.matching import Matched
from repaudit.contract.model import Checkpoint
from repaudit.contract.positions import pointer_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import checkpoints_of, every_claim, repeats_of

NEVER_VARIES = {"samples_per_input"}


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield claims over runs that are not combined, and spreads over fewer than two."""
    for placed in every_claim(case.results):
        if placed.claim.metric.startswith("x-") or placed.claim.metric in NEVER_VARIES:
            continue
        used = checkpoints_of(case.results, placed.evaluation)
        if placed.claim.checkpoint is not None:
            used = [c for c in used if c.id == placed.claim.checkpoint]
        yield from _not_combined(placed, used)
        yield from _spread_over_one(placed, used, case.is_transcription)
    if not case.is_transcription:
        yield from _unnumbered_seeds(case)


def _not_combined(placed: Matched, used: list[Checkpoint]) -> Iterator[Hit]:
    runs = max(len(used), 1) * repeats_of(placed.evaluation)
    if runs > 1 and placed.claim.across is None:
        message = f"expected how the {count(runs, 'run')} were combined (across), found nothing"
        yield Hit(placed.pointer, message, {"runs": runs})


def _spread_over_one(
    placed: Matched, used: list[Checkpoint], is_transcription: bool
) -> Iterator[Hit]:
    spread, repeats = placed.claim.spread, placed.evaluation.repeats
    if spread is None or spread.over in ("examples", "unstated"):
        return
    # What a transcription leaves open may be more than one.
    if repeats == "unstated" and spread.over in ("repeats", "runs"):
        return
    many = {
        "seeds": _different([c.seed for c in used], is_transcription),
        "folds": _different([c.test_fold for c in used], is_transcription),
        "repeats": repeats_of(placed.evaluation),
        "runs": max(len(used), 1) * repeats_of(placed.evaluation),
    }[spread.over]
    if many < 2:
        found = count(many, spread.over.removesuffix("s"))
        message = f"expected at least two {spread.over} behind a spread over them, found {found}"
        yield Hit(f"{placed.pointer}/spread/over", message, {spread.over: many})


def _different(values: Sequence[object], is_transcription: bool) -> int:
    """Return how many there may be; what a transcription does not know may be different ones."""
    known = {value for value in values if value is not None}
    return len(known) + (values.count(None) if is_transcription else 0)


def _unnumbered_seeds(case: Case) -> Iterator[Hit]:
    silent: set[str] = set()
    for evaluation in case.results.evaluations.values():
        used = checkpoints_of(case.results, evaluation)
        if evaluation.kind == "geometry" or len(used) < 2:
            continue
        for i, checkpoint in enumerate(case.results.models[evaluation.model].checkpoints):
            if checkpoint.seed is None and checkpoint in used:
                silent.add(pointer_of(["models", evaluation.model, "checkpoints", i]))
    for pointer in sorted(silent):
        yield Hit(pointer, "expected the training seed of each of several checkpoints, found none")
