"""The plan of an audit, in lines for its reader."""

from collections.abc import Iterator, Mapping, Sequence

from repaudit.check.options import Mode
from repaudit.check.sampling.plan import Planned


def plan_lines(
    plan: Sequence[Planned],
    mode: Mode,
    risk: float,
    budget: str | None,
    speeds: Mapping[str, float],
) -> Iterator[str]:
    """Yield the plan: the mode, what it costs on this machine, and each evaluation.

    ``speeds`` in forwards per second, where they were measured.
    """
    expected = sum(planned.forwards for planned in plan)
    in_full = sum(planned.in_full for planned in plan)
    at_risk = "" if mode == "full" else f" at a risk of {100.0 * risk:g} %"
    of_full = "" if expected == in_full else f" of {in_full:,} in full"
    yield f"plan: {mode}{at_risk}, about {expected:,} forwards{of_full}{_time(plan, speeds)}"
    if budget is not None:
        yield f"  budget: {budget}"
    for planned in plan:
        yield f"  {planned.evaluation}: {planned.words}"


def speed_of_all(plan: Sequence[Planned], speeds: Mapping[str, float]) -> float | None:
    """Return forwards per second over the plan, of the evaluations whose speed is known."""
    seconds = _seconds(plan, speeds)
    return sum(p.forwards for p in plan if p.evaluation in speeds) / seconds if seconds else None


def _seconds(plan: Sequence[Planned], speeds: Mapping[str, float]) -> float:
    return sum(p.forwards / speeds[p.evaluation] for p in plan if p.evaluation in speeds)


def _time(plan: Sequence[Planned], speeds: Mapping[str, float]) -> str:
    speed, seconds = speed_of_all(plan, speeds), _seconds(plan, speeds)
    if speed is None:
        return ""
    time = f"{seconds / 60.0:.1f} minutes" if seconds >= 60.0 else f"{seconds:.0f} seconds"
    return f", {time} at {speed:,.0f} a second"
