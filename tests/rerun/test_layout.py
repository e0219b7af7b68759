"""Rows of forward blocks: every draw stands in exactly one row."""

import pytest

from repaudit.rerun.layout import lay_out


@pytest.mark.parametrize("rows", [1, 5, 16, 128])
def test_every_draw_of_every_phase_has_exactly_one_row(rows: int) -> None:
    draws = {"clean": 1, "selection": 10, "certification": 33}

    seen = [
        (span.example, span.phase, draw)
        for block in lay_out([4, 7], draws, rows)  # type: ignore[arg-type]
        for span in block
        for draw in range(span.draws.start, span.draws.stop)
    ]

    assert seen == [(e, p, d) for e in (4, 7) for p, n in draws.items() for d in range(n)]


def test_all_blocks_but_the_last_are_full_and_rows_do_not_overlap() -> None:
    blocks = list(lay_out([0, 1, 2], {"certification": 50}, 32))  # 150 rows = 4 x 32 + 22

    filled = [[row for span in b for row in range(span.rows.start, span.rows.stop)] for b in blocks]
    assert filled == [list(range(32))] * 4 + [list(range(22))]
