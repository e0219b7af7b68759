"""One file per format, each with ``render(audit) -> str``; the folder is the list of formats.

A format that a machine reads has ``render_failure(failure) -> str`` too: a command that ends
without an audit leaves that, so that nobody reads yesterday's file as today's pass.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from repaudit.audit.audit import Audit
from repaudit.report.failure import Failure

FORMATS = tuple(sorted(module.name for module in iter_modules(__path__)))
"""Names of the formats."""


def render_audit(audit: Audit, format: str) -> str:
    """Return the audit in a format of ``FORMATS``; ``ValueError`` for any other name."""
    rendered: str = _module(format).render(audit)
    return rendered


def render_failure(failure: Failure, format: str) -> str | None:
    """Return what a format says when there is no audit; None for one that cannot say it."""
    module = _module(format)
    if not hasattr(module, "render_failure"):
        return None
    rendered: str = module.render_failure(failure)
    return rendered


def _module(format: str) -> ModuleType:
    if format not in FORMATS:
        raise ValueError(f"expected one of {', '.join(FORMATS)}, found {format}")
    # Imported when asked for, so that a JSON report does not wait for a terminal library.
    return import_module(f"{__name__}.{format}")
