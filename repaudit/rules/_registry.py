"""The folder is the registry: every module ``ra<ddd>_<name>.py`` is one rule."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from types import ModuleType

import repaudit.rules
from repaudit.rules._page import Page, PageFault, parse_page
from repaudit.rules._rule import Check

_FILE = re.compile(r"^ra(\d{3})_([a-z0-9]+(?:_[a-z0-9]+)*)$")
_NO_RULES = {"explain"}


class RegistryFault(RuntimeError):
    """A rule file that is none: a fault of the program, never of a results file."""


@dataclass(frozen=True)
class Entry:
    """A rule of the registry."""

    code: str
    """RA and three digits, from the file name"""
    name: str
    """public name, from the file name, readable as "allow <name>\""""
    page: Page
    check: Check


@cache
def registry() -> Mapping[str, Entry]:
    """Return every rule by its code, sorted by code.

    Raises ``RegistryFault`` for a file that is no rule, a repeated code, or a prerequisite that
    does not exist; an import error propagates.
    """
    found = pkgutil.iter_modules(repaudit.rules.__path__)
    names = sorted(m.name for m in found if not m.name.startswith("_") and m.name not in _NO_RULES)
    modules = [importlib.import_module(f"repaudit.rules.{name}") for name in names]
    return collect(modules)


def collect(modules: Iterable[ModuleType]) -> dict[str, Entry]:
    """Return the rules of some modules by code, in the modules' order."""
    entries: dict[str, Entry] = {}
    for module in modules:
        entry = entry_of(module)
        if entry.code in entries:
            raise RegistryFault(f"{module.__name__}: the code {entry.code} is taken")
        entries[entry.code] = entry
    in_order(entries)
    return entries


def entry_of(module: ModuleType) -> Entry:
    """Return the rule that a module holds."""
    match = _FILE.match(module.__name__.rpartition(".")[2])
    check = getattr(module, "check", None)
    if match is None or not isinstance(check, Check):
        raise RegistryFault(f"{module.__name__}: expected ra<ddd>_<name>.py with a rule `check`")
    try:
        page = parse_page(inspect.getdoc(module) or "")
    except PageFault as fault:
        raise RegistryFault(f"{module.__name__}: {fault}") from None
    return Entry(f"RA{match[1]}", match[2].replace("_", "-"), page, check)


def in_order(entries: Mapping[str, Entry]) -> list[Entry]:
    """Return the rules with every prerequisite before its dependants, those that run last last.

    Raises ``RegistryFault`` for an unknown prerequisite or a circle of them.
    """
    graph = {code: entry.check.requires for code, entry in sorted(entries.items())}
    unknown = {code for needed in graph.values() for code in needed} - entries.keys()
    if unknown:
        raise RegistryFault(f"unknown prerequisites {', '.join(sorted(unknown))}")
    try:
        order = [entries[code] for code in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise RegistryFault(f"prerequisites in a circle: {error.args[1]}") from None
    return sorted(order, key=lambda entry: entry.check.last)
