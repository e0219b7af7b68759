"""The columns that every certification table gets, whatever its author selected."""

from collections.abc import Callable, Sequence
from functools import partial

from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.tables.facts import Coordinates, coordinates_of, facts_of, scale_text

Line = Sequence[Matched]
"""The claims shown in one row, or in one column."""


def shown_coordinates(results: Results, shown: Line) -> tuple[Coordinates, ...]:
    """Return what the radii of a table are measured in, in order; empty without certificates."""
    return tuple(dict.fromkeys(coordinates_of(results, e) for e in _certified(shown).values()))


def forced_columns(
    results: Results, lines: Sequence[Line], coordinates: Sequence[Coordinates]
) -> list[tuple[str, list[str]]]:
    """Return header and cells, one per line, of the words: what is certified, where, and how.

    The sigmas of every kind of coordinates have a column of their own.
    """
    facts: list[tuple[str, Callable[[Certification], str]]] = [
        ("certifies", lambda e: facts_of(results, e).object),
        ("noise", lambda e: facts_of(results, e).location),
        ("gain policy", lambda e: facts_of(results, e).gain),
        ("function", lambda e: facts_of(results, e).function),
    ]
    words = [(header, [_joined(line, text) for line in lines]) for header, text in facts]
    for kind in coordinates:
        mine = [_of_kind(results, line, kind) for line in lines]
        cells = [_joined(line, lambda e: facts_of(results, e).sigma) for line in mine]
        words.append((_header("sigma", kind, coordinates), cells))
    return words


def forced_scales(
    results: Results, lines: Sequence[Line], coordinates: Sequence[Coordinates]
) -> list[tuple[str, list[str]]]:
    """Return the raw radii, by coordinates, and the SNR of waveforms, if the author shows none."""
    found = []
    for kind in coordinates:
        mine = [_of_kind(results, line, kind) for line in lines]
        shown = [matched for line in mine for matched in line]
        wanted = [("certified_radius", _header("R", kind, coordinates))]
        if kind.object == "waveform":
            wanted.append(("certified_snr", "SNR (dB)"))
        found += [
            (header, [_joined(line, partial(scale_text, metric=metric)) for line in mine])
            for metric, header in wanted
            if not _shows(shown, metric)
        ]
    return found


def is_uniform(lines: Sequence[Line]) -> bool:
    """Whether every line is about one certification at most."""
    return all(len(_certified(line)) <= 1 for line in lines)


def _header(quantity: str, kind: Coordinates, coordinates: Sequence[Coordinates]) -> str:
    return f"{quantity} ({kind.unit})" if len(coordinates) == 1 else f"{quantity}, {kind}"


def _of_kind(results: Results, line: Line, kind: Coordinates) -> list[Matched]:
    return [
        matched
        for matched in line
        if isinstance(matched.evaluation, Certification)
        and coordinates_of(results, matched.evaluation) == kind
    ]


def _certified(line: Line) -> dict[str, Certification]:
    return {m.evaluation_id: m.evaluation for m in line if isinstance(m.evaluation, Certification)}


def _joined(line: Line, text: Callable[[Certification], str]) -> str:
    return " / ".join(dict.fromkeys(text(e) for e in _certified(line).values())) or "–"


def _shows(line: Line, metric: str) -> bool:
    """Whether the metric of each certification stands somewhere among the claims."""
    shown = {m.evaluation_id for m in line if m.claim.metric == metric}
    return shown >= set(_certified(line))
