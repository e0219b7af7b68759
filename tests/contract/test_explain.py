"""Schema errors become one problem per place, without the noise of what was not meant."""

import json

import pytest

from repaudit._core.text import shorten
from repaudit.contract.explain import explain
from repaudit.contract.load import schema_errors
from repaudit.contract.strict import parse_strict

EXTENSIBLE = {"additionalProperties": False, "patternProperties": {"^x-": True}}
PRINTED = {"type": "string", "pattern": r"^[+-]?(\d+\.?\d*|\.\d+)$", "title": "Printed"}
UNSTATED = {"const": "unstated", "type": "string"}


def a_step(name, **properties):
    return {
        "type": "object",
        "properties": {"step": {"const": name}, **properties},
        "required": ["step", *properties],
        **EXTENSIBLE,
    }


def when(name, definition):
    return {
        "if": {"properties": {"step": {"const": name}}, "required": ["step"]},
        "then": {"$ref": f"#/$defs/{definition}"},
    }


SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "kind": {"enum": ["original", "transcription"]},
        "value": {"$ref": "#/$defs/Printed"},
        "n": {"anyOf": [{"type": "integer", "minimum": 1}, UNSTATED]},
        "subset": {"anyOf": [{"$ref": "#/$defs/Subset"}, UNSTATED]},
        "which": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "network": {"oneOf": [{"$ref": "#/$defs/Built"}, {"$ref": "#/$defs/Entry"}]},
        "mixed": {"anyOf": [{"anyOf": [{"type": "integer"}, {"type": "null"}]}, UNSTATED]},
        "several": {"oneOf": [{"type": "integer"}, {"type": "number"}]},
        "full": {"anyOf": [{"$ref": "#/$defs/Full"}, UNSTATED, False, {"$ref": "#/$defs/Never"}]},
        "steps": {"type": "array", "items": {"$ref": "#/$defs/Step"}, "minItems": 1},
        "data": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-z]+$", "description": "a name"},
            "additionalProperties": {"type": "integer"},
        },
        "closed": {"type": "object", "additionalProperties": False},
        "never": False,
        "nothing": {"type": "object", "propertyNames": False},
        "when": {"type": "object", "dependentRequired": {"a": ["b"]}},
    },
    **EXTENSIBLE,
    "$defs": {
        "Printed": PRINTED,
        "Subset": {
            "type": "object",
            "properties": {"rule": {"enum": ["all", "first"]}},
            "required": ["rule"],
            **EXTENSIBLE,
        },
        "Full": {"type": "object", "minProperties": 1, "required": ["a"]},
        "Never": False,
        "Built": a_step("built", options={"type": "object"}),
        "Entry": a_step("entry", point={"type": "string"}),
        "Clip": a_step("clip", low={"type": "number"}, high={"type": "number"}),
        "Gain": a_step("gain", factor={"type": "number"}),
        "Step": {
            "type": "object",
            "required": ["step"],
            "properties": {"step": {"enum": ["clip", "gain"]}},
            "allOf": [when("clip", "Clip"), when("gain", "Gain")],
        },
    },
}


def problems_of(text):
    value = parse_strict(text.encode(), "results.json")
    return explain(schema_errors(value, SCHEMA), text, "results.json")


def the_problem(document):
    (problem,) = problems_of(json.dumps(document))
    return problem


def test_a_valid_document_has_no_problem():
    document = {
        "kind": "original", "value": "92.10", "n": 1.0, "subset": "unstated", "which": ["a"],
        "steps": [{"step": "clip", "low": -1, "high": 1.5, "x-note": [1]}], "x-mine": {"a": 1},
        "data": {"test": 3}, "network": {"step": "entry", "point": "a:b"}, "mixed": None,
    }  # fmt: skip
    assert problems_of(json.dumps(document)) == ()


def test_a_number_where_printed_digits_belong_is_shown_in_quotes():
    assert str(the_problem({"value": 92})) == (
        'results.json:1:11: /value: expected a number as printed, in quotes such as "92.10", '
        'found 92\n  Try: write "92" in quotes with the digits of the paper'
    )


def test_every_missing_key_is_a_problem_at_its_object():
    problems = problems_of('{"steps": [\n {"step": "clip"}]}')
    assert [(p.line, p.column, p.pointer, p.expected) for p in problems] == [
        (2, 2, "/steps/0", 'the key "high"'),
        (2, 2, "/steps/0", 'the key "low"'),
    ]


def test_every_unknown_key_is_a_problem_at_the_key():
    problems = problems_of('{"kinds": "original",\n "foo/bar": 1, "x-free": 2}')
    assert [(p.line, p.column, p.pointer, p.suggestion) for p in problems] == [
        (1, 2, "/kinds", 'write "kind"'),
        (2, 2, "/foo~1bar", 'keep it as "x-foo/bar"'),
    ]


