"""Values that the schema lets through, or just not, end in words and never in a fault."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from repaudit._core.errors import ContractError
from repaudit.check import CheckOptions, check

Changed = Callable[[Callable[[dict[str, Any]], None]], Path]
EVALUATION = "waveform-high"


def static(path: Path) -> set[str]:
    audit = check(path, CheckOptions(static=True, nonce="0" * 32))
    return {finding.code for finding in audit.findings}


@pytest.mark.parametrize(("sigma", "code"), [("0", "RA047"), ("-1", "RA047"), ("1e-30", "RA101")])
def test_impossible_sigmas_are_findings(changed: Changed, sigma: str, code: str) -> None:
    def edit(document: dict[str, Any]) -> None:
        document["evaluations"][EVALUATION]["sigma"] = sigma

    assert code in static(changed(edit))


def test_a_negative_radius_is_a_finding(changed: Changed) -> None:
    def edit(document: dict[str, Any]) -> None:
        for claim in document["evaluations"][EVALUATION]["claims"]:
            if claim["metric"] == "certified_radius":
                claim["value"] = "-5"

    assert "RA853" in static(changed(edit))


def edit_value(document: dict[str, Any]) -> None:
    document["evaluations"][EVALUATION]["claims"][0]["value"] = "1e9999999999"


def edit_repeats(document: dict[str, Any]) -> None:
    document["evaluations"][EVALUATION]["repeats"] = 10**15


def edit_draws(document: dict[str, Any]) -> None:
    document["sampling"]["mc"]["n"] = 10**13


def edit_margin(document: dict[str, Any]) -> None:
    document["materiality"] = {"accuracy": "-1"}


@pytest.mark.parametrize("edit", [edit_value, edit_repeats, edit_draws, edit_margin])
def test_absurd_numbers_are_refused_before_anything_runs(
    changed: Changed, edit: Callable[[dict[str, Any]], None]
) -> None:
    with pytest.raises(ContractError, match="expected"):
        check(changed(edit), CheckOptions(static=True))
