"""What became of each example of one run under attack, worst case over the attacks.

Adv are the examples that the bare network gets right when clean and wrong when attacked. A panel
of which no attack saw the defence gives S2's attacked set: an example of Adv is replaced by its
adversarial inputs, every other one is kept, and the defence is judged on that. Once an attack saw
the defence the number is a worst case: right means right on the clean input and on every attacked
one.

Reference: Lin et al. 2019 (S2), section 4.2; the standard, section 4.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from repaudit.evidence.join import take
from repaudit.evidence.tables import EmpiricalRecords, Floats
from repaudit.metrics.base import CannotEstimate, required
from repaudit.metrics.context import Context

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Outcomes:
    """One run's examples, sorted by id; each mask is bool[N]."""

    base_clean: Mask
    """the bare network is right on the clean example"""
    base_attacked: Mask
    """right, and still right under every attack"""
    adversarial: Mask
    """Adv: right when clean, wrong under some attack"""
    defended_clean: Mask | None
    defended_attacked: Mask | None
    """the defended network is right on the attacked set"""
    norm: Floats | None
    """smallest perturbation that replaced the example; inf where none did"""

    def clean_of(self, classifier: str) -> Mask:
        """Return whom a classifier gets right when clean; ``CannotEstimate`` without a column."""
        found: Mask = required(
            {"base": self.base_clean, "defended": self.defended_clean}.get(classifier),
            f"{classifier}_clean",
        )
        return found

    def attacked_of(self, classifier: str) -> Mask:
        """Return whom a classifier gets right of the attacked set."""
        found: Mask = required(
            {"base": self.base_attacked, "defended": self.defended_attacked}.get(classifier),
            f"{classifier}_attacked",
        )
        return found


def outcomes(records: EmpiricalRecords, context: Context) -> Outcomes:
    """Return the outcomes of one run; ``CannotEstimate`` for records of no attack."""
    sees_defence = context.attacks is not None and context.attacks.sees_defence
    return outcomes_of(records, sees_defence=sees_defence)


def outcomes_of(records: EmpiricalRecords, *, sees_defence: bool) -> Outcomes:
    """Return the outcomes of one run, whose attacks did or did not see the defence."""
    attacked = required(records.base_attacked, "base_attacked") == records.label
    _, first, example = np.unique(records.example_id, return_index=True, return_inverse=True)
    count = len(first)
    base_clean = records.base_clean == records.label
    turned = base_clean & ~attacked
    defended_clean = _right(records, records.defended_clean)
    defended = _right(records, records.defended_attacked)
    worst = None
    if defended is not None and sees_defence:
        worst = _every(defended if defended_clean is None else defended & defended_clean, example)
    elif defended is not None:
        adversarial = ~_every(~turned, example)
        worst = np.where(
            adversarial, _every(defended | ~turned, example), _every(defended, example)
        )
    norm = None
    if records.perturbation_norm is not None:
        norm = np.full(count, np.inf)
        lengths = np.where(records.perturbation_norm > 0, records.perturbation_norm, np.inf)
        np.minimum.at(norm, example, lengths)
    return Outcomes(
        base_clean=base_clean[first],
        base_attacked=_every(base_clean & attacked, example),
        adversarial=~_every(~turned, example),
        defended_clean=None if defended_clean is None else defended_clean[first],
        defended_attacked=worst,
        norm=norm,
    )


def one_per_example(records: EmpiricalRecords) -> EmpiricalRecords:
    """Return the first row of every example and run; the others repeat its clean predictions."""
    keys = list(
        zip(
            records.example_id.tolist(),
            records.checkpoint.tolist(),
            records.repeat.tolist(),
            strict=True,
        )
    )
    seen: set[tuple[str, str, int]] = set()
    rows = [i for i, key in enumerate(keys) if not (key in seen or seen.add(key))]  # type: ignore[func-returns-value]
    return take(records, rows)


def classifier_of(name: str | None, context: Context) -> str:
    """Return whose success an attack's is: as claimed, else that of what the attacks saw."""
    if name == "smoothed":
        raise CannotEstimate("empirical has no classifier smoothed")
    if name is not None:
        return name
    return "defended" if context.attacks is not None and context.attacks.sees_defence else "base"


def _right(records: EmpiricalRecords, classes: NDArray[np.int64] | None) -> Mask | None:
    return None if classes is None else np.asarray(classes == records.label)


def _every(mask: Mask, example: NDArray[np.int64]) -> Mask:
    """Return per example whether all of its rows have it."""
    found = np.ones(int(example.max()) + 1, np.bool_)
    np.logical_and.at(found, example, mask)
    return found
