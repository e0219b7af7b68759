"""``scipy.special``, imported at the first use of a function.

Its import takes a fifth of the start of a static audit, and many files have no certificate.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scipy.special import *  # noqa: F403
else:

    def __getattr__(name: str) -> object:
        from scipy import special

        return getattr(special, name)
