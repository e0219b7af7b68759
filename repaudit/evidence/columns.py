"""The columns of each kind of records, read off the tables themselves."""

from dataclasses import fields
from functools import lru_cache
from typing import Literal, NamedTuple, get_args, get_type_hints

from repaudit.evidence.tables import (
    AliasingRecords,
    CertificationRecords,
    EmpiricalRecords,
    Floats,
    GeometryRecords,
    Ints,
    Names,
    RadiusRecords,
    Records,
)

Kind = Literal["certification", "geometry", "empirical", "aliasing"]
Type = Literal["text", "integer", "number"]

TABLES: dict[Kind, type[Records]] = {
    "certification": CertificationRecords,
    "geometry": GeometryRecords,
    "empirical": EmpiricalRecords,
    "aliasing": AliasingRecords,
}
KEYS: dict[Kind, tuple[str, ...]] = {
    "certification": ("example_id", "checkpoint", "repeat"),
    "geometry": ("example_id", "draw", "repeat"),
    "empirical": ("example_id", "checkpoint", "repeat", "attack"),
    "aliasing": ("example_id", "layer", "checkpoint"),
}
"""What identifies a row: stands there once."""

NULLABLE = frozenset({"recording_radius"})
"""Columns in which a value may be undefined: empty, null or nan."""

CLASSES = frozenset(
    {
        "selected_class",
        "top_class",
        "base_class",
        "noisy_class",
        "base_clean",
        "base_attacked",
        "defended_clean",
        "defended_attacked",
    }
)
"""Predicted classes; -1 = no class, because every output was non-finite."""

_IMPLIED = frozenset({"checkpoint", "repeat"})
_TYPES: dict[object, Type] = {Names: "text", Ints: "integer", Floats: "number"}


class Column(NamedTuple):
    """One column of a table."""

    name: str
    type: Type
    required: bool
    """whether a file must have it; ``checkpoint`` and ``repeat`` follow from where it stands"""


@lru_cache(maxsize=8)
def columns_of(kind: Kind) -> dict[str, Column]:
    """Return the columns of a kind of records, in the order of the table.

    >>> [c.name for c in columns_of("geometry").values() if c.required]
    ['example_id', 'draw', 'noise_norm', 'delta_norm']
    """
    table = TABLES[kind]
    hints = get_type_hints(table)
    return {field.name: _column(field.name, hints[field.name]) for field in fields(table)}


def kind_of(records: Records) -> Kind:
    """Return the kind of evaluation that some records are of."""
    if isinstance(records, RadiusRecords):
        return "certification"
    return next(kind for kind, table in TABLES.items() if isinstance(records, table))


def _column(name: str, hint: object) -> Column:
    optional = type(None) in get_args(hint)
    column_type = _TYPES[get_args(hint)[0] if optional else hint]
    return Column(name, column_type, not optional and name not in _IMPLIED)
