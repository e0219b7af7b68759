"""The rows of an attack table: the counts behind what one evaluation prints.

With N examples of one run, post-averaging's table prints the shares of five counts: C clean and
O attacked examples that the bare network gets right, X attacked and Y clean ones of the defended
network, and D of the A adversarial examples that the defence recovers.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from repaudit.contract.evaluation import Empirical
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._base import clean_key, is_on_base
from repaudit.rules._counts import Range, Read, minus, share_of, whole
from repaudit.rules._runs import runs_behind
from repaudit.rules._walk import every_claim

Key = tuple[str, str | None]
CLEAN, ATTACKED = "clean_accuracy", "attacked_accuracy"


@dataclass(frozen=True)
class Row:
    """One run of one evaluation whose attacks saw only the bare network."""

    evaluation: Empirical
    examples: int
    """N"""
    claims: Mapping[Key, Matched]
    """by metric and classifier; C also from where a merged cell was typed in"""

    def claim(self, metric: str, classifier: str | None = None) -> Matched | None:
        """Return the claim of a metric; None where the row prints none."""
        return self.claims.get((metric, classifier))

    def right(self, metric: str, classifier: str, read: Read) -> Range | None:
        """Return how many of the N examples a classifier may get right."""
        placed = self.claim(metric, classifier)
        interval = None if placed is None else read(placed.claim)
        return None if interval is None else whole(interval, self.examples)

    def adversarial(self, read: Read) -> Range | None:
        """Return A, how many examples the attack may have turned."""
        placed = self.claim("adversarial_count")
        interval = None if placed is None else read(placed.claim)
        return None if interval is None else whole(interval)

    def defended(self, read: Read) -> Range | None:
        """Return D, how many adversarial examples the defence may have recovered."""
        placed, of = self.claim("defence_rate"), self.adversarial(read)
        interval = None if placed is None else read(placed.claim)
        return None if interval is None or of is None else share_of(interval, of)


def untouched(row: Row, read: Read) -> Range | None:
    """Return u = X - D, what the defended network gets right of what the attack left alone."""
    right, recovered = row.right(ATTACKED, "defended", read), row.defended(read)
    return None if right is None or recovered is None else minus(right, recovered)


def attack_rows(results: Results) -> Iterator[Row]:
    """Yield every row of one run; over several runs the shares are no shares of whole counts."""
    clean = _clean_claims(results)
    for name, evaluation in results.evaluations.items():
        if not isinstance(evaluation, Empirical) or not is_on_base(results, evaluation):
            continue
        for checkpoint, claims in _by_checkpoint(name, evaluation).items():
            runs = runs_behind(results, next(iter(claims.values())))
            if runs is None or len(runs) != 1:
                continue
            base = clean.get((clean_key(results, evaluation), checkpoint))
            merged: dict[Key, Matched] = {} if base is None else {(CLEAN, "base"): base}
            yield Row(evaluation, runs[0].examples, {**merged, **claims})


def _by_checkpoint(name: str, evaluation: Empirical) -> dict[str | None, dict[Key, Matched]]:
    rows: defaultdict[str | None, dict[Key, Matched]] = defaultdict(dict)
    for index, claim in enumerate(evaluation.claims):
        if claim.population is None:
            placed = Matched(name, evaluation, index, claim)
            classifier = claim.classifier if claim.metric in (CLEAN, ATTACKED) else None
            rows[claim.checkpoint].setdefault((claim.metric, classifier), placed)
    return rows


def _clean_claims(results: Results) -> dict[object, Matched]:
    """Return where the bare network's clean accuracy is printed, by what it depends on."""
    found: dict[object, Matched] = {}
    for placed in every_claim(results):
        claim = placed.claim
        if claim.metric == CLEAN and claim.classifier == "base":
            key = clean_key(results, placed.evaluation)
            if key is not None:
                found.setdefault((key, claim.checkpoint), placed)
    return found
