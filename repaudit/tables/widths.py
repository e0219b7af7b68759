r"""How wide a text is in LaTeX, before LaTeX sets it.

Computer Modern Roman at 10 points, the face of a plain article; the smaller sizes are in nearly
the same proportion.

**Units** points of TeX.

**References** the metrics of ``cmr10``, rounded up so that no text is wider than said.
"""

import re
from typing import Final

_UNKNOWN: Final = 10.3
"""Of a character that no row below names: that of W, the widest letter."""
_MEASURED: Final = {
    2.8: "il.,:;'![]|·",
    3.4: "jf- ",
    4.0: "tsr()I_",
    4.5: "cez",
    5.3: "agokqvxyJ0123456789/*$?^~{}`∘–",
    5.6: "bdhnpuS",
    6.3: "LZ",
    6.9: "EFP",
    7.6: "wABCHNRTUVXY",
    7.9: "DGKOQ&=+<>±≥≤×",
    8.4: "m%#",
    9.2: "M",
}
_WIDTHS: Final = {sign: width for width, signs in _MEASURED.items() for sign in signs}
_BREAK: Final = re.compile(r"\s+|(?<=-)(?!-)")
"""Where TeX may end a line of a text that we escaped: a blank, or behind a hyphen."""


def text_width(text: str) -> float:
    """Return the width of a text on one line; kerning, which TeX may add, is negative or small.

    >>> text_width("0.25")
    18.7
    """
    return round(sum(_WIDTHS.get(character, _UNKNOWN) for character in text), 1)


def word_width(text: str) -> float:
    """Return the width of the widest part of a text that TeX cannot break."""
    return max(map(text_width, _BREAK.split(text)), default=0.0)
