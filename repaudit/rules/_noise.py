"""The limits that measured noise is held to, shared by the rules that judge it."""

from collections.abc import Iterator

from repaudit.rules._asked import Asked, asked
from repaudit.rules._rule import Case

SCORE = 6.0
"""standard deviations; white Gaussian noise is beyond it once in 500 million statistics"""
LOST = 0.01
"""share of coordinates that rounding may bring back to their clean value"""


def intact(case: Case) -> Iterator[Asked]:
    """Yield the noise that rounding left whole; of the rest only the rounding is said."""
    return (one for one in asked(case, "noise") if not one.exceeds("lost", LOST))
