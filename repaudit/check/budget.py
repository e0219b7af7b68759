"""How much an audit may cost: what was typed, as a time or as a number of forwards."""

import re
from dataclasses import dataclass

from repaudit._core.errors import InputError
from repaudit.check.options import Mode

DEFAULTS: dict[Mode, str | None] = {"full": None, "risk-limiting": "30m", "quick": "2m"}
SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
THOUSANDS = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9}
_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*([smh])\Z")
_FORWARDS = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]?)-forwards\Z")


@dataclass(frozen=True)
class Budget:
    """What was asked for: a time, a number of forwards, or neither."""

    text: str | None
    seconds: float | None = None
    forwards: int | None = None


def budget_of(text: str | None, mode: Mode) -> Budget:
    """Return the budget that was typed, or the mode's own.

    Raises ``InputError`` for a text that is neither a time nor a number of forwards.

    >>> budget_of("1.5M-forwards", "full").forwards, budget_of("10m", "quick").seconds
    (1500000, 600.0)
    """
    text = DEFAULTS[mode] if text is None else text
    if text is None:
        return Budget(None)
    if match := _TIME.match(text.strip().lower()):
        return _positive(Budget(text, seconds=float(match[1]) * SECONDS[match[2]]))
    if match := _FORWARDS.match(text.strip().lower()):
        return _positive(Budget(text, forwards=int(float(match[1]) * THOUSANDS[match[2]])))
    expected = "a time or a number of forwards"
    raise InputError("--budget", expected, repr(text)[:40], "--budget 10m, or 500k-forwards")


def _positive(budget: Budget) -> Budget:
    if budget.seconds == 0.0 or budget.forwards == 0:
        raise InputError("--budget", "more than nothing", repr(budget.text), "--static")
    return budget
