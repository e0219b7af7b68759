"""Released counts that no n0 + n draws give: RA851. The starting file: 4 classes, 100 + 10000."""

import pytest

from repaudit.rules import run_rules

HEADER = "example_id,label,selected_class,hits,label_hits,draws,selection_hits,void"


@pytest.mark.parametrize(
    ("selection_hits", "void", "said"),
    [
        (25, 0, None),
        (24, 0, "at least 25 of 100 votes for the selected class, found 24"),
        (24, 4, None),
        (100, 369, None),
        (100, 370, "at most 10100 votes and void outputs of one example, found 10101"),
        (101, 0, "at most 100 votes, found 101"),
    ],
)
def test_votes_and_void_outputs_are_of_the_declared_draws(
    selection_hits, void, said, patched, tmp_path
):
    row = f"0,0,9731,9731,10000,{selection_hits},{void}"
    case = patched(
        {
            "data": {"test-set": {"examples": 2}},
            "x-released": {
                "spoken-words": [HEADER, f"yes-1,{row}", "no-1,1,1,9462,9462,10000,99,0"]
            },
            "evaluations": {"spoken-words": {"claims": []}},
        },
        tmp_path,
    )
    found = [f.message for f in run_rules(case)[0] if f.code == "RA851"]
    assert [message.removeprefix("expected ") for message in found] == ([said] if said else [])
