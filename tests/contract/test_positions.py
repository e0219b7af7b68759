"""A pointer's position is where the text has the value."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaudit.contract.positions import find_places, pointer_of, positions_of, tokens_of

KEYS = st.text(max_size=5) | st.sampled_from(["a/b", "~", "~1", "", "0", "é\n", "\U0001f600"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def every_value(value, path=()):
    """Yield (path, value) of a document and all its members: the slow, obvious walk."""
    yield path, value
    if isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for token, member in members:
            yield from every_value(member, (*path, token))


def offset_of(text, position):
    """Return the offset of a position by counting lines and columns, as an editor does."""
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: position.line - 1]) + position.column - 1


@given(VALUES, st.sampled_from([None, 0, 2, "\t"]), st.booleans(), st.sampled_from([",", " ,\r\n"]))
def test_the_text_at_a_position_decodes_to_the_value(document, indent, ascii_only, comma):
    text = "\r\n " + json.dumps(
        document, indent=indent, ensure_ascii=ascii_only, separators=(comma, " : ")
    )
    values = {pointer_of(path): (path, value) for path, value in every_value(document)}
    places = find_places(text, values)
    decode = json.JSONDecoder().raw_decode
    for pointer, (path, value) in values.items():
        key, position = places[pointer]
        assert decode(text, offset_of(text, position))[0] == value
        if key is not None:
            assert decode(text, offset_of(text, key))[0] == path[-1]


@given(st.lists(KEYS | st.integers(0, 99)))
def test_a_pointer_has_the_tokens_it_was_made_of(path):
    assert tokens_of(pointer_of(path)) == [str(token) for token in path]


def test_columns_count_code_points_and_lines_end_at_line_feeds():
    text = '{\r\n "é\U0001f600": 1,\r\n "b": [10,\r\n 20]}'
    places = find_places(text, ["/é\U0001f600", "/b/1", "/b"])
    # By hand: line 2 is blank, quote, é, emoji, quote, colon, blank, 1.
    assert places["/é\U0001f600"] == ((2, 2), (2, 8))
    assert places["/b/1"] == (None, (4, 2))
    assert places["/b"] == ((3, 2), (3, 7))


def test_an_absent_member_has_the_position_of_its_nearest_parent():
    text = '{"a": {"b": [1]}}'
    pointers = ["/x", "/a/b/7", "/a/b/-", "/a/b/00", "/a/b/0/deep/er", ""]
    places = find_places(text, pointers)
    columns = [places[pointer].value.column for pointer in pointers]
    assert columns == [1, 13, 13, 13, 14, 1]  # by hand


@pytest.mark.parametrize("pointer", ["a", "a/b", "/~", "/~2", "#/a"])
def test_a_malformed_pointer_is_refused(pointer):
    with pytest.raises(ValueError, match="not a JSON pointer"):
        find_places("{}", [pointer])


def test_a_pointer_deeper_than_the_document_is_harmless():
    assert find_places("[]", ["/0" * 100_000])["/0" * 100_000].value == (1, 1)


def test_the_deepest_value_the_parser_accepts_is_found():
    depth = 199
    text = '[\n{"a":' * (depth // 2) + "7" + "}]" * (depth // 2)
    pointer = "/0/a" * (depth // 2)
    assert find_places(text, [pointer])[pointer].value == (depth // 2 + 1, 6)


def test_ascending_offsets_get_their_positions_in_one_pass():
    assert positions_of("ab\ncd", [0, 1, 3, 4]) == {0: (1, 1), 1: (1, 2), 3: (2, 1), 4: (2, 2)}


@pytest.mark.slow
def test_a_handful_of_pointers_in_fifty_megabytes_takes_seconds_not_minutes():
    row = '{"example_id": "clip-000001", "label": 3, "hits": 9921, "draws": 10000}'
    text = '{"rows": [\n' + ",\n".join([row] * 700_000) + '\n], "last": 1}'
    assert len(text) > 50_000_000
    begin = time.perf_counter()
    places = find_places(
        text, ["/rows/0/label", "/rows/350000/hits", "/rows/699999/draws", "/last"]
    )
    assert time.perf_counter() - begin < 15  # about 1 s alone on one core
    assert places["/rows/350000/hits"].value.line == 350_002
    assert places["/last"].value == (700_002, 12)
