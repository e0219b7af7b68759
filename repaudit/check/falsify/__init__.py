"""Attack certificates: which ones follows from the audit's seed, so no author can know them."""

from repaudit.check.falsify.falsify import ATTEMPTS, falsify
from repaudit.check.falsify.findings import findings_of

__all__ = ["ATTEMPTS", "falsify", "findings_of"]