def test_a_key_already_there_is_not_suggested_again():
    problem = the_problem({"kind": "original", "kinds": 1})
    assert problem.suggestion == 'keep it as "x-kinds"'


def test_an_object_without_any_key_says_so():
    problem = the_problem({"closed": {"a": 1}})
    assert (problem.expected, problem.suggestion) == ("no key", None)


def test_a_misspelt_value_gets_the_nearest_one():
    problem = the_problem({"kind": "transcripton"})
    assert problem.expected == '"original" or "transcription"'
    assert problem.suggestion == 'write "transcription"'


@pytest.mark.parametrize(
    ("member", "expected", "suggestion"),
    [
        ({"n": "unstatd"}, 'an integer of at least 1 or "unstated"', 'write "unstated"'),
        ({"n": "100"}, 'an integer of at least 1 or "unstated"', "write 100 without quotes"),
        ({"n": 0}, 'an integer of at least 1 or "unstated"', None),
        ({"n": 1.5}, 'an integer of at least 1 or "unstated"', None),
        ({"n": True}, 'an integer of at least 1 or "unstated"', None),
        ({"subset": 3}, 'an object or "unstated"', None),
        ({"full": {}}, 'an object of at least 1 key or "unstated"', None),
        ({"which": 3}, "a string or a list", None),
        ({"mixed": "a"}, 'an integer, null or "unstated"', None),
        ({"several": 3}, "exactly one of its alternatives", None),
        ({"steps": []}, "a list of at least 1 item", None),
        ({"steps": None}, "a list of at least 1 item", None),
        ({"never": 1}, "no value", None),
    ],
)
def test_alternatives_become_one_expectation(member, expected, suggestion):
    problem = the_problem(member)
    assert (problem.expected, problem.suggestion) == (expected, suggestion)
    assert problem.found == shorten(next(iter(member.values())))


def test_the_alternative_of_the_right_kind_is_explained_inside():
    assert the_problem({"subset": {"rule": "al"}}).pointer == "/subset/rule"
    assert the_problem({"subset": {}}).expected == 'the key "rule"'
    assert the_problem({"which": ["a", 1]}).pointer == "/which/1"


def test_of_two_objects_the_one_with_fewer_faults_was_meant():
    problem = the_problem({"network": {"step": "built"}})
    assert problem.expected == 'the key "options"'


def test_only_the_chosen_step_is_explained():
    problem = the_problem({"steps": [{"step": "gain", "factor": "x"}]})
    assert (problem.pointer, problem.expected) == ("/steps/0/factor", "a number")
    unknown = the_problem({"steps": [{"step": "gian", "factor": 2, "low": 0}]})
    assert (unknown.pointer, unknown.suggestion) == ("/steps/0/step", 'write "gain"')
    assert the_problem({"steps": [{"factor": 2}]}).expected == 'the key "step"'


def test_a_bad_name_is_a_problem_at_the_key():
    (problem,) = problems_of('{"data": {"ok": 1,\n  "B/c": 2}}')
    assert (problem.line, problem.column, problem.pointer) == (2, 3, "/data/B~1c")
    assert (problem.expected, problem.found) == ("a name", '"B/c"')
    assert the_problem({"nothing": {"a": 1}}).expected == "no key"


def test_a_keyword_without_words_still_points_at_the_place():
    assert the_problem({"when": {"a": 1}}).pointer == "/when"


def test_all_problems_come_at_once_in_reading_order():
    text = '{"value": 1,\n "n": 0, "steps": [{"step": "x"}],\n "kind": 1, "q": 1}'
    problems = problems_of(text)
    assert [p.pointer for p in problems] == ["/value", "/n", "/steps/0/step", "/kind", "/q"]
    assert list(problems) == sorted(problems, key=lambda problem: (problem.line, problem.column))


def test_a_document_that_is_no_object_is_one_problem():
    (problem,) = problems_of("[1]")
    assert str(problem) == "results.json:1:1: expected an object, found a list of 1 item"


def test_a_number_ends_where_its_string_ends_and_has_ascii_digits():
    assert the_problem({"value": "92.10\n"}).pointer == "/value"
    assert the_problem({"value": "٩٢"}).pointer == "/value"


def test_a_hostile_key_cannot_forge_output():
    problem = the_problem({"a\x1b[2J\nresults.json:1:1: fine": 1})
    assert "\x1b" not in str(problem)
    assert len(str(problem).splitlines()) == 2  # the message and its suggestion
