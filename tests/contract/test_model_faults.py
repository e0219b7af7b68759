"""What only the typed models refuse becomes one fault per place, with its JSON pointer."""

from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from repaudit.contract.model_faults import model_faults


def whole(value: float) -> float:
    """Refuse a fraction, as a model may refuse what a pattern lets pass."""
    if value % 1:
        raise ValueError(f"expected a whole number, got {value}")
    return value


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Annotated[float, AfterValidator(whole)]


class Dog(BaseModel):
    kind: Literal["dog"]


class House(BaseModel):
    pets: list[Annotated[Cat | Dog, Field(discriminator="kind")]] = []
    rooms: Annotated[float, AfterValidator(whole)] | Literal["unstated"] = "unstated"
    sizes: float | list[Annotated[float, AfterValidator(whole)]] = 0
    names: dict[Annotated[str, Field(pattern="^[a-z]+$")], int] = {}


def faults(document):
    with pytest.raises(ValidationError) as caught:
        House.model_validate(document)
    return [
        (fault.pointer, fault.expected, fault.found, fault.is_key)
        for fault in model_faults(caught.value, document)
    ]


def test_the_tag_of_a_union_is_no_part_of_the_pointer():
    document = {"pets": [{"kind": "dog"}, {"kind": "cat", "lives": 0.5}]}
    assert faults(document) == [("/pets/1/lives", "a whole number", "0.5", False)]


def test_the_members_of_a_union_become_one_expectation():
    assert faults({"rooms": 0.5}) == [("/rooms", "a whole number or 'unstated'", "0.5", False)]


def test_a_member_of_a_union_that_stops_above_the_fault_was_not_meant():
    assert faults({"sizes": [1, 0.5]}) == [("/sizes/1", "a whole number", "0.5", False)]


def test_a_bad_name_is_a_fault_of_its_key():
    assert faults({"names": {"A b": 1}}) == [
        ("/names/A b", "text that matches ^[a-z]+$", '"A b"', True)
    ]


def test_an_index_beyond_its_list_ends_at_the_list():
    with pytest.raises(ValidationError) as caught:
        House.model_validate({"sizes": [1, 0.5]})
    shorter = {"sizes": [1]}  # as for a model whose validator lengthens a list
    assert [fault.pointer for fault in model_faults(caught.value, shorter)] == ["/sizes"]
