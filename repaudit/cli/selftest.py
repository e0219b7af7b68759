"""``repaudit selftest``: does every rule of this installation still catch its own fault."""

import typer

from repaudit.cli.output import write


def selftest() -> None:
    """Check that every rule catches its own fault, alone.

    The fault of each rule's page is planted in a good file. Exits 1 and names the rules that did
    not fire, did not fire alone, or fired on the honest example beside it.
    """
    from repaudit._core.text import count
    from repaudit.rules._selftest import companions, selftest

    outcomes = []
    for outcome in selftest():
        outcomes.append(outcome)
        word, reason = ("ok  ", "") if outcome.is_good else ("FAIL", f": {outcome.reason}")
        write(f"{word}  {outcome.code} {outcome.name}{reason}\n")
    failed = [outcome.code for outcome in outcomes if not outcome.is_good]
    beside = f"beside the notes of the good file itself ({', '.join(companions())})"
    total = count(len(outcomes), "rule")
    if failed:
        write(f"{len(failed)} of {total} failed, {beside}: {', '.join(failed)}\n")
        raise typer.Exit(1)
    write(f"{total}: each fires on its fault alone, {beside}\n")
