"""What a schema says of a field is the string below it."""

from pydantic import BaseModel

from repaudit.contract.described import described


class Parent(BaseModel):
    """A model."""

    kept: int
    """of the parent"""
    silent: int
    changed: int
    """of the parent"""


class Child(Parent):
    """A model of another one."""

    changed: int = 2
    """of the child,
    on two lines"""
    "a string below a string"


def test_the_string_below_a_field_describes_it_also_where_it_is_inherited() -> None:
    assert described(Child) == {"kept": "of the parent", "changed": "of the child,\non two lines"}
