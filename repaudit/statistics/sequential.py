"""Confirm or refute a share from examples drawn one by one, at a risk stated beforehand.

A bet is placed on every example against a null hypothesis about the mean of a finite
population. While the null holds, the stake has no upward drift, so it ever reaches 1 / risk
with probability at most ``risk``, whatever the rule for stopping. Examples are drawn without
replacement: what is left of the null's total is known at every step.

    m_t     mean the null leaves for the rest: (N mu_0 - sum of x before t) / (N - t + 1)
    M_t(c)  M_(t-1)(c) (1 + c (x_t / m_t - 1)), averaged over the fixed bets c

Units
    Shares and margins are fractions; ``risk`` is that of one direction.

References
    [Ville39] J. Ville, Etude critique de la notion de collectif, 1939 (the inequality).
    [Stark22] P. Stark, ALPHA: audit that learns from previously hand-audited ballots, 2022,
    arXiv 2201.02707, section 2 (sampling without replacement, impossible and certain nulls).
    [WSR20] I. Waudby-Smith, A. Ramdas, Estimating means of bounded random variables by
    betting, 2020, arXiv 2010.09686 (averages over bets).
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BETS: FloatArray = np.concatenate(
    [np.geomspace(0.003, 0.3, 14), [0.4, 0.5, 0.6, 0.7, 0.8, 0.88, 0.94, 0.98]]
)
"""Shares of the stake that are bet: small ones suit close calls, large ones clear cases."""
BETS.setflags(write=False)
_TIE = 1e-9
"""Times the population, the total below which the null's rest is equal to a bound: above the
rounding of any sum of examples, below the half unit by which the totals here move."""
_EXAMPLES_TIMES_MARGIN = 7.5
"""Upper end of what honest tables took in simulation: 6.3 to 7.5 examples per 1 / margin."""


class Martingale:
    """The stake against one null hypothesis: the population mean is at most ``null_mean``.

    >>> fair = Martingale(population=2, null_mean=0.5)
    >>> fair.add(1.0)  # doubles what was bet: average over bets of 1 + c
    >>> bool(fair.value == 1.0 + BETS.mean())
    True
    >>> fair.add(1.0)  # two of two, where the null allows one
    >>> fair.value, fair.p_value
    (inf, 0.0)
    """

    def __init__(self, population: int, null_mean: float) -> None:
        """Place nothing yet; a negative ``null_mean`` is impossible from the start.

        Raises ``ValueError`` for an empty population or a mean that is not finite.
        """
        if population < 1:
            raise ValueError(f"population: expected at least 1 example, got {population}")
        if not np.isfinite(null_mean):
            raise ValueError(f"null_mean: expected a finite number, got {null_mean}")
        self.population, self.null_mean = population, float(null_mean)
        self.seen = 0
        """Examples added so far."""
        self._sum = 0.0
        self._log_stakes = np.zeros(BETS.size)
        self._log_value = np.inf if population * null_mean < -_TIE * population else 0.0
        self._log_maximum = max(self._log_value, 0.0)

    def add(self, x: float) -> None:
        """Bet on the next example, whose value ``x`` is in [0, 1].

        Raises ``ValueError`` outside [0, 1] or beyond the last example.
        """
        self.extend([x])

    def extend(self, values: ArrayLike) -> FloatArray:
        """Bet on the next examples in turn; return the logarithm of the stake after each.

        Shapes
            values  f64[examples]   in [0, 1], in the order drawn
            return  f64[examples]   inf from where the null is impossible
        """
        x = np.asarray(values, np.float64).ravel()
        if not np.all((x >= 0.0) & (x <= 1.0)):
            raise ValueError("examples: expected values in [0, 1]")
        if self.seen + x.size > self.population:
            raise ValueError(f"examples: expected at most {self.population} in all")
        if x.size == 0:
            return x
        left = self.population - self.seen - np.arange(x.size)
        after = self._sum + np.cumsum(x)
        rest = self.population * self.null_mean - np.concatenate([[self._sum], after[:-1]])
        tie = _TIE * self.population
        # nothing is bet where the rest of the null is certain, or leaves only zeros
        open_ = (rest > tie) & (rest < left - tie)
        gain = np.where(open_, x * left / np.where(open_, rest, 1.0) - 1.0, 0.0)
        log_stakes = self._log_stakes + np.cumsum(np.log1p(np.outer(gain, BETS)), axis=0)
        top = log_stakes.max(axis=1)
        log_value = top + np.log(np.exp(log_stakes - top[:, None]).mean(axis=1))
        impossible = self.population * self.null_mean - after < -tie
        log_value = np.where(impossible, np.inf, log_value)
        self.seen += x.size
        self._sum, self._log_stakes = float(after[-1]), log_stakes[-1]
        self._log_value = float(log_value[-1])
        self._log_maximum = max(self._log_maximum, float(log_value.max()))
        return np.asarray(log_value)

    @property
    def value(self) -> float:
        """M_t, 1 before the first example; inf once no rest of the population fits the null."""
        return _exp(self._log_value)

    @property
    def p_value(self) -> float:
        """min(1, 1 / the largest value so far): valid whenever it is read."""
        return _exp(-self._log_maximum)

    def rejects(self, risk: float) -> bool:
        """Return whether the stake has ever reached 1 / risk; wrong at most that often.

        Raises ``ValueError`` for a risk outside (0, 1).
        """
        if not 0.0 < risk < 1.0:
            raise ValueError(f"risk: expected a number in (0, 1), got {risk}")
        return bool(self._log_maximum >= -np.log(risk))


class SequentialAudit:
    """Two martingales side by side: one to confirm a declared share, one to refute it.

    ``confirm`` bets against "overstated by ``margin`` or more", ``refute`` against "overstated
    by ``refute_margin`` or less". Between the margins lies what neither settles.

    >>> audit = SequentialAudit.comparison(population=1000, margin=0.05)
    >>> for _ in range(examples_needed(0.05)):  # every example as declared
    ...     audit.add(0)
    >>> audit.verdict(risk=0.009)
    'confirmed'
    """

    def __init__(
        self, confirm: Martingale, refute: Martingale, kind: Literal["comparison", "polling"]
    ) -> None:
        """Use `comparison` or `polling` instead."""
        self.confirm, self.refute, self.kind = confirm, refute, kind

    @classmethod
    def comparison(
        cls, population: int, margin: float, refute_margin: float | None = None
    ) -> "SequentialAudit":
        """Audit the differences o = declared - measured of examples, each -1, 0 or 1.

        Confirms against H0 mean o >= margin, refutes against H0' mean o <= refute_margin, which
        is ``margin`` when not given. Raises ``ValueError`` for margins that are not
        0 < margin <= refute_margin < 1.
        """
        upper = _checked_margins(margin, refute_margin)
        confirm = Martingale(population, (1.0 - margin) / 2.0)
        return cls(confirm, Martingale(population, (1.0 + upper) / 2.0), "comparison")

    @classmethod
    def polling(
        cls, population: int, claimed: float, margin: float, refute_margin: float | None = None
    ) -> "SequentialAudit":
        """Audit the outcomes y of examples, each 0 or 1, against a declared share alone.

        Confirms against H0 mean y <= claimed - margin, refutes against H0' mean y >= claimed -
        refute_margin. Raises ``ValueError`` as `comparison`, and for a share outside [0, 1].
        """
        if not 0.0 <= claimed <= 1.0:
            raise ValueError(f"claimed: expected a share in [0, 1], got {claimed}")
        upper = _checked_margins(margin, refute_margin)
        confirm = Martingale(population, claimed - margin)
        return cls(confirm, Martingale(population, 1.0 - (claimed - upper)), "polling")

    def add(self, outcome: int) -> None:
        """Take the next example: its difference in a comparison, its outcome in a poll.

        Raises ``ValueError`` for a value of the other kind or beyond the last example.
        """
        self.extend([outcome])

    def extend(self, outcomes: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Take examples in turn; return the log stakes of ``confirm`` and ``refute`` after each."""
        o = np.asarray(outcomes, np.float64).ravel()
        allowed = [-1.0, 0.0, 1.0] if self.kind == "comparison" else [0.0, 1.0]
        if not np.all(np.isin(o, allowed)):
            raise ValueError(f"{self.kind}: expected outcomes among {allowed}")
        if self.kind == "polling":
            return self.confirm.extend(o), self.refute.extend(1.0 - o)
        return self.confirm.extend((1.0 - o) / 2.0), self.refute.extend((1.0 + o) / 2.0)

    @property
    def seen(self) -> int:
        """Examples taken so far."""
        return self.confirm.seen

    def verdict(self, risk: float) -> Literal["confirmed", "refuted"] | None:
        """Return what is settled at this risk per direction; None while nothing is.

        An audit that goes on after a verdict may come to reject both nulls; they contradict
        each other, and so nothing is settled.
        """
        confirmed, refuted = self.confirm.rejects(risk), self.refute.rejects(risk)
        if confirmed == refuted:
            return None
        return "confirmed" if confirmed else "refuted"


def examples_needed(margin: float) -> int:
    """Return about how many examples confirm an honest table by comparison at risk .009.

    A plan for large populations; a smaller population is visited as a whole. Raises
    ``ValueError`` for a margin outside (0, 1).

    >>> examples_needed(0.01)
    750
    """
    _checked_margins(margin, None)
    return int(np.ceil(_EXAMPLES_TIMES_MARGIN / margin - _TIE))


def _checked_margins(margin: float, refute_margin: float | None) -> float:
    upper = margin if refute_margin is None else refute_margin
    if not 0.0 < margin <= upper < 1.0:
        raise ValueError(
            f"margins: expected 0 < margin <= refute_margin < 1, got {margin}, {upper}"
        )
    return upper


def _exp(log: float) -> float:
    """Exponentiate without a warning: a stake too large for a float is infinite."""
    return float(np.exp(log)) if log < 700.0 else float("inf")
