"""The reporting standard for randomized-smoothing certificates, and its auditor.

``check`` audits a results file, ``load`` reads one, ``Recorder`` writes the counts of an author's
own loop. Everything is loaded when it is first asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from repaudit.audit.audit import Audit as Audit
    from repaudit.audit.load import load_audit as load_audit
    from repaudit.check import check as check
    from repaudit.check.options import CheckOptions as CheckOptions
    from repaudit.contract.load import load as load
    from repaudit.contract.results import Results as Results
    from repaudit.evidence.recorder import Recorder as Recorder

__version__ = "0.1.0"
__all__ = ["Audit", "CheckOptions", "Recorder", "Results", "check", "load", "load_audit"]

_PLACES = {
    "Audit": "repaudit.audit.audit",
    "CheckOptions": "repaudit.check.options",
    "Recorder": "repaudit.evidence.recorder",
    "Results": "repaudit.contract.results",
    "load": "repaudit.contract.load",
    "load_audit": "repaudit.audit.load",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "check":
        return import_module("repaudit.check")  # a module that can be called
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_PLACES[name]), name)
    globals()[name] = found
    return found
