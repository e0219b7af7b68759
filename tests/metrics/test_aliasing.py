"""Aliasing measures from sums per example, by hand."""

import math
from typing import Any

import numpy as np
import pytest

from repaudit.contract.claim import Claim
from repaudit.evidence.tables import AliasingRecords
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.context import Context
from repaudit.metrics.estimate import estimate
from repaudit.metrics.fill import printed

CONTEXT = Context(
    kind="aliasing",
    examples=2,
    fold_sizes={},
    checkpoints=("a",),
    repeats=1,
    sigma=None,
    protocol=None,
    draws=None,
    unit="",
)


def records(**columns: Any) -> AliasingRecords:
    """Two examples, the layers ``one`` and ``two``; 4 channels of ``one``."""
    values: dict[str, Any] = {
        "example_id": ["x", "x", "y", "y"],
        "layer": ["one", "two", "one", "two"],
        "maps": [4, 2, 4, 2],
        "abs_difference": [2.0, 0.0, 6.0, 0.0],
        "abs_strided": [10.0, 1.0, 30.0, 1.0],
        "abs_alias_free": [9.0, 1.0, 25.0, 1.0],
        "sq_difference": [1.0, 0.0, 2.0, 0.0],
        "sq_strided": [8.0, 1.0, 4.0, 1.0],
        "sq_alias_free": [20.0, 1.0, 10.0, 1.0],
        "checkpoint": ["a"] * 4,
    }
    return AliasingRecords(**{name: np.array(v) for name, v in (values | columns).items()})


def value(metric: str, of: str = "one", **columns: Any) -> float | None:
    claim = Claim.model_validate({"metric": metric, "layer": of})
    return estimate(claim, CONTEXT, records(**columns)).value


def test_sums_are_added_before_they_are_divided() -> None:
    assert value("am") == pytest.approx((2 + 6) / (4 + 4))
    assert value("am_relative") == pytest.approx((2 + 6) / (10 + 30))
    assert value("alias_energy") == pytest.approx((1 + 2) / (8 + 4))
    assert value("alias_db") == pytest.approx(10 * math.log10((1 + 2) / (20 + 10)))


def test_what_does_not_alias_has_no_level_and_0_of_everything_else() -> None:
    assert [value(m, "two") for m in ("am", "am_relative", "alias_energy")] == [0.0, 0.0, 0.0]
    found = estimate(Claim(metric="alias_db", layer="two"), CONTEXT, records())
    assert found.value is None
    assert "minus infinity" in found.method


def test_maps_without_energy_have_no_relative_number() -> None:
    nothing = {name: [0.0] * 4 for name in ("abs_strided", "sq_strided", "sq_alias_free")}
    for metric in ("am_relative", "alias_energy", "alias_db"):
        assert value(metric, **nothing) is None
    assert value("am", **nothing) == 1.0


def test_a_dead_example_contributes_nothing() -> None:
    dead = {
        "abs_difference": [2.0, 0, 0, 0],
        "abs_strided": [10.0, 1, 0, 1],
        "sq_difference": [1.0, 0, 0, 0],
        "sq_strided": [8.0, 1, 0, 1],
    }
    assert value("am_relative", **dead) == pytest.approx(0.2)
    assert value("alias_energy", **dead) == pytest.approx(1 / 8)


def test_a_layer_that_was_not_measured_is_named_with_those_that_were() -> None:
    with pytest.raises(CannotEstimate, match=r"layer three .*\(one, two\)"):
        value("am", "three")
    with pytest.raises(CannotEstimate, match="every example"):
        value("am", layer=["one", "two", "other", "two"])


def test_a_level_is_printed_towards_the_weaker_claim() -> None:
    claim = Claim(metric="alias_db", layer="one")
    assert printed(claim, estimate(claim, CONTEXT, records())).text == "-10.00"
    more = records(sq_difference=[1.1, 0, 2.0, 0])  # 10 log10(3.1 / 30) = -9.8576
    assert printed(claim, estimate(claim, CONTEXT, more)).text == "-9.85"


def test_runs_of_several_networks_are_averaged_as_claimed() -> None:
    """By hand: network a has 8 / 8, network b 16 / 8; pooled 24 / 16."""
    from dataclasses import replace

    from repaudit.evidence.join import concatenate

    other = replace(records(abs_difference=[4.0, 0, 12.0, 0]), checkpoint=np.array(["b"] * 4))
    both = concatenate([records(), other])
    context = replace(CONTEXT, checkpoints=("a", "b"))
    found = {
        across: estimate(Claim(metric="am", layer="one", across=across), context, both).value
        for across in ("mean", "pooled", "max")
    }
    assert found == {"mean": 1.5, "pooled": 1.5, "max": 2.0}
    alone = Claim(metric="am", layer="one", checkpoint="b")
    assert estimate(alone, context, both).value == 2.0
