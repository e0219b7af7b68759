"""How measured numbers are written down."""

import math


def rounded(value: float | None, digits: int = 4) -> float | None:
    """Return a number with a few significant digits; ``None`` for what is not finite.

    >>> rounded(0.000123456), rounded(float("nan"))
    (0.0001235, None)
    """
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{digits}g}")
