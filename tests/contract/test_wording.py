"""Words for schemas and for near misses."""

from decimal import Decimal

import pytest

from repaudit.contract.wording import either, instead, phrases

PRINTED = {"type": "string", "pattern": r"^\d+\.?\d*$", "title": "Printed"}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "object"}, "an object"),
        ({"type": ["number", "null"]}, "a number or null"),
        ({"type": "integer", "minimum": 1, "maximum": 9}, "an integer of at least 1 of at most 9"),
        ({"type": "number", "exclusiveMinimum": 0}, "a number above 0"),
        ({"type": "number", "exclusiveMaximum": 1}, "a number below 1"),
        ({"type": "array", "minItems": 1}, "a list of at least 1 item"),
        ({"type": "array", "uniqueItems": True}, "a list without repeated items"),
        ({"type": "string", "minLength": 2}, "a string of at least 2 characters"),
        ({"type": "object", "minProperties": 1}, "an object of at least 1 key"),
        ({"const": 1}, "1"),
        ({"enum": ["a", None, 2]}, '"a", null or 2'),
        ({"type": "string", "pattern": "^a$"}, "text that matches ^a$"),
        ({"type": "string", "pattern": "^a$", "title": "A"}, "A"),
        ({"type": "string", "pattern": "^a$", "title": "A", "description": "the a"}, "the a"),
        ({"type": "string", "pattern": "^x-"}, "a name that begins with x-"),
        (PRINTED, 'a number as printed, in quotes such as "92.10"'),
        ({}, "a value"),
    ],
)
def test_a_schema_is_put_in_words(schema, words):
    assert either(phrases(schema)) == words


def test_a_long_list_of_choices_is_cut_and_counted():
    assert either(phrases({"enum": list(range(20))})).endswith("10, 11 or one of 8 more")


@pytest.mark.parametrize(
    ("found", "schema", "suggestion"),
    [
        (Decimal("92.10"), PRINTED, 'write "92.10" in quotes with the digits of the paper'),
        (0, {"type": "string", "pattern": "^[0-9]$"}, 'write "0" in quotes'),
        (-1, PRINTED, None),
        (1, {"type": "string"}, None),
        (True, PRINTED, None),
        ("100", {"type": "integer"}, "write 100 without quotes"),
        ("1.5", {"type": "number"}, "write 1.5 without quotes"),
        ("1.5", {"type": "integer"}, None),
        ("٣", {"type": "integer"}, None),
        ("9" * 5000, {"type": "integer"}, None),
        ("Unstated", {"const": "unstated"}, 'write "unstated"'),
        (["unstated"], {"const": "unstated"}, None),
    ],
)
def test_a_near_miss_is_told_what_to_write(found, schema, suggestion):
    assert instead(found, [schema]) == suggestion
