"""Attacks: the library's behind one door, our own beside them, none of them believed."""

from collections.abc import Callable

from repaudit.rerun.attacks import eot_pgd, library, random_noise, random_search
from repaudit.rerun.attacks.problem import Candidates, Problem

__all__ = ["ATTACKS", "Candidates", "Problem"]

ATTACKS: dict[str, Callable[[Problem], Candidates]] = {
    "fgsm": library.attack,
    "pgd": library.attack,
    "deepfool": library.attack,
    "cw_l2": library.attack,
    "eot_pgd": eot_pgd.attack,
    "random_search": random_search.attack,
    "random_noise": random_noise.attack,
}
"""By name; each returns candidates for a block."""
