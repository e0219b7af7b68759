"""The folder is the registry: every public module but the entrances asks one question."""

import pkgutil
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

import repaudit.rerun.probes
from repaudit.rerun.probes._bench import Bench, Numbers

Ask = Callable[[Bench], Numbers | None]
"""returns what was measured, ``None`` where the question has no object; raises ``NotAsked``"""

ENTRANCES = {"probe_sampler", "run"}


@cache
def registry() -> Mapping[str, Ask]:
    """Return every question by its name, sorted by name.

    Raises ``RuntimeError`` for a file that asks nothing; an import error propagates.
    """
    found: dict[str, Ask] = {}
    names = {info.name for info in pkgutil.iter_modules(repaudit.rerun.probes.__path__)}
    for name in sorted(n for n in names if not n.startswith("_") and n not in ENTRANCES):
        module = import_module(f"repaudit.rerun.probes.{name}")
        if not callable(getattr(module, "ask", None)):
            raise RuntimeError(f"{module.__name__}: expected a function `ask`")
        found[name] = module.ask
    return found
