"""What the engine has to reach, and whether a measured file says that it does."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.engine.figures import Found, Ratio, best_loop, best_plan, ratio, speed_stages

Result = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """One target in one setting."""

    target: str
    setting: str
    wanted: str
    measured: str
    is_met: bool | None
    """None = not measured; ``measured`` has the reason"""

    @property
    def state(self) -> str:
        """The outcome in words."""
        return {True: "met", False: "**not met**", None: "not measured"}[self.is_met]


@dataclass(frozen=True)
class _AtLeast:
    """A speed that has to be some times another one on a device, or its reason to be absent."""

    device: str
    target: str
    least: float
    measure: Callable[[Result], Ratio | str]
    peer: str | None = None
    """whose verdicts have to be the engine's"""

    def outcomes(self, found: Found) -> Iterator[Outcome]:
        """Yield the outcome of every length and contract."""
        stages = list(speed_stages(found, self.device))
        if not stages:
            reason = f"no {self.device.upper()} device when this was run"
            yield Outcome(self.target, "", f"≥ {self.least}", reason, None)
        for setting, result in stages:
            yield self._outcome(setting, result)

    def _outcome(self, setting: str, result: Result) -> Outcome:
        value, wanted = self.measure(result), f"≥ {self.least}"
        if isinstance(value, str):
            return Outcome(self.target, setting, wanted, value, None)
        is_met, said = value.best >= self.least, value.text
        if self.peer is not None:
            is_same = agrees(result["verdicts"][self.peer])
            is_met, wanted = is_met and is_same, f"{wanted}, same verdicts"
            said += "" if is_same else ", other verdicts"
        return Outcome(self.target, setting, wanted, said, is_met)


def agrees(verdicts: Result) -> bool:
    """Whether a peer certifies what the engine does, with counts within their noise."""
    return bool(verdicts["same verdicts"] and verdicts["counts agree"])


def outcomes(found: Found) -> list[Outcome]:
    """Return every target with what was measured."""
    speeds = [outcome for target in _SPEEDS for outcome in target.outcomes(found)]
    return [*speeds, *_memory(found), *_workers(found)]


def engine_case(result: Result) -> str:
    """Return the engine's case with the best plan."""
    return f"engine, {best_plan(result['speeds'])}"


def of_ceiling(result: Result) -> Ratio:
    """Return the engine in units of its own plan's ceiling."""
    plan = best_plan(result["speeds"])
    return ratio(result["speeds"], f"engine, {plan}", f"ceiling, {plan}")


def over_loop(result: Result) -> Ratio:
    """Return the engine in units of the loop at its faster batch."""
    return ratio(result["speeds"], engine_case(result), best_loop(result["speeds"]))


def over_default_loop(result: Result) -> Ratio | str:
    """Return the engine in units of the loop at the batch that it is published with."""
    return _over(result, "loop, batch 1000")


def over_art(result: Result) -> Ratio | str:
    """Return the engine in units of ART's certify."""
    return _over(result, "ART")


def _over(result: Result, case: str) -> Ratio | str:
    if case not in result["speeds"]:
        return str(result["left out"][case])
    return ratio(result["speeds"], engine_case(result), case)


_SPEEDS = (
    _AtLeast("cpu", "engine / its ceiling, CPU", 0.92, of_ceiling),
    _AtLeast("cpu", "engine / usual loop, CPU", 2.5, over_loop, "loop"),
    _AtLeast("cpu", "engine / ART, CPU", 2.8, over_art, "ART"),
    _AtLeast("cuda", "engine / its ceiling, GPU", 0.85, of_ceiling),
    _AtLeast("cuda", "engine / usual loop at batch 1000, GPU", 5.0, over_default_loop, "loop"),
)


def _memory(found: Found) -> Iterator[Outcome]:
    for seconds in (1, 5):
        stage = found["stages"].get(f"memory, {seconds} s")
        cases = {} if stage is None else stage["result"]
        limits = sorted(int(case[7:]) for case in cases if case.startswith("engine "))
        for limit in limits:
            setting = f"{seconds} s, --memory {limit} MiB"
            yield _within(setting, limit, cases[f"engine {limit}"])


def _within(setting: str, limit: int, measured: Result) -> Outcome:
    target, wanted = "memory of a run", f"≤ {limit} MiB"
    if "peak" not in measured:
        said = measured.get("failed", "refused: not even one block fits")
        return Outcome(target, setting, wanted, said, None)
    taken = measured["peak"] - measured["before"]
    return Outcome(target, setting, wanted, f"{taken:.0f} MiB", taken <= limit)


def _workers(found: Found) -> Iterator[Outcome]:
    stage = found["stages"].get("workers")
    if stage is not None:
        value = ratio(stage["result"]["speeds"], "two workers", "one worker")
        yield Outcome(
            "two workers / one", "one thread each", "≥ 1.7", value.text, value.best >= 1.7
        )
