"""The table of a file that declares none: one per certified object, one row per evaluation."""

from collections.abc import Sequence
from dataclasses import replace

from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.tables.attacks import attack_columns
from repaudit.tables.cell import cell_text
from repaudit.tables.facts import Coordinates, coordinates_of
from repaudit.tables.forced import forced_columns, forced_scales
from repaudit.tables.grid import Grid
from repaudit.tables.measured import Audited
from repaudit.tables.notes import notes_of
from repaudit.tables.words import claim_words, unit_sign

_TITLES = {
    "geometry": "What T does to the noise",
    "empirical": "Accuracy",
    "aliasing": "Aliasing",
}


def default_grids(results: Results, audited: Audited | None = None) -> list[Grid]:
    """Return one table per kind of coordinates, then one per other kind of evaluation.

    ``audited``  adds a column behind each: what we measured, and the verdict
    """
    groups: dict[Coordinates | str, list[Matched]] = {}
    for name, evaluation in results.evaluations.items():
        claims = [Matched(name, evaluation, i, c) for i, c in enumerate(evaluation.claims)]
        if isinstance(evaluation, Certification):
            groups.setdefault(coordinates_of(results, evaluation), []).extend(claims)
        else:
            groups.setdefault(evaluation.kind, []).extend(claims)
    ordered = sorted(groups.items(), key=lambda item: isinstance(item[0], str))
    grids = [_grid(results, key, shown, audited) for key, shown in ordered if shown]
    return _named_apart(grids)


def _named_apart(grids: Sequence[Grid]) -> list[Grid]:
    """Return the tables with names that tell them apart: two units of one object share one."""
    names = [grid.name for grid in grids]
    return [
        replace(grid, name=f"{grid.name}-{names[: i + 1].count(grid.name)}")
        if grid.name in names[:i]
        else grid
        for i, grid in enumerate(grids)
    ]


def _grid(
    results: Results, key: Coordinates | str, shown: Sequence[Matched], audited: Audited | None
) -> Grid:
    rows = _by_row(shown)
    columns = list(dict.fromkeys(_column(matched.claim) for matched in shown))
    body = [
        [text for column in columns for text in _cells(line, column, audited)]
        for line in rows.values()
    ]
    if audited is not None:
        columns = [head for column in columns for head in (column, f"{column}, measured")]
    words: list[tuple[str, Sequence[str]]] = [("evaluation", list(rows))]
    scales: list[tuple[str, list[str]]] = []
    coordinates = () if isinstance(key, str) else (key,)
    lines = list(rows.values())
    words += attack_columns(results, lines)
    if coordinates:
        words += forced_columns(results, lines, coordinates)
        scales = forced_scales(results, lines, coordinates)
    return Grid(
        name=key if isinstance(key, str) else key.object,
        caption=_TITLES[key] if isinstance(key, str) else f"Certificates of the {key.object}",
        header=(*(h for h, _ in words), *columns, *(h for h, _ in scales)),
        rows=tuple(
            (*(texts[i] for _, texts in words), *line, *(texts[i] for _, texts in scales))
            for i, line in enumerate(body)
        ),
        texts=len(words),
        notes=(
            *notes_of(results, shown, coordinates, picked=False),
            *([audited.note] if audited is not None else []),
        ),
    )


def _by_row(shown: Sequence[Matched]) -> dict[str, list[Matched]]:
    """Return the claims of each evaluation; those of one checkpoint make a row of their own."""
    rows: dict[str, list[Matched]] = {}
    for matched in shown:
        checkpoint = matched.claim.checkpoint
        label = matched.evaluation_id + ("" if checkpoint is None else f", {checkpoint}")
        rows.setdefault(label, []).append(matched)
    return rows


def _column(claim: Claim) -> str:
    sign = unit_sign(claim)
    return claim_words(claim) + (f" ({sign})" if sign else "")


def _cells(line: Sequence[Matched], column: str, audited: Audited | None) -> list[str]:
    """Return the cell of a column and, from an audit, the measured one behind it."""
    mine = [matched for matched in line if _column(matched.claim) == column]
    texts = [[cell_text(matched.claim) for matched in mine]]
    if audited is not None:
        texts.append([audited.text(matched) for matched in mine])
    return [" / ".join(found) if found else "–" for found in texts]
