"""Errors keep fields, speak in one shape and survive the way between processes."""

import pickle

from repaudit._core.errors import (
    ContractError,
    InputError,
    MissingPart,
    Problem,
    RepauditError,
)


def a_problem(line=3, column=5, pointer="/a", suggestion=None, **changes):
    fields = {"expected": "a number", "found": '"x"', "file": "results.json", **changes}
    return Problem(line=line, column=column, pointer=pointer, suggestion=suggestion, **fields)


def test_a_problem_reads_where_expected_found_and_what_to_try():
    expected = 'results.json:3:5: /a: expected a number, found "x"\n  Try: write 1'
    assert str(a_problem(suggestion="write 1")) == expected


def test_a_problem_of_the_whole_document_has_no_pointer_in_its_message():
    assert str(a_problem(pointer="")) == 'results.json:3:5: expected a number, found "x"'


def test_a_hostile_pointer_or_file_name_cannot_forge_a_line():
    shown = str(a_problem(pointer="/a\nresults.json:1:1: fine" + "x" * 10_000, file="r\x1b.json"))
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert len(shown) < 400


def test_problems_are_sorted_by_position():
    late, early = a_problem(line=9), a_problem(line=3, column=1)
    error = ContractError([late, a_problem(line=3, column=2), early])
    assert [(p.line, p.column) for p in error.problems] == [(3, 1), (3, 2), (9, 5)]
    assert len(str(error).splitlines()) == 3


def test_exit_codes_tell_a_bad_input_from_an_audit_that_cannot_be_done():
    assert (ContractError.exit_code, InputError.exit_code) == (2, 2)
    assert (MissingPart.exit_code, RepauditError.exit_code) == (3, 3)


def test_an_input_error_speaks_in_the_same_shape():
    error = InputError("a.json", "a file", "none", "check the path")
    assert str(error) == "a.json: expected a file, found none\n  Try: check the path"


def test_a_missing_part_says_what_to_install():
    error = MissingPart("torch", "the re-run", "pip install 'repaudit[rerun]'")
    assert str(error) == (
        "this installation: expected torch for the re-run, found none\n"
        "  Try: pip install 'repaudit[rerun]'"
    )


def test_errors_survive_the_way_to_another_process():
    for error in (
        ContractError([a_problem()]),
        InputError("a", "b", "c", "d"),
        MissingPart("a", "b", "c"),
    ):
        copy = pickle.loads(pickle.dumps(error))  # our own bytes, made on this line
        assert str(copy) == str(error)
        assert vars(copy) == vars(error)
