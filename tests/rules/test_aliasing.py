"""Aliasing: what formulas say about their indices, and what sums of magnitudes can be."""

import dataclasses

import numpy as np
import pytest

from repaudit.evidence.tables import AliasingRecords
from repaudit.rules._formula import compact, ranges, size, sums
from repaudit.rules._registry import registry
from repaudit.rules._triangle import closes, impossible_rows, relative_sides

ALIASING = {
    "kind": "aliasing",
    "data": "test-set",
    "model": "keyword-cnn",
    "pipeline": "keyword-spotter",
    "nyquist": "zero",
    "claims": [],
}


def hits(code, patched, *quotes):
    statements = [{"source": "s", "quote": quote, "asserts": []} for quote in quotes]
    case = patched({"evaluations": {"aliasing": ALIASING}, "statements": statements})
    return [hit.pointer for hit in registry()[code].check(case)]


@pytest.mark.parametrize(
    ("text", "factor", "symbol", "summand"),
    [("N", 1, "N", 0), ("2N-1", 2, "N", -1), ("3N/2", 1.5, "N", 0), ("0", 0, "", 0)],
)
def test_a_size_is_a_multiple_of_a_symbol_and_a_summand(text, factor, symbol, summand):
    assert size(text) == (factor, symbol, summand)


@pytest.mark.parametrize("text", ["N^2", "NM", "", "N/2/2", r"\lfloor N/2 \rfloor"])
def test_what_is_no_simple_size_is_left_alone(text):
    assert size(text) is None


def test_ranges_of_several_indices_are_one_each():
    found = ranges(compact(r"F(k, l) \text{ for } k, l = 0, \dots, N/2 \text{ and } m = 1, ..., M"))
    assert [str(indices) for indices in found] == ["k = 0 to N/2", "l = 0 to N/2"]


def test_a_double_sum_has_two_indices():
    found = sums(compact(r"\sum_{m=0}^{2 \cdot N - 1} \sum_{n=0}^K f(m, n)"))
    assert [indices.length for indices in found] == [(2, "N", 0), (1, "K", 1)]


@pytest.mark.parametrize(
    ("quote", "is_off"),
    [
        (r"\frac{1}{K} \sum_{k=0}^K x_k", True),
        (r"\frac{1}{K} \sum_{k=0}^{K} x_k", True),
        (r"\frac{1}{K} \sum_{k=0}^{K-1} x_k", False),
        (r"\frac{1}{K} \sum_{k=1}^{K} x_k", False),
        (r"\frac{1}{K+1} \sum_{k=0}^{K} x_k", False),
        (r"\frac{1}{|S|} \sum_{k=0}^{K} x_k", False),
        (r"\frac{1}{2N} \sum_{k=-N}^{N-1} x_k", False),
        (r"\frac{1}{K} \sum_{k \in S} x_k", False),
    ],
)
def test_a_divisor_is_compared_with_the_terms_only_where_both_are_plain(quote, is_off, patched):
    assert (hits("RA701", patched, quote) != []) is is_off


@pytest.mark.parametrize(
    ("quote", "is_off"),
    [
        (r"$k = 0, \dots, N/2$ and $k = N/2, \dots, N$", True),
        (r"$k = 0, \dots, N/2$ and $l = N/2, \dots, N$", False),
        (r"$k = 0, \dots, N/2-1$ and $k = N/2, \dots, N-1$", False),
        (r"k \in [N/2, 3N/2]", True),
        (r"k \in [N/2, 3N/2)", False),
        (r"\sum_{m=0}^{2N-1} f(m) e^{-2\pi j \frac{k}{2N} m}", False),
        (r"\sum_{m=0}^{2N-1} f(m) e^{-2\pi j \frac{k}{2M} m}", True),
    ],
)
def test_index_ranges_share_no_value_and_phases_have_the_period_of_their_sum(
    quote, is_off, patched
):
    assert (hits("RA702", patched, quote) != []) is is_off


def test_formulas_are_not_looked_at_in_a_file_that_measures_no_aliasing(patched):
    statements = [{"source": "s", "quote": r"\frac{1}{K} \sum_{k=0}^K x_k", "asserts": []}]
    case = patched({"statements": statements})
    assert [hit for code in ("RA701", "RA702") for hit in registry()[code].check(case)] == []


