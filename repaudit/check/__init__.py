"""The library's one verb: ``check(path, options) -> Audit``.

The room and its verb share a name, so the module itself can be called: after
``from repaudit import check``, ``check("results.json")`` is an audit, whoever imported what before.
"""

import sys
from pathlib import Path
from types import ModuleType

from repaudit.audit.audit import Audit
from repaudit.check.audit import check as _check
from repaudit.check.options import CheckOptions

__all__ = ["CheckOptions", "check"]


def check(path: str | Path, options: CheckOptions | None = None) -> Audit:
    """Audit a results file and return everything there is to say about it.

    Raises ``InputError`` or ``ContractError`` when the file or an option cannot be used and
    ``MissingPart`` when a device that was asked for is not there; whatever else cannot be checked
    is ``not_checked`` in the audit, with its reason.
    """
    return _check(Path(path), options)


class _Verb(ModuleType):
    """A module that does what it is called."""

    def __call__(self, path: str | Path, options: CheckOptions | None = None) -> Audit:
        return check(path, options)


sys.modules[__name__].__class__ = _Verb
