"""True sentences about a report's claims, with fewer digits as prose has them."""

from decimal import Decimal
from typing import Any

import numpy as np

from tests.simulations.printing import digits

Document = dict[str, Any]
CERTIFIED = {"evaluation": "words", "metric": "certified_accuracy"}
AT_ZERO = {**CERTIFIED, "at_radius": 0}


def statements_of(claims: list[Document], rng: np.random.Generator) -> list[Document]:
    """Return sentences that hold."""
    over_runs = [c for c in claims if "checkpoint" not in c]
    curve = [c for c in over_runs if "at_radius" in c]
    zero, middle = curve[0], curve[2]
    unit = {"unit": zero["unit"]}
    shift = 0 if zero["unit"] == "percent" else 2
    fewer = shift + int(rng.integers(0, 3))
    floor = digits(float(zero["value"]), shift, "floor")
    gap = Decimal(zero["value"]) - Decimal(middle["value"])
    at_middle = {**CERTIFIED, "at_radius": middle["at_radius"]}
    asserts = [
        {"of": AT_ZERO, "relation": "equal", "value": _short(zero["value"], fewer), **unit},
        {"of": AT_ZERO, "relation": "at_least", "value": floor, **unit},
        {
            "of": AT_ZERO,
            "minus": at_middle,
            "relation": "equal",
            "value": _short(str(gap), fewer),
            **unit,
        },
        {
            "of": {**CERTIFIED, "at_radius": [c["at_radius"] for c in curve]},
            "relation": "decreasing",
            "in": "at_radius",
        },
        {"of": AT_ZERO, "relation": "about", "value": zero["value"], **unit},
        {"of": AT_ZERO, "relation": "between", "low": floor, "high": zero["value"], **unit},
    ]
    return [{"source": "abstract", "quote": "…", "asserts": asserts}]


def _short(value: str, decimals: int) -> str:
    return digits(float(value), decimals, "half_even")
