"""Networks that the author's own code builds: only run when the user allowed it."""

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from torch import nn

from repaudit.rerun.models.errors import ModelError


def build_from_entry_point(
    entry_point: str, options: Mapping[str, Any], folder: Path | None, *, allow_code: bool
) -> nn.Module:
    """Return what ``module:factory`` builds, called with the options as keyword arguments.

    The module is one of the results file's ``folder``, or one that is installed; the working
    directory is no place to look. Nothing is imported unless ``allow_code``.

    Raises ``ModelError`` when code is not allowed, when module or factory is not found, when the
    factory fails, and when it returns something other than a network.
    """
    if not allow_code:
        hint = "read the code, then check again with --allow-code"
        raise ModelError(f"entry point {entry_point}", "leave to run it", "none", hint)
    module_name, _, factory_name = entry_point.partition(":")
    with _import_path(folder, module_name):
        try:
            network = getattr(importlib.import_module(module_name), factory_name)(**options)
        # Foreign code may raise anything; its network is then not checked.
        except Exception as error:
            found = f"{type(error).__name__}: {error}"
            raise ModelError(f"entry point {entry_point}", "a network", found) from error
    if not isinstance(network, nn.Module):
        found = type(network).__name__
        raise ModelError(f"entry point {entry_point}", "a torch.nn.Module", found)
    return network


@contextmanager
def _import_path(folder: Path | None, module_name: str) -> Iterator[None]:
    """Search ``folder`` first and the working directory not at all while the block runs."""
    saved = sys.path[:]
    here = Path.cwd()
    sys.path[:] = [entry for entry in saved if entry and Path(entry).resolve() != here]
    if folder is not None:
        _forget_namesake(module_name.partition(".")[0], folder)
        sys.path.insert(0, str(folder.resolve()))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = saved


def _forget_namesake(name: str, folder: Path) -> None:
    """Drop a module of the same name that an earlier results file's folder brought in."""
    ours = folder.resolve() / f"{name}.py", folder.resolve() / name
    loaded = sys.modules.get(name)
    if loaded is None or not any(path.exists() for path in ours):
        return
    if Path(getattr(loaded, "__file__", None) or "").resolve().is_relative_to(folder.resolve()):
        return
    for key in [key for key in sys.modules if key == name or key.startswith(name + ".")]:
        del sys.modules[key]
