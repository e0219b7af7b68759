"""What a risk-limiting audit costs and how often it errs, as tables of the trust page."""

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


SHOWN = 1.0
"""Margin of the rows that are shown, points; the file has the others."""


def sequential(rows: Sequence[Row]) -> list[str]:
    """Return the table of audits by sample: how they end, and what they cost."""
    heads = (
        "population",
        "N",
        "audit",
        "overstated by",
        "confirmed",
        "contradicted",
        "unsettled",
        "examples",
        "forwards",
        "saving",
    )
    shown = [row for row in rows if round(row["margin"], 9) == SHOWN]
    lines = [_line(heads), "|" + "---|" * len(heads)]
    return [*lines, *(_line(_cells(row)) for row in shown), "", *_errors(shown)]


def _cells(row: Row) -> list[str]:
    kind = f"{row['kind']}, {row['records']} records" if row["records"] else row["kind"]
    return [
        row["population"],
        str(row["size"]),
        kind,
        f"{abs(row['overstated']):.1f}",
        f"{row['confirmed']:.2f}",
        f"{row['refuted'] + row['by_records']:.2f}",
        f"{row['unsettled']:.2f}",
        f"{row['examples']:.0f}",
        f"{row['forwards'] / 1000:,.0f}k",
        f"{row['saving']:.0f}x",
    ]


def _errors(rows: Sequence[Row]) -> list[str]:
    """Return the sentence on wrong confirmations and wrong decisions of curtailed draws."""
    beyond = [row for row in rows if row["overstated"] > row["margin"]]
    audits = sum(row["audits"] for row in beyond)
    confirmed = round(sum(row["confirmed"] * row["audits"] for row in beyond))
    decided = sum(row["audits"] * row["size"] for row in rows)
    wrong = sum(row["wrong_decisions"] for row in rows)
    return [
        f"Of {audits:,} tables raised by two or four times the margin, {confirmed} were confirmed. "
        f"Of {decided:,} examples whose draws stopped early, {wrong} ended otherwise than all "
        f"their draws would have."
    ]


def records(rows: Sequence[Row]) -> list[str]:
    """Return the table of targeted record audits: size in the first column, power in the rest."""
    errors = sorted({row["sigma_error"] for row in rows})
    heads = ["population", "N", "examples", *(_error_words(e) for e in errors), "forwards"]
    lines = [_line(heads), "|" + "---|" * len(heads)]
    keys = dict.fromkeys((row["population"], row["size"], row["examples"]) for row in rows)
    for key in keys:
        found = {
            row["sigma_error"]: row
            for row in rows
            if (row["population"], row["size"], row["examples"]) == key
        }
        cells = [f"{found[error]['rejected']:.2f}" if error in found else "" for error in errors]
        forwards = f"{found[errors[0]]['forwards'] / 1000:,.0f}k"
        lines.append(_line([key[0], str(key[1]), str(key[2]), *cells, forwards]))
    return lines


def _error_words(error: float) -> str:
    return "honest" if error == 0.0 else f"sigma {100.0 * error:+g} %"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
