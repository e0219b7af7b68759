"""Which rules are to run: what ``--select`` and ``--ignore`` leave."""

import re
from collections.abc import Iterable, Mapping, Sequence

from repaudit._core.errors import InputError
from repaudit._core.text import shorten
from repaudit.rules._registry import Entry, registry
from repaudit.rules.explain import closest

FOUNDATION = "RA041"
"""Whether names lead anywhere; everything that reads a results file rests on it."""


def chosen_rules(select: Sequence[str], ignore: Sequence[str]) -> frozenset[str]:
    """Return the codes of the rules that are to run.

    ``select`` and ``ignore`` hold codes or beginnings of codes. A selected rule brings the rules
    that it rests on; an ignored one does not run, whatever rests on it.

    Raises ``InputError`` for a code that no rule begins with, and for leaving out ``FOUNDATION``.
    """
    entries = registry()
    wanted = _named("--select", select, entries) or set(entries)
    unwanted = _named("--ignore", ignore, entries)
    if FOUNDATION in unwanted:
        expected = f"rules other than {FOUNDATION}, which every other one rests on"
        raise InputError("--ignore", expected, ", ".join(ignore))
    chosen: set[str] = set()
    waiting = [*wanted, FOUNDATION]
    while waiting:
        code = waiting.pop()
        if code not in chosen:
            chosen.add(code)
            waiting += entries[code].check.requires
    return frozenset(chosen - unwanted)


def _named(option: str, codes: Iterable[str], entries: Mapping[str, Entry]) -> set[str]:
    named: set[str] = set()
    for code in codes:
        begun = {known for known in entries if known.startswith(code.upper())}
        if not begun or not re.fullmatch(r"RA\d{1,3}", code.upper()):
            expected = "the code of a rule or its beginning, such as RA103 or RA4"
            raise InputError(option, expected, shorten(code), f"{option} {closest(code, entries)}")
        named |= begun
    return named
