"""The columns that every certification table gets, whatever its author selected."""

from collections.abc import Callable, Sequence
from functools import partial

from repaudit._core.errors import InputError
from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.tables.facts import Coordinates, coordinates_of, facts_of, scale_text

Line = Sequence[Matched]
"""The claims shown in one row, or in one column."""


def common_coordinates(results: Results, shown: Line, where: str) -> Coordinates | None:
    """Return what all radii of a table are measured in, None without certificates.

    Raises ``InputError`` for a table that mixes them: a waveform radius and a log-mel radius in
    one column cannot be compared, and neither can their sigmas.
    """
    found = dict.fromkeys(
        coordinates_of(results, m.evaluation)
        for m in shown
        if isinstance(m.evaluation, Certification)
    )
    if len(found) > 1:
        mixed = " and ".join(map(str, found))
        suggestion = "one table per certified object"
        raise InputError(where, "radii in the coordinates of one object", mixed, suggestion)
    return next(iter(found), None)


def forced_columns(
    results: Results, lines: Sequence[Line], coordinates: Coordinates
) -> list[tuple[str, list[str]]]:
    """Return header and cells, one per line, of the words: what is certified, where, and how."""
    facts: list[tuple[str, Callable[[Certification], str]]] = [
        ("certifies", lambda e: facts_of(results, e).object),
        ("noise", lambda e: facts_of(results, e).location),
        ("gain policy", lambda e: facts_of(results, e).gain),
        ("function", lambda e: facts_of(results, e).function),
        (f"sigma ({coordinates.unit})", lambda e: facts_of(results, e).sigma),
    ]
    return [(header, [_joined(line, text) for line in lines]) for header, text in facts]


def forced_scales(
    results: Results, lines: Sequence[Line], coordinates: Coordinates
) -> list[tuple[str, list[str]]]:
    """Return the raw radius, and the SNR of waveforms, where the author shows none."""
    wanted = [("certified_radius", f"R ({coordinates.unit})")]
    if coordinates.object == "waveform":
        wanted.append(("certified_snr", "SNR (dB)"))
    shown = [matched for line in lines for matched in line]
    return [
        (header, [_joined(line, partial(scale_text, metric=metric)) for line in lines])
        for metric, header in wanted
        if not _shows(shown, metric)
    ]


def is_uniform(lines: Sequence[Line]) -> bool:
    """Whether every line is about one certification at most."""
    return all(len(_certified(line)) <= 1 for line in lines)


def _certified(line: Line) -> dict[str, Certification]:
    return {m.evaluation_id: m.evaluation for m in line if isinstance(m.evaluation, Certification)}


def _joined(line: Line, text: Callable[[Certification], str]) -> str:
    return " / ".join(dict.fromkeys(text(e) for e in _certified(line).values())) or "–"


def _shows(line: Line, metric: str) -> bool:
    """Whether the metric of each certification stands somewhere among the claims."""
    shown = {m.evaluation_id for m in line if m.claim.metric == metric}
    return shown >= set(_certified(line))
