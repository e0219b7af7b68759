"""What every declared object has in common: frozen, no unknown key, ``x-`` keys free."""

from typing import Any, Literal, TypeVar, Union

from pydantic import BaseModel, ConfigDict, model_validator

T = TypeVar("T")
Unstated = Literal["unstated"]
Maybe = Union[T, Unstated]
"""A value, or ``"unstated"``: the source does not say (transcriptions only)."""


def _open_for_extensions(schema: dict[str, Any]) -> None:
    schema["patternProperties"] = {"^x-": True}


class Declared(BaseModel):
    """One object of the results file."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        json_schema_extra=_open_for_extensions,
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_extension_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if not str(key).startswith("x-")}
        return data


class UnstatedError(ValueError):
    """A setting that a computation needs is ``"unstated"``; ``field`` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is unstated")
        self.field = field


def stated(value: "T | Unstated", field: str) -> T:
    """Return ``value``, or raise ``UnstatedError(field)`` when the source does not say.

    >>> stated(400, "win_length")
    400
    """
    if value == "unstated":
        raise UnstatedError(field)
    return value
