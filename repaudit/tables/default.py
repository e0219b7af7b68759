"""The table of a file that declares none: one per certified object, one row per evaluation."""

from collections.abc import Sequence

from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.tables.cell import cell_text
from repaudit.tables.facts import Coordinates, coordinates_of
from repaudit.tables.forced import forced_columns, forced_scales
from repaudit.tables.grid import Grid
from repaudit.tables.notes import notes_of
from repaudit.tables.words import claim_words, unit_sign

_TITLES = {
    "geometry": "What T does to the noise",
    "empirical": "Accuracy",
    "aliasing": "Aliasing",
}


def default_grids(results: Results) -> list[Grid]:
    """Return one table per kind of coordinates, then one per other kind of evaluation."""
    groups: dict[Coordinates | str, list[Matched]] = {}
    for name, evaluation in results.evaluations.items():
        claims = [Matched(name, evaluation, i, c) for i, c in enumerate(evaluation.claims)]
        if isinstance(evaluation, Certification):
            groups.setdefault(coordinates_of(results, evaluation), []).extend(claims)
        else:
            groups.setdefault(evaluation.kind, []).extend(claims)
    ordered = sorted(groups.items(), key=lambda item: isinstance(item[0], str))
    return [_grid(results, key, shown) for key, shown in ordered if shown]


def _grid(results: Results, key: Coordinates | str, shown: Sequence[Matched]) -> Grid:
    rows = _by_row(shown)
    columns = list(dict.fromkeys(_column(matched.claim) for matched in shown))
    body = [[_cell(line, column) for column in columns] for line in rows.values()]
    words: list[tuple[str, Sequence[str]]] = [("evaluation", list(rows))]
    scales: list[tuple[str, list[str]]] = []
    coordinates = None if isinstance(key, str) else key
    lines = list(rows.values())
    if coordinates is not None:
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
        notes=notes_of(results, shown, coordinates, picked=False),
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


def _cell(line: Sequence[Matched], column: str) -> str:
    texts = [cell_text(matched.claim) for matched in line if _column(matched.claim) == column]
    return " / ".join(texts) if texts else "–"
