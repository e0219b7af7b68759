"""Full, risk-limiting and quick audits of points whose probabilities are known."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from repaudit._core.errors import InputError
from repaudit._core.progress import Step
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Comparison, Verdict
from repaudit.check import check
from tests.check.points import CPU, edit_counts, edit_results, inflate, point_results

NONCE = "0123456789abcdef" * 2
SIZE, IN_FULL = 300, 300 * 1051
AGAINST = {Verdict.OVERSTATED, Verdict.REFUTED}


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return point_results(tmp_path_factory.mktemp("points"), SIZE)


@pytest.fixture
def results(honest: Path, tmp_path: Path) -> Path:
    shutil.copytree(honest.parent, tmp_path / "points")
    return tmp_path / "points" / "results.json"


def audit(path: Path, **options: Any) -> Audit:
    # Forwards, because a budget of time has the speed measured, which takes two seconds.
    return check(path, replace(CPU, **{"nonce": NONCE, "budget": "1M-forwards", **options}))


def verdicts(found: Audit) -> list[Verdict]:
    return [c.verdict for c in found.comparisons]


def of(found: Audit, label: str) -> Comparison:
    return next(c for c in found.comparisons if c.label == label)


def test_honest_file_is_reproduced_by_a_sixth_of_the_forwards(honest: Path) -> None:
    margins = {"accuracy": "3"}
    sampled, full = audit(honest, margins=margins), audit(honest, margins=margins, mode="full")
    assert set(verdicts(sampled)) == {Verdict.REPRODUCED} == set(verdicts(full))
    assert sampled.level == full.level == "L3"
    assert 6 * sampled.samples[0].forwards < IN_FULL == full.measurements[0].forwards
    assert full.samples == []


def test_confirmed_share_says_its_margin_risk_and_examples(honest: Path) -> None:
    found = audit(honest)
    sample = found.samples[0]
    assert [share.outcome for share in sample.shares] == ["confirmed", "confirmed"]
    assert all(share.risk <= 0.01 for share in sample.shares)
    reason = of(found, "positive-radius accuracy").reason
    assert "not overstated by 1 point or more at a risk of" in reason
    measured = of(found, "positive-radius accuracy").measured
    assert measured is not None
    assert measured.low is not None
    assert measured.high is not None
    assert measured.low - 1.0 <= 94.67 <= measured.high + 1.0  # but for the margin


def test_inflated_counts_are_contradicted_and_then_measured_in_full(results: Path) -> None:
    found = audit(inflate(results))
    assert [s.outcome for s in found.samples] == ["refuted"]
    assert "re-run in full" in found.samples[0].reason
    assert set(verdicts(found)) <= AGAINST
    assert found.exit_code == 1


def test_what_a_small_budget_shows_is_said(results: Path) -> None:
    found = audit(inflate(results), budget="60k-forwards")
    assert found.options.budget_forwards == 60_000
    assert sum(m.forwards for m in found.measurements) <= 60_000
    assert "of the budget are left" in found.samples[0].reason
    claim = of(found, "positive-radius accuracy")
    assert claim.verdict is Verdict.OVERSTATED
    assert "sampled examples reach it" in claim.reason


def test_budget_that_ends_early_leaves_every_claim_not_checked(honest: Path) -> None:
    found = audit(honest, budget="20k-forwards")
    clean = of(found, "clean accuracy of the base classifier")
    assert clean.verdict is Verdict.REPRODUCED  # one forward an example
    rest = [c for c in found.comparisons if c is not clean]
    assert {c.verdict for c in rest} == {Verdict.NOT_CHECKED}
    assert all("budget" in c.reason for c in rest)


def test_quick_audit_makes_no_full_re_run(results: Path) -> None:
    found = audit(inflate(results), mode="quick")
    assert [m.status for m in found.measurements] == ["sampled"]
    assert found.samples[0].forwards < IN_FULL
    assert "a quick audit makes no full re-run" in found.samples[0].reason
    assert of(found, "positive-radius accuracy").verdict is Verdict.OVERSTATED


def test_claims_without_released_counts_are_polled_and_the_rest_not_sampled(
    results: Path,
) -> None:
    def without(document: dict[str, Any]) -> None:
        del document["evaluations"]["main"]["evidence"]

    found = audit(edit_results(results, without), margins={"accuracy": "3"})
    assert of(found, "positive-radius accuracy").verdict is Verdict.REPRODUCED
    assert found.samples[0].shares[0].design == "polling"
    median = of(found, "median certified radius over all")
    assert median.verdict is Verdict.NOT_CHECKED
    assert "not sampled in this mode" in median.reason
    assert of(found, "clean accuracy of the base classifier").verdict is Verdict.REPRODUCED


@pytest.mark.parametrize(("shift", "verdict"), [(-15, Verdict.REPRODUCED), (5, Verdict.OVERSTATED)])
def test_polled_claim_is_overstated_only_when_it_is_too_high(
    results: Path, shift: int, verdict: Verdict
) -> None:
    def change(document: dict[str, Any]) -> None:
        evaluation = document["evaluations"]["main"]
        del evaluation["evidence"]
        evaluation["claims"] = evaluation["claims"][:1]
        evaluation["claims"][0]["value"] = f"{float(evaluation['claims'][0]['value']) + shift:.2f}"

    found = audit(edit_results(results, change), mode="quick")
    assert of(found, "positive-radius accuracy").verdict is verdict


def test_audit_is_the_same_bytes_whatever_the_batch_size(honest: Path, tmp_path: Path) -> None:
    def text(name: str, batch_size: int) -> str:
        found = audit(honest, batch_size=batch_size, out=tmp_path / name)
        data = found.model_dump(mode="json", by_alias=True)
        for key in ("started", "seconds"):
            del data[key]
        for measurement in data["measurements"]:
            del measurement["seconds"]
        return json.dumps(data)

    assert text("one", 1) == text("many", 64)
    sample = Path("evidence") / "main.sample.csv"
    assert (tmp_path / "one" / sample).read_bytes() == (tmp_path / "many" / sample).read_bytes()


def test_another_nonce_looks_at_other_examples(honest: Path, tmp_path: Path) -> None:
    def first(nonce: str) -> str:
        audit(honest, nonce=nonce, out=tmp_path / nonce)
        path = tmp_path / nonce / "evidence" / "main.sample.csv"
        return path.read_text(encoding="utf-8").splitlines()[1]

    assert first("0" * 32) != first("1" * 32)


def test_interrupted_sample_goes_on_to_the_same_audit(
    honest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = audit(honest, out=tmp_path / "whole")

    def interrupt(step: Step) -> None:
        if step.done > 20_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        audit(honest, out=tmp_path / "stopped", progress=interrupt)
    resumed = audit(honest, nonce=None, out=tmp_path / "stopped", resume=True)
    assert resumed.samples == whole.samples


def test_released_norms_that_are_not_ours_are_not_confirmed(results: Path) -> None:
    def lie(row: dict[str, str]) -> None:
        row["norm"] = str(2 * float(row["norm"]))

    found = audit(edit_counts(results, lie), mode="quick")
    assert found.samples[0].outcome == "unsettled"
    assert "norm" in found.samples[0].reason


@pytest.mark.parametrize("budget", ["", "10", "0m", "ten minutes", "5 forwards"])
def test_budget_that_is_none_is_refused(honest: Path, budget: str) -> None:
    with pytest.raises(InputError, match="--budget"):
        audit(honest, budget=budget)


def test_plan_is_announced_with_its_cost(honest: Path) -> None:
    lines: list[str] = []
    announce: Callable[[str], None] = lines.append
    audit(honest, announce=announce)
    assert lines[0].startswith("plan: risk-limiting at a risk of 1 %, about ")
    assert f"of {IN_FULL:,} in full" in lines[0]
    assert any("main: by sample" in line for line in lines)


def test_counts_rounded_up_to_all_draws_are_caught_by_their_missing_failures(
    tmp_path: Path,
) -> None:
    """997 of 1000 said to be 1000: certified all the same, but at a radius a fifth larger."""

    def lie(row: dict[str, str]) -> None:
        if row["label"] == row["selected_class"] and int(row["hits"]) > 970:
            row |= dict.fromkeys(("hits", "label_hits", "top_hits"), "1000")

    path = point_results(tmp_path, SIZE, far=2.8)
    before = audit(path, mode="quick")
    assert of(before, "released counts against the re-run").verdict is Verdict.REPRODUCED
    found = audit(edit_counts(path, lie), mode="quick")
    counts = of(found, "released counts against the re-run")
    assert counts.verdict is Verdict.OVERSTATED
    assert "too few failures are released" in counts.reason
    claims = [c for c in found.comparisons if c.kind == "claim" and c.metric != "clean_accuracy"]
    assert Verdict.REPRODUCED not in {c.verdict for c in claims}


@pytest.mark.parametrize("accuracy", ["0", "0.001", "100", "250"])
def test_margins_of_everything_and_of_nothing_end_in_verdicts(honest: Path, accuracy: str) -> None:
    found = audit(honest, margins={"accuracy": accuracy}, budget="2M-forwards")
    is_wide = float(accuracy) >= 100
    assert found.exit_code == 0
    verdict = of(found, "positive-radius accuracy").verdict
    assert verdict is (Verdict.REPRODUCED if is_wide else Verdict.INCONCLUSIVE)
