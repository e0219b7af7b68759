"""Text from outside is shown safely, compared kindly and escaped completely."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repaudit._core.text import (
    SHOWN_CHARACTERS,
    closest,
    escape_latex,
    escape_markdown,
    shorten,
    visible,
)

HOSTILE = "\x1b[2J\u202egpj\u2066\x00\x9b\n\ufeff\ud800"


def test_a_misspelt_word_finds_its_neighbour():
    assert closest("medain", ["mean", "median", "quantile"]) == "median"


def test_case_spaces_and_hyphens_are_no_difference():
    assert closest("Certified Radius", ["certified_radius"]) == "certified_radius"
    assert closest("certified-radius", ["certified_snr", "certified_radius"]) == "certified_radius"


def test_a_word_far_from_all_has_no_neighbour():
    assert closest("banana", ["mean", "median"]) is None
    assert closest("anything", []) is None


def test_the_first_of_two_equally_near_words_wins():
    sides = ["clopper_pearson_one_sided", "clopper_pearson_two_sided"]
    assert closest("clopper_pearson", sides) == sides[0]
    assert closest("clopper_pearson", sides[::-1]) == sides[1]


def test_a_word_of_a_megabyte_is_not_compared():
    assert closest("a" * 1_000_000, ["a"]) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("92.1", '"92.1"'),
        (Decimal("92.10"), "92.10"),
        (100, "100"),
        (True, "true"),
        (None, "null"),
        ({}, "an empty object"),
        ({"a": 1}, "an object with 1 key"),
        ([], "an empty list"),
        ([1, 2], "a list of 2 items"),
        ('a"b\\', '"a\\"b\\\\"'),
    ],
)
def test_a_found_value_is_shown_as_json_writes_it(value, shown):
    assert shorten(value) == shown


def test_a_long_string_and_a_long_number_are_cut():
    for value in ("é" * 10_000_000, 10**4000):
        assert len(shorten(value)) == SHOWN_CHARACTERS
        assert shorten(value).endswith("…")


def test_what_hides_or_reorders_text_is_written_as_an_escape():
    assert visible("a\u202eb") == r"a\u202eb"
    assert re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", shorten(HOSTILE)) is None


@given(st.text())
def test_escaped_markdown_is_one_line_without_active_characters(text):
    escaped = escape_markdown(text)
    assert len(escaped.splitlines()) <= 1
    active = re.sub(
        r"\\[!-/:-@\[-`{-~]", "", escaped
    )  # what is left once every escape is taken out
    assert re.search(r"[`*_{}\[\]<>&#|~!$@]", active) is None


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>", r"\<script\>"),
        ("[a](https://b.c)", r"\[a\](https:\/\/b.c)"),
        ("www.b.c", r"www\.b.c"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
        ("---", r"\---"),
        ("-3.5", "-3.5"),
        ("92.10 %", "92.10 %"),
        ("a|b\r\nc", r"a\|b c"),
        ("\\`", r"\\\`"),
    ],
)
def test_markdown_is_disarmed(text, escaped):
    assert escape_markdown(text) == escaped


@given(st.text())
def test_escaped_latex_has_no_character_that_could_act(text):
    passive = re.sub(r"\\text\w+\{\}|\\[{}$&#_%]|\{''\}|\{[\[\]*]\}|-\{\}", "", escape_latex(text))
    assert re.search(r"[\\{}$&#_%~^<>|`\"\[\]*\n]|--", passive) is None


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("50 % of $x_1$ & more", r"50 \% of \$x\_1\$ \& more"),
        ("[2pt] *", "{[}2pt{]} {*}"),
        ("1--2 -3", "1-{}-2 -3"),
        ("two\nlines", "two lines"),
    ],
)
def test_latex_is_disarmed(text, escaped):
    assert escape_latex(text) == escaped
