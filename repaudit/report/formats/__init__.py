"""One file per format, each with ``render(audit) -> str``; the folder is the list of formats."""

from importlib import import_module
from pkgutil import iter_modules

from repaudit.audit.audit import Audit

FORMATS = tuple(sorted(module.name for module in iter_modules(__path__)))
"""Names of the formats."""


def render_audit(audit: Audit, format: str) -> str:
    """Return the audit in a format of ``FORMATS``; ``ValueError`` for any other name."""
    if format not in FORMATS:
        raise ValueError(f"expected one of {', '.join(FORMATS)}, found {format}")
    # Imported when asked for, so that a JSON report does not wait for a terminal library.
    module = import_module(f"{__name__}.{format}")
    rendered: str = module.render(audit)
    return rendered
