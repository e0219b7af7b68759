"""The numbers on the pages of the standard and of the verdicts are those of the code."""

import re

from repaudit.metrics.base import MATERIALITY
from repaudit.statistics.certificate import ceiling_z, certified_z, minimum_hits, n_needed
from repaudit.verdicts.margins import GEOMETRY_LEAST
from tests.docs.pages import DOCS

PAGE = (DOCS / "standard.md").read_text(encoding="utf-8")


def test_the_table_of_ceilings() -> None:
    rows = re.findall(r"^\| (\d+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 4
    for n, votes, smallest, ceiling in ((int(n), int(k), s, c) for n, k, s, c in rows):
        assert votes == minimum_hits(n, 0.001)
        assert smallest == f"{certified_z(votes, n, 0.001):.{len(smallest) - 2}f}"
        assert ceiling == f"{ceiling_z(n, 0.001):.5f}"


def test_the_fewest_draws_that_certify() -> None:
    assert n_needed(0.0, 0.001) == 10
    assert "10 at alpha .001" in PAGE


def test_the_default_margins() -> None:
    text = (DOCS / "verdicts.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([\w ]+) \| ([\d.]+ ?[^|]*) \|$", text, re.MULTILINE))
    shown = {name: float(words.split()[0]) for name, words in rows.items()}
    assert shown == {
        "accuracy": MATERIALITY["accuracy"],
        "attack success and defence rate": MATERIALITY["rate"],
        "radius": 100 * MATERIALITY["radius"],
        "SNR": MATERIALITY["snr"],
        "geometry": 100 * MATERIALITY["geometry"],
        "aliasing": MATERIALITY["aliasing"],
    }
    assert f"at least {GEOMETRY_LEAST:.0e}".replace("e-07", "e-7") in rows["geometry"]
