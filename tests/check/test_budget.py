"""Budgets of real audits: what is spent, how long it takes, and that it can be repeated."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

import repaudit.check.remeasure as remeasure
from repaudit._core.progress import Step
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Verdict
from repaudit.check import check
from tests.check.points import CLAIMS, CPU, point_plan
from tests.studies import write_json

pytestmark = pytest.mark.slow

NONCE = "0123456789abcdef" * 2
SIZE, N0, N = 1200, 50, 4000
SECONDS = 4.0
OVERDRAWN = 1.05
AFTERWARDS = 2.0
"""seconds of a machine that does other things too: what is held here is that the clock is heard"""


@pytest.fixture(scope="module")
def laborious(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A claim that half a minute would not settle: most examples take most of their draws."""
    folder = tmp_path_factory.mktemp("points")
    plan = point_plan(folder, SIZE, borderline=0.9, n=N)
    plan["study"]["kind"] = "original"
    plan["evaluations"]["main"]["claims"] = [{**CLAIMS[0], "value": "86.1"}]
    return write_json(folder / "results.json", plan)


@dataclass
class Watched:
    """An audit, and when it did what."""

    planned: float = 0.0
    ended: float = 0.0
    lines: list[str] = field(default_factory=list)

    def announce(self, line: str) -> None:
        self.planned = time.monotonic()

    def progress(self, step: Step) -> None:
        self.ended = time.monotonic()
        if step.is_over and step.doing:
            self.lines.append(step.doing)

    def audit(self, path: Path, **options: Any) -> Audit:
        told = {"announce": self.announce, "progress": self.progress}
        return check(path, replace(CPU, **{"nonce": NONCE, **told, **options}))

    @property
    def seconds(self) -> float:
        """What was used of the budget's time."""
        return self.ended - self.planned


def spent(audit: Audit) -> int:
    sampled = sum(sample.forwards for sample in audit.samples)
    return sampled + sum(m.forwards for m in audit.measurements if m.status == "measured")


def decided(audit: Audit) -> list[Any]:
    samples = [(s.outcome, s.examples, s.forwards, s.shares) for s in audit.samples]
    comparisons = [(c.verdict, c.measured) for c in audit.comparisons]
    return [samples, comparisons, [(m.status, m.forwards) for m in audit.measurements]]


@pytest.mark.parametrize("budget", [9_000, 100_000, 333_333])
def test_forwards_are_used_up_and_never_exceeded(laborious: Path, budget: int) -> None:
    audit = Watched().audit(laborious, budget=f"{budget}-forwards", mode="quick")
    assert budget - (N0 + N) <= spent(audit) <= budget
    assert audit.options.budget_forwards == budget


@pytest.mark.alone
def test_time_is_used_up_is_kept_and_what_it_came_to_repeats_the_audit(laborious: Path) -> None:
    watched = Watched()
    audit = watched.audit(laborious, budget=f"{SECONDS:.0f}s")
    assert 0.5 * SECONDS <= watched.seconds <= OVERDRAWN * SECONDS + AFTERWARDS
    assert {c.verdict for c in audit.comparisons} == {Verdict.NOT_CHECKED}
    assert "the budget ended after" in audit.samples[0].reason
    forwards = audit.options.budget_forwards
    assert forwards is not None
    again = Watched().audit(laborious, budget=f"{forwards}-forwards")
    assert again.options.budget_forwards == forwards
    assert decided(again) == decided(audit)


@pytest.mark.alone
@pytest.mark.parametrize("times_as_fast", [1.0, 1000.0])
def test_full_re_run_that_the_time_is_too_short_for_is_not_made_or_given_up(
    laborious: Path, monkeypatch: pytest.MonkeyPatch, times_as_fast: float
) -> None:
    """The speed that was measured may be far from that of the re-run itself."""

    def planted(*asked: Any) -> Mapping[str, float]:
        return {name: speed * times_as_fast for name, speed in measured(*asked).items()}

    measured = remeasure.speeds_of
    monkeypatch.setattr(remeasure, "speeds_of", planted)
    watched = Watched()
    audit = watched.audit(laborious, budget=f"{SECONDS:.0f}s", mode="full")
    assert watched.seconds <= OVERDRAWN * SECONDS + AFTERWARDS
    assert {c.verdict for c in audit.comparisons} == {Verdict.NOT_CHECKED}
    in_full = SIZE * (1 + N0 + N)
    assert audit.options.budget_forwards == in_full - 1
    reason = audit.measurements[0].reason
    assert reason is not None
    assert f"a full re-run of {in_full:,}" in reason or f"takes {in_full:,}" in reason
    assert ("given up" in reason) == (times_as_fast > 1.0)
    assert watched.lines == [f"not re-run: {reason}"]
