"""The words of a verdict: short, plain, with the numbers it rests on."""

from repaudit.audit.comparison import DeclaredValue, Estimate
from repaudit.contract.claim import Claim
from repaudit.metrics.base import Family
from repaudit.verdicts.margins import RELATIVE


def number(value: float | None) -> str:
    """Return a number to four significant digits.

    >>> number(81.2345), number(0.0079964), number(float("inf"))
    ('81.23', '0.007996', 'infinity')
    """
    if value is None or value in (float("inf"), float("-inf")):
        return "no limit" if value is None else "infinity"
    return f"{value:.4g}"


def p_words(p_value: float) -> str:
    """Return a p-value in words; what is smaller than arithmetic can tell is said to be so.

    >>> p_words(0.01234), p_words(0.0)
    ('p = 0.01234', 'p < 1e-99')
    """
    return f"p = {number(p_value)}" if p_value > 1e-99 else "p < 1e-99"


def difference(value: float, claim: Claim, family: Family, measured: float | None) -> str:
    """Return a difference in the claim's unit: points, dB, or with its share of the measured.

    >>> from repaudit.contract.claim import Claim
    >>> share = Claim(metric="certified_accuracy", at_radius=0, unit="percent")
    >>> difference(12.5, share, "accuracy", 81.2)
    '12.5 points'
    """
    if family in RELATIVE:
        share = f" ({100.0 * value / abs(measured):.2g} %)" if measured else ""
        return f"{number(value)}{share}"
    if claim.metric == "adversarial_count":
        return f"{number(value)} examples"
    if claim.unit == "percent":
        return points(value)
    return number(value) if claim.unit == "fraction" else f"{number(value)} dB"


def margin_words(value: float, claim: Claim, family: Family) -> str:
    """Return a margin of a family: ``5 points``, ``30 %`` or ``0.1 dB``."""
    if claim.metric == "adversarial_count":
        return f"{number(value)} %"
    if family in RELATIVE:
        return f"{number(100.0 * value)} %"
    if family == "snr":
        return f"{number(value)} dB"
    return points(value) if claim.unit == "percent" else number(value / 100.0)


def points(value: float) -> str:
    """Return a number of percentage points: ``1 point``, ``2.5 points``."""
    shown = number(value)
    return f"{shown} point" if shown == "1" else f"{shown} points"


def missed_words(measured: Estimate, claim: Claim, family: Family) -> str:
    """Return the smallest difference from the re-run that would have been detected at 99 %."""
    if measured.value is None or measured.low is None or measured.high is None:
        return "no difference would have been detected"
    reach = max(measured.high - measured.value, measured.value - measured.low)
    smallest = difference(reach, claim, family, measured.value)
    return f"only differences above {smallest} would have been detected"


def honest_words(declared: DeclaredValue, measured: Estimate) -> str:
    """Return what was declared and what an honest run gives."""
    span = f"{number(measured.low)} to {number(measured.high)}"
    if measured.low == measured.high:
        return f"declared {declared.text}, the re-run gives {number(measured.value)}"
    return f"declared {declared.text}, an honest run gives {span} (99 %)"
