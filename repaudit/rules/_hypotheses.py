"""Other settings under which published radii might have been made than the ones stated."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from repaudit._core import special
from repaudit.statistics.bounds import (
    EXACT,
    LARGEST_N,
    LowerBound,
    bound_ceiling,
    bound_lattice,
)

FloatArray = NDArray[np.float64]
Changed = Literal["nothing", "side", "alpha", "bound", "pooled", "draws", "sigma", "arithmetic"]
Arithmetic = Literal["float64", "float32", "float16"]
ROUNDED: tuple[Arithmetic, ...] = ("float32", "float16")
ALPHAS = (0.05, 0.01, 0.001, 0.0001)
BOUNDS: dict[LowerBound, str] = {
    EXACT: "one-sided Clopper-Pearson",
    "wilson": "Wilson",
    "jeffreys": "Jeffreys",
    "hoeffding": "Hoeffding",
}
DRAWS = (100, 1000, 10_000, 100_000, 1_000_000)


@dataclass(frozen=True)
class Setting:
    """What radii of one sampling follow from, in units of sigma."""

    n: int
    alpha: float
    bound: LowerBound = EXACT
    arithmetic: Arithmetic = "float64"
    """the type that the bound was rounded to before the normal quantile was taken"""

    @property
    def lattice(self) -> FloatArray:
        """Every positive R / sigma, ascending."""
        if self.arithmetic == "float64":
            return bound_lattice(self.n, self.alpha, self.bound)
        return _rounded(self)

    @property
    def ceiling(self) -> float:
        """The largest R / sigma; 0.0 when there is none."""
        if self.arithmetic == "float64":
            return bound_ceiling(self.n, self.alpha, self.bound)
        return float(self.lattice[-1]) if len(self.lattice) else 0.0


@lru_cache(maxsize=16)
def _rounded(setting: Setting) -> FloatArray:
    """Return the lattice of a bound that was rounded; where it became 1 the radius is infinite."""
    kind = np.float16 if setting.arithmetic == "float16" else np.float32
    share = special.ndtr(bound_lattice(setting.n, setting.alpha, setting.bound))
    z = np.unique(special.ndtri(share.astype(kind).astype(np.float64)))
    return np.asarray(z[(z > 0.0) & np.isfinite(z)])


@dataclass(frozen=True)
class Hypothesis:
    """One other setting, in words."""

    by: str
    changed: Changed
    setting: Setting


def hypotheses(declared: Setting, n0: int | None, examples: int | None) -> Iterator[Hypothesis]:
    """Yield the declared setting, then every other one, none twice.

    ``n0`` and ``examples`` are the selection draws and the number of examples, None when unknown.
    """
    seen: set[Setting] = set()
    for made in _all(declared, n0, examples):
        if made.setting not in seen and made.setting.n <= LARGEST_N and made.setting.alpha < 1.0:
            seen.add(made.setting)
            yield made


def _all(declared: Setting, n0: int | None, examples: int | None) -> Iterator[Hypothesis]:
    n, alpha, bound = declared.n, declared.alpha, declared.bound
    yield Hypothesis("the declared setting", "nothing", declared)
    half, double = Setting(n, alpha / 2.0, bound), Setting(n, alpha * 2.0, bound)
    yield Hypothesis(f"alpha / 2 = {alpha / 2.0:g}, as two-sided bounds have it", "side", half)
    yield Hypothesis(f"2 alpha = {alpha * 2.0:g}", "side", double)
    for other in ALPHAS:
        yield Hypothesis(f"alpha = {other:g}", "alpha", Setting(n, other, bound))
    if examples:
        split = alpha / examples
        words = f"alpha / {examples} = {split:.3g}, split over the examples"
        yield Hypothesis(words, "alpha", Setting(n, split, bound))
    for name, words in BOUNDS.items():
        yield Hypothesis(f"the {words} bound", "bound", Setting(n, alpha, name))
    if n0:
        words = f"n + n0 = {n + n0} draws, those of the selection included"
        yield Hypothesis(words, "pooled", Setting(n + n0, alpha, bound))
    for draws in DRAWS:
        yield Hypothesis(f"n = {draws}", "draws", Setting(draws, alpha, bound))
    for kind in ROUNDED:
        words = f"a bound rounded to {kind}"
        yield Hypothesis(words, "arithmetic", Setting(n, alpha, bound, kind))
