"""What each metric is: the evaluations it belongs to, its type, what defines it."""

from dataclasses import dataclass
from typing import Literal

Type = Literal["proportion", "distribution", "number", "count", "time"]
C, G, E, A = "certification", "geometry", "empirical", "aliasing"
RADII = frozenset({"all", "certified", "certified_correct", "correct"})
ATTACKED = frozenset({"all", "correct"})
NORMS = frozenset({"all", "correct", "adversarial"})
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Definition:
    """What a claim of a metric has to say."""

    kinds: tuple[str, ...]
    """kinds of evaluation"""
    type: Type
    populations: frozenset[str] = NONE
    """one of which must be named; empty = none may be"""
    needs_classifier: bool = False
    """whether the number says nothing without whose it is"""
    needs_attacks: bool = False
    needs_defence: bool = False

    @property
    def units(self) -> tuple[str, ...]:
        """The units of which one must stand beside the value; empty = none may."""
        return {"proportion": ("percent", "fraction"), "time": ("s", "ms")}.get(self.type, ())


PROPORTION_C = Definition((C,), "proportion")
RADIUS = Definition((C,), "distribution", RADII)
GEOMETRY = Definition((G,), "distribution")
ALIASING = Definition((A,), "number")

DEFINITIONS = {
    "certified_accuracy": PROPORTION_C,
    "certified_wrong_rate": PROPORTION_C,
    "abstention_rate": PROPORTION_C,
    "noisy_accuracy": PROPORTION_C,
    "clean_accuracy": Definition((C, E), "proportion", needs_classifier=True),
    "certified_radius": RADIUS,
    "certified_snr": RADIUS,
    "recording_radius": RADIUS,
    "d_geom": Definition((G,), "number"),
    "norm_ratio": GEOMETRY,
    "clean_bias": GEOMETRY,
    "noise_gain": GEOMETRY,
    "cosine": GEOMETRY,
    "vector_deviation": GEOMETRY,
    "attacked_accuracy": Definition((E,), "proportion", needs_classifier=True, needs_attacks=True),
    "adversarial_count": Definition((E,), "count", needs_attacks=True),
    "defence_rate": Definition((E,), "proportion", needs_attacks=True, needs_defence=True),
    "attack_success_rate": Definition((E,), "proportion", ATTACKED, needs_attacks=True),
    "perturbation_norm": Definition((E,), "distribution", NORMS, needs_attacks=True),
    "samples_per_input": Definition((E,), "count"),
    "inference_time": Definition((E,), "time", needs_classifier=True),
    "am": ALIASING,
    "am_relative": ALIASING,
    "alias_energy": ALIASING,
    "alias_db": ALIASING,
}
"""Every metric of the contract; metrics of an extension (``x-``) have no definition."""