def records(maps, generator):
    """Measure real folding: strided and alias-free spectra of white maps of side 16."""
    columns = {name: [] for name in ("ad", "as_", "au", "qd", "qs", "qu")}
    for _ in range(maps):
        dense = np.fft.fft2(generator.standard_normal((16, 16))) / 256
        strided = sum(dense[i : i + 8, j : j + 8] for i in (0, 8) for j in (0, 8))
        keep = np.r_[0:4, 13:16]
        free = np.zeros((8, 8), dtype=complex)
        free[np.ix_([0, 1, 2, 3, 5, 6, 7], [0, 1, 2, 3, 5, 6, 7])] = dense[np.ix_(keep, keep)]
        for key, spectrum in (("d", strided - free), ("s", strided), ("u", free)):
            columns[{"d": "ad", "s": "as_", "u": "au"}[key]].append(np.abs(spectrum).sum())
            columns["q" + key].append((np.abs(spectrum) ** 2).sum())
    ints = np.ones(maps, dtype=np.int64)
    names = np.array([f"x{i}" for i in range(maps)])
    arrays = {key: np.array(values) for key, values in columns.items()}
    return AliasingRecords(
        names, names, ints, arrays["ad"], arrays["as_"], arrays["au"], arrays["qd"], arrays["qs"],
        arrays["qu"], names,
    )  # fmt: skip


def test_measured_spectra_close_their_triangles():
    measured = records(50, np.random.default_rng(7))
    assert impossible_rows(measured) == 0
    level = 10 * np.log10(measured.sq_difference.sum() / measured.sq_alias_free.sum())
    share = measured.sq_difference.sum() / measured.sq_strided.sum()
    assert closes(*relative_sides((share, share), (level, level)))


def test_a_column_from_another_run_closes_none():
    measured = records(50, np.random.default_rng(7))
    planted = dataclasses.replace(measured, abs_difference=3 * measured.abs_difference)
    assert impossible_rows(planted) == 50
    negative = dataclasses.replace(measured, sq_strided=-measured.sq_strided)
    assert impossible_rows(negative) == 50


def test_released_counts_that_close_no_triangle_are_an_error_where_they_are_declared(patched):
    measured = records(4, np.random.default_rng(7))
    planted = dataclasses.replace(measured, abs_difference=3 * measured.abs_difference)
    file = {"path": "a.csv", "sha256": "0" * 64, "format": "records"}
    case = patched({"evaluations": {"aliasing": {**ALIASING, "evidence": [file]}}})
    check = registry()["RA704"].check
    assert list(check(dataclasses.replace(case, released={"aliasing": measured}))) == []
    (hit,) = check(dataclasses.replace(case, released={"aliasing": planted}))
    assert (hit.pointer, hit.evidence) == ("/evaluations/aliasing/evidence", {"rows": 4})


def test_a_share_and_a_level_are_two_sides_of_one_triangle():
    # |S| = 2 |D|: |U| is between 1 and 3 times |D|, a level between 0 and -9.54 dB (by hand).
    quarter = (0.25, 0.25)
    assert closes(*relative_sides(quarter, (0.0, 0.0)))
    assert closes(*relative_sides(quarter, (-9.54, -9.54)))
    assert not closes(*relative_sides(quarter, (0.1, 0.1)))
    assert not closes(*relative_sides(quarter, (-9.6, -9.6)))


def test_an_absolute_measure_that_nothing_prints_is_compared_all_the_same(patched):
    other = {"output": "logits", "dtype": "float32", "checkpoints": [{"id": "a"}]}
    document = {
        "models": {"other": other},
        "evaluations": {"one": ALIASING, "two": {**ALIASING, "model": "other"}},
        "statements": [
            {
                "source": "s",
                "quote": "more",
                "asserts": [
                    {
                        "of": {"evaluation": "one", "metric": metric},
                        "relation": "greater",
                        "than": {"evaluation": "two", "metric": metric},
                    }
                ],
            }
            for metric in ("am", "am_relative")
        ],
    }
    (hit,) = registry()["RA703"].check(patched(document))
    assert hit.pointer == "/statements/0/asserts/0"
