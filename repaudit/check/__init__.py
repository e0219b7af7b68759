"""The library's one verb: ``check(path, options) -> Audit``."""

from repaudit.check.audit import check
from repaudit.check.options import CheckOptions

__all__ = ["CheckOptions", "check"]
