"""Sums and index ranges of a formula in LaTeX, as far as they are simple enough to be sure of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

Size = tuple[Fraction, str, int]
"""``a S + b``: the factor a, the symbol S ("" for a plain number), the summand b."""
_SIZE = re.compile(r"^(?:(\d*)([A-Za-z])|(\d+))(?:/(\d+))?([+-]\d+)?$")
_SUM = r"\\sum_\{?([a-z])=([^{}^;]+)\}?\^(?:\{([^{}]+)\}|(\w))"
_MEAN = re.compile(rf"(?:\\frac\{{1\}}\{{([^{{}}]+(?:\{{\d\}})?)\}}|1/(\w+))((?:{_SUM})+)")
_RANGE = re.compile(r"((?:[a-z],)*[a-z])=([^,=;\\]+),\\[lc]?dots,([^,;\\.)}]+)")
_CLOSED = re.compile(r"([a-z])\\in\[([^,\]]+),([^\]]+)\]")
_PHASE = re.compile(r"\\frac\{([a-z])\}\{([^{}]+)\}([a-z])")
_GAPS = re.compile(r"\\(?:text|mbox|quad|qquad)(?:\{[^{}]*\})?|\\\\|[&$]")


@dataclass(frozen=True)
class Indices:
    """Values of an index, both ends included."""

    index: str
    low: str
    high: str

    @property
    def length(self) -> Size | None:
        """How many values there are; None where the ends are not simple."""
        low, high = size(self.low), size(self.high)
        if low is None or high is None or low[1] or low[0].denominator != 1:
            return None
        return high[0], high[1], high[2] - int(low[0]) - low[2] + 1

    def __str__(self) -> str:
        return f"{self.index} = {self.low} to {self.high}"


@dataclass(frozen=True)
class Mean:
    """``1/divisor`` times sums over indices."""

    divisor: str
    sums: tuple[Indices, ...]


def compact(quote: str) -> str:
    """Return a formula without spaces; words and the ends of its lines become ``;``."""
    return re.sub(r"\s+|\\cdot|\\[,!]", "", _GAPS.sub(";", quote))


def size(text: str) -> Size | None:
    """Return a size such as ``2N-1``, ``N/2`` or ``0``; None for anything else.

    >>> size("2N-1"), size("N^2")
    ((Fraction(2, 1), 'N', -1), None)
    """
    match = _SIZE.fullmatch(text)
    if match is None:
        return None
    factor, symbol, number, divisor, summand = match.groups()
    return Fraction(int(factor or number or 1), int(divisor or 1)), symbol or "", int(summand or 0)


def sums(formula: str) -> Iterator[Indices]:
    """Yield the indices of every sum of a compact formula."""
    for index, low, braced, bare in re.findall(_SUM, formula):
        yield Indices(index, low, braced or bare)


def means(formula: str) -> Iterator[Mean]:
    r"""Yield every mean of a compact formula: one over something, times sums.

    >>> [mean] = means(compact(r"\frac{1}{K} \sum_{k=0}^{K} x_k"))
    >>> mean.divisor, str(mean.sums[0])
    ('K', 'k = 0 to K')
    """
    for match in _MEAN.finditer(formula):
        yield Mean(match[1] or match[2], tuple(sums(match[3])))


def ranges(formula: str) -> Iterator[Indices]:
    """Yield every ``k, l = low, ..., high`` of a compact formula, one per index."""
    for names, low, high in _RANGE.findall(formula):
        for index in names.split(","):
            yield Indices(index, low, high)


def closed(formula: str) -> Iterator[Indices]:
    """Yield every ``k in [low, high]`` of a compact formula."""
    for index, low, high in _CLOSED.findall(formula):
        yield Indices(index, low, high)


def phases(formula: str) -> Iterator[tuple[str, str]]:
    """Yield the position and the divisor of every ``k/divisor * position`` of a Fourier sum."""
    for _, divisor, position in _PHASE.findall(formula):
        yield position, divisor
