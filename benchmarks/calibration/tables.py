"""The measured rates as the tables of the trust page."""

from collections.abc import Sequence

from benchmarks.calibration.cells import POWER
from benchmarks.calibration.plot import honest
from benchmarks.calibration.populations import NAMES
from benchmarks.calibration.study import Outcome, interval, pooled

KINDS = (
    ("400 examples", {"size": 400, "n": 10_000, "classes": 2}, "honest"),
    ("400, counts released", {"size": 400, "n": 10_000, "classes": 2}, "honest with counts"),
    ("400, n = 1000", {"size": 400, "n": 1000, "classes": 2}, "honest"),
    ("400, 12 classes", {"size": 400, "n": 10_000, "classes": 12}, "honest"),
    ("5074 examples", {"size": 5074, "n": 10_000, "classes": 2}, "honest"),
)
"""Columns of the table of false flags."""


def false_flags(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the table of honest reports that were called wrong."""
    lines = [_row(["population", *(name for name, _, _ in KINDS)]), _rule(1 + len(KINDS))]
    for name in NAMES:
        cells = [_rate(_of(outcomes, part, shape, name)) for _, shape, part in KINDS]
        lines.append(_row([name, *cells]))
    totals = [_rate(_of(outcomes, part, shape, None)) for _, shape, part in KINDS]
    return [*lines, _row(["**all**", *totals])]


def summary(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the sentences that the table of false flags comes down to."""
    flagged, reports = pooled(honest(outcomes))
    low, high = interval(flagged, reports)
    every = [row for row in outcomes if row["part"].startswith("honest")]
    all_flagged, all_reports = pooled(every)
    worst = max(row["high"] for row in honest(outcomes))
    said = "no report" if flagged == 0 else f"{flagged} reports"
    return [
        f"Of {reports:,} honest reports of 400 examples, {said} had any claim called wrong: a rate "
        f"of {_percent(flagged / reports)} (95 % interval {_percent(low)} to {_percent(high)}), "
        f"where 1 % is promised. For a single population the interval ends at {_percent(worst)} or "
        f"below. Of all {all_reports:,} honest reports, whatever their size, draws and classes and "
        f"with or without released counts, {all_flagged} had a claim or counts called wrong."
    ]


def hardware(outcomes: Sequence[Outcome]) -> list[str]:
    """Return what other hardware does to honest reports without released counts."""
    flagged, reports = pooled(row for row in outcomes if row["part"] == "other hardware")
    if not reports:
        return []
    return [
        "An honest author whose machine moves every margin at random, by .005 or .02 of sigma, "
        f"was called wrong in {flagged} of {reports} reports."
    ]


def endings(outcomes: Sequence[Outcome]) -> list[str]:
    """Return which verdicts the claims of honest reports get."""
    lines = [_row(["population", "N", "reproduced", "inconclusive", "wrong"]), _rule(5)]
    for size in (400, 5074):
        for name in POWER:
            shape = {"size": size, "n": 10_000, "classes": 2}
            row = next(iter(_of(outcomes, "honest", shape, name)), None)
            if row is None:
                continue
            counts = row["verdicts"]
            wrong = counts["overstated"] + counts["understated"] + counts["refuted"]
            total = counts["reproduced"] + counts["inconclusive"] + wrong
            shares = [counts["reproduced"], counts["inconclusive"], wrong]
            lines.append(_row([name, str(size), *(_percent(c / total) for c in shares)]))
    return lines


def power(outcomes: Sequence[Outcome]) -> list[str]:
    """Return how often each lie about a table was caught."""
    rows = [row for row in outcomes if row["part"] == "tampers"]
    heads = [f"{name}, N = {size}" for name in POWER for size in (400, 5074)]
    lines = [_row(["what was done", *heads, "seen in"]), _rule(2 + len(heads))]
    for author in dict.fromkeys(row["author"] for row in rows):
        found = {
            (row["population"], row["study"]["size"]): row
            for row in rows
            if row["author"] == author
        }
        wanted = [(name, size) for name in POWER for size in (400, 5074)]
        cells = [_caught(found.get(key)) for key in wanted]
        best = max(found.values(), key=lambda row: row["flagged"] / row["reports"])
        seen = ", ".join(best["by"][:2]) if best["flagged"] else ""
        lines.append(_row([author.replace("+1 points", "+1 point"), *cells, seen]))
    return lines


def records(outcomes: Sequence[Outcome]) -> list[str]:
    """Return how often released counts were rejected."""
    rows = [row for row in outcomes if row["part"] == "tampers with counts"]
    lines = [_row(["what was done", *(f"{name}, N = 400" for name in POWER)]), _rule(3)]
    for author in dict.fromkeys(row["author"] for row in rows):
        found = {row["population"]: row for row in rows if row["author"] == author}
        lines.append(_row([author, *(_caught(found.get(name)) for name in POWER)]))
    return lines


def made(results: dict[str, object], outcomes: Sequence[Outcome]) -> list[str]:
    """Return when, where and from what the numbers were made."""
    libraries = results["libraries"]
    assert isinstance(libraries, dict)
    names = ", ".join(f"{name} {version}" for name, version in libraries.items())
    reports = sum(row["reports"] for row in outcomes)
    minutes = round(float(str(results["seconds"])) / 60)
    return [
        f"{reports:,} reports were simulated and audited on {results['date']} with seed "
        f"{results['seed']}, on {results['machine']}, in {minutes} minutes of processor time; "
        f"Python {results['python']}, {names}."
    ]


def _of(
    outcomes: Sequence[Outcome], part: str, shape: dict[str, int], name: str | None
) -> list[Outcome]:
    return [
        row
        for row in outcomes
        if row["part"] == part
        and name in (None, row["population"])
        and shape.items() <= row["study"].items()
    ]


def _rate(rows: Sequence[Outcome]) -> str:
    """Return flagged of reports, with the end of the interval; empty where none were simulated."""
    flagged, reports = pooled(rows)
    if reports == 0:
        return ""
    return f"{flagged} of {reports:,} (≤ {_percent(interval(flagged, reports)[1])})"


def _caught(row: Outcome | None) -> str:
    return "" if row is None else f"{row['flagged'] / row['reports']:.2f}"


def _percent(share: float) -> str:
    """Return a share in percent with two digits that say something.

    >>> _percent(0.0), _percent(0.003682), _percent(0.62)
    ('0 %', '0.37 %', '62 %')
    """
    return f"{100 * share:.2g} %"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _rule(columns: int) -> str:
    return "|" + "---|" * columns
