"""Aliasing has no randomness: inside the digits and a thousandth, or refuted."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from repaudit.audit.comparison import Comparison, Verdict
from repaudit.contract.printed import Printed
from repaudit.evidence.tables import AliasingRecords
from repaudit.verdicts import Margins, compare
from tests.builders import (
    ALIASING,
    ALIASING_EVALUATION,
    honest_claims,
    some_aliasing_records,
    some_results,
    with_claims,
)

OURS = some_aliasing_records(np.random.default_rng(1))
METRICS = [claim["metric"] for claim in ALIASING]


def judged(
    claims: list[Any],
    ours: AliasingRecords = OURS,
    author: AliasingRecords | None = None,
    **margins: str,
) -> list[Comparison]:
    base = {"aliasing": ALIASING_EVALUATION}
    results = with_claims(claims, "aliasing", evidence=author is not None, evaluations=base)
    return compare(
        results,
        recomputed={} if author is None else {"aliasing": author},
        measured={"aliasing": ours},
        margins=Margins.of(results.materiality, margins),
    )


def honest(metric: str) -> Any:
    """Return the claim of a metric with the value that the records give."""
    results = some_results(evaluations={"aliasing": ALIASING_EVALUATION})
    claims = honest_claims(results, ALIASING, OURS, "aliasing")
    return next(claim for claim in claims if claim.metric == metric)


@pytest.mark.parametrize("metric", METRICS)
def test_an_honest_number_is_reproduced_with_and_without_its_evidence(metric: str) -> None:
    for author in (None, OURS):
        (found,) = judged([honest(metric)], author=author)
        assert (found.verdict, found.p_value) == (Verdict.REPRODUCED, None)
        assert found.measured is not None
        assert found.measured.low == found.measured.value == found.measured.high


def exactly(metric: str) -> float:
    """Return what the records give, to all digits."""
    claim = honest(metric)
    (found,) = judged([claim])
    assert found.measured is not None
    assert found.measured.value is not None
    return found.measured.value


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_thousandth_is_the_limit(metric: str, sign: int) -> None:
    """A level may differ by 10 log10(1.001) = 0.0043 dB, whatever it is."""
    value = exactly(metric)
    limit = 0.00434 if metric == "alias_db" else 0.001 * value
    for share, verdict in ((0.9, Verdict.REPRODUCED), (1.1, Verdict.REFUTED)):
        text = f"{value + sign * share * limit:.9f}"
        claim = honest(metric).model_copy(update={"value": Printed(text), "rounding": "half"})
        (found,) = judged([claim])
        assert found.verdict is verdict
        assert ("no randomness" in found.reason) == (verdict is Verdict.REFUTED)


def test_few_digits_are_no_doubt_about_the_number() -> None:
    """0.3 stands for 0.25 to 0.35: a number inside of it is the claimed one."""
    value = float(honest("am_relative").value.value)
    coarse = honest("am_relative").model_copy(
        update={"value": Printed(f"{value:.1f}"), "rounding": "half"}
    )
    wrong = coarse.model_copy(update={"value": Printed(f"{value + 0.2:.1f}")})
    assert judged([coarse])[0].verdict is Verdict.REPRODUCED
    assert judged([wrong])[0].verdict is Verdict.REFUTED


def test_a_wider_margin_of_the_reader_counts() -> None:
    text = f"{1.02 * exactly('alias_energy'):.6f}"
    off = honest("alias_energy").model_copy(update={"value": Printed(text)})
    assert judged([off])[0].verdict is Verdict.REFUTED
    (found,) = judged([off], aliasing="3%")
    assert (found.verdict, found.margin_source) == (Verdict.REPRODUCED, "command line")


def test_evidence_that_gives_another_number_refutes_it() -> None:
    wrong = replace(OURS, abs_difference=OURS.abs_difference * 1.01)
    (found,) = judged([honest("am")], author=wrong)
    assert found.verdict is Verdict.REFUTED
    assert "the released counts give" in found.reason


def test_a_layer_that_was_not_measured_is_not_checked_by_name() -> None:
    claim = {"metric": "am", "layer": "blocks.9", "value": "1.0"}
    (found,) = judged([claim])
    assert found.verdict is Verdict.NOT_CHECKED
    assert "blocks.9" in found.reason


def test_a_number_that_does_not_exist_is_not_checked() -> None:
    clean = replace(OURS, sq_difference=np.zeros(len(OURS)))
    (found,) = judged([{"metric": "alias_db", "layer": "blocks.1", "value": "-40.00"}], clean)
    assert found.verdict is Verdict.NOT_CHECKED
    assert "nothing folds" in found.reason
