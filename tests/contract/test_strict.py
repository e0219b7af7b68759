"""Strict JSON: what other readers let pass is refused, with the place of the fault."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaudit._core.errors import ContractError
from repaudit.contract.strict import parse_strict


def the_problem(data):
    with pytest.raises(ContractError) as caught:
        parse_strict(data, "results.json")
    (problem,) = caught.value.problems
    return problem


def test_numbers_keep_the_digits_of_their_author():
    parsed = parse_strict(b'{"a": 92.10, "b": 1e-4, "c": 100, "d": 1.0}', "r")
    assert [str(parsed[key]) for key in "abcd"] == ["92.10", "0.0001", "100", "1.0"]
    assert isinstance(parsed["a"], Decimal)
    assert isinstance(parsed["c"], int)


def test_a_byte_order_mark_is_skipped_and_counts_as_no_column():
    assert parse_strict(b'\xef\xbb\xbf{"a": 1}', "r") == {"a": 1}
    assert the_problem(b'\xef\xbb\xbf{"a": NaN}').column == 7


# Places by hand; the third and fourth numbers are what a reader would point at.
@pytest.mark.parametrize(
    ("data", "line", "column", "expected", "found"),
    [
        (b"", 1, 1, "a JSON object", "an empty file"),
        (b" \r\n\t", 1, 1, "a JSON object", "an empty file"),
        (b"NaN", 1, 1, "a finite number", "NaN"),
        (b'{"a":\r\n -Infinity}', 2, 2, "a finite number", "-Infinity"),
        (b'{"a": [1, Infinity]}', 1, 11, "a finite number", "Infinity"),
        (b'{"a": 1,}', 1, 9, "a value behind the comma", "a closing bracket"),
        (b"[1 2]", 1, 4, "`,` or `]`", '"2"'),
        (b"{a: 1}", 1, 2, "a key in double quotes", '"a"'),
        (b"[01]", 1, 3, "a number as JSON writes it, such as 0.5", '"1"'),
        (b"{} {}", 1, 4, "the end of the file", '"{"'),
        (b'{"a": [', 1, 7, "the rest of the document", "the end of the file"),
        (b'["a\nb"]', 1, 4, "no line end or tab inside a string", '"\\n"'),
        (b'["\\q"]', 1, 4, "a JSON escape such as \\n or \\u00e9", '"q"'),
        (b'["\\udc00"]', 1, 8, "a pair of surrogate escapes", "half a pair"),
        ('["é€", // x\n1]'.encode(), 1, 8, "a value", '"/"'),
        (
            b"[" + b"1" * 5000 + b"]",
            1,
            4303,
            "a number a float can hold",
            "one of thousands of digits",
        ),
        (b"[" * 100_000, 1, 202, "at most 200 nested levels", "more"),
        (b'{"x":' * 100_000, 1, 1006, "at most 200 nested levels", "more"),
        ('{"é": '.encode() + b"\xff}", 1, 7, "text in UTF-8", "the byte 0xff"),
        ("{}".encode("utf-16"), 1, 1, "text in UTF-8", "the byte 0xff"),
    ],
)
def test_a_fault_is_named_where_it_stands(data, line, column, expected, found):
    problem = the_problem(data)
    assert (problem.line, problem.column) == (line, column)
    assert (problem.expected, problem.found) == (expected, found)


@pytest.mark.parametrize(
    ("data", "key", "line", "column"),
    [
        (b'{"a": 1, "a": 2}', '"a"', 1, 10),
        (b'{"x": [{"a": 1,\n  "a"\n : {"b": 2}}]}', '"a"', 2, 3),
        (b'{"a\\"b": 1,\n"a\\"b": 2}', '"a\\"b"', 2, 1),
        (b'{"\\\\": 1, "\\\\": 2}', '"\\\\"', 1, 11),
        (b'{"a": 1, "\\u0061": 2}', '"a"', 1, 10),
        (b'{"": 1, "": 2}', '""', 1, 9),
        ('{"é€": 1, "é€": 2}'.encode(), '"é€"', 1, 11),
    ],
)
def test_a_duplicate_key_is_named_at_its_second_place(data, key, line, column):
    problem = the_problem(data)
    assert (problem.found, problem.line, problem.column) == (f"{key} again", line, column)
    assert problem.suggestion == "keep one of the two"


@pytest.mark.parametrize(
    "number", ["1e400", "-1e400", "1e-400", "1" + "0" * 250 + "e60", "1" * 400, "1e999999999"]
)
def test_a_number_that_no_float_holds_is_refused_with_its_pointer(number):
    problem = the_problem(b'{"a": 1.5, "b": [0.25,\n ' + number.encode() + b"]}")
    assert (problem.pointer, problem.line, problem.column) == ("/b/1", 2, 2)
    assert problem.expected == "a number a float can hold"


def test_an_extreme_number_in_quotes_or_an_extreme_zero_is_none():
    assert parse_strict(b'["1e400", 0e400, 1e300, true, null]', "r")[:2] == ["1e400", 0]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_json_writes_is_read_back(document):
    assert parse_strict(json.dumps(document).encode(), "r") == document


@given(
    st.binary(max_size=60) | st.text(alphabet='{}[]",:\\u0de+-.N \n', max_size=30).map(str.encode)
)
def test_any_bytes_are_parsed_or_refused_and_never_crash(data):
    problems = ()
    try:
        parse_strict(data, "r")
    except ContractError as error:
        problems = error.problems
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)
