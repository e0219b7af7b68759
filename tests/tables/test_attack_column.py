"""Who saw the defence stands in every table of attacked numbers."""

import copy
from typing import Any

import pytest

from repaudit.contract.results import Results
from repaudit.tables.attacks import attack_words, kind_of_attack
from repaudit.tables.render import render_table
from tests.builders import ATTACKED_FILE, some_results

RATE = {"metric": "defence_rate", "unit": "percent", "value": "85.0"}


def study(attacks: list[str], defended: bool = True, **fields: Any) -> Results:
    patch = copy.deepcopy(ATTACKED_FILE)
    evaluation = patch["evaluations"]["attacked"]
    evaluation |= {"attacks": attacks, "claims": [RATE] if defended else []}
    if not defended:
        del evaluation["defence"]
    return some_results(**patch, **fields)


@pytest.mark.parametrize(
    ("attacks", "kind"),
    [(["pgd"], "transfer"), (["pgd", "fgsm"], "transfer"), (["pgd", "eot"], "adaptive")],
)
def test_one_attack_that_saw_the_defence_makes_a_panel_adaptive(
    attacks: list[str], kind: str
) -> None:
    results = study(attacks)
    assert kind_of_attack(results, results.evaluations["attacked"]) == kind  # type: ignore[arg-type]


def test_a_bare_network_is_attacked_itself() -> None:
    results = study(["pgd"], defended=False)
    words = attack_words(results, results.evaluations["attacked"])  # type: ignore[arg-type]

    assert words == "on the network: pgd (linf 0.01 at normalize)"


def test_the_default_table_has_the_column_and_the_note() -> None:
    transfer, adaptive = (render_table(study(a), None, "markdown") for a in (["pgd"], ["eot"]))

    assert "| attacked | transfer: pgd (linf 0.01 at normalize) | 85.0 |" in transfer
    assert "adaptive" not in transfer
    assert "adaptive: eot (linf 0.01 at normalize)" in adaptive
    assert "worst case per example" in adaptive


def test_a_declared_table_gets_the_column_its_author_left_out() -> None:
    table = {
        "caption": "Robustness",
        "rows": [{"label": "PGD", "select": {"evaluation": "attacked"}}],
        "columns": [{"label": "Rate", "select": {"metric": "defence_rate"}}],
    }
    text = render_table(study(["pgd"], tables={"main": table}), "main", "markdown")

    assert "|  | attack | Rate" in text
    assert "transfer: pgd (linf 0.01 at normalize)" in text
