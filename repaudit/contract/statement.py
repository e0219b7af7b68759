"""What the text says about the claims, and the tables they are shown in."""

from typing import Annotated, Literal

from pydantic import Field

from repaudit.contract.base import Declared
from repaudit.contract.claim import Unit
from repaudit.contract.printed import Printed
from repaudit.contract.select import Select

Relation = Literal[
    "equal",
    "at_least",
    "at_most",
    "between",
    "about",
    "greater",
    "less",
    "constant",
    "increasing",
    "decreasing",
]


class Assert(Declared):
    """One checkable relation between claims."""

    of: Select
    minus: Select | None = None
    """the selected claims minus these"""
    over: Select | None = None
    """the selected claims divided by these"""
    relation: Relation
    value: Printed | None = None
    low: Printed | None = None
    high: Printed | None = None
    unit: Unit | None = None
    """of value, low and high"""
    than: Select | None = None
    along: Annotated[
        Literal["sigma", "epsilon", "at_radius", "at_snr_db", "radius", "directions", "n"] | None,
        Field(alias="in"),
    ] = None
    """the setting along which values increase or decrease"""


class Statement(Declared):
    """One sentence of the source, verbatim, and what it asserts."""

    source: str
    quote: str
    scope: Select | None = None
    """what every quantity in the sentence must satisfy"""
    asserts: list[Assert]
    """[] = not checkable, counted"""


class TableLine(Declared):
    """A row or a column."""

    label: str
    select: Select
    pick: Literal["max", "min"] | None = None
    """the extreme one of several claims"""
    show: Literal["value", "sigma"] | None = None
    """what the cell prints; absent = value"""


class Table(Declared):
    """A view of the claims; no numbers of its own."""

    caption: str
    source: str | None = None
    select: Select | None = None
    rows: Annotated[list[TableLine], Field(min_length=1)]
    columns: Annotated[list[TableLine], Field(min_length=1)]


class Annotation(Declared):
    """What the transcriber inferred."""

    pointer: str
    """JSON pointer into this file"""
    kind: Literal["inferred", "note"]
    text: str


class Suppression(Declared):
    """A finding the author accepts; printed and counted."""

    code: Annotated[str, Field(pattern=r"^RA\d{3}$")]
    pointer: str
    """JSON pointer of the finding"""
    reason: Annotated[str, Field(min_length=1)]
