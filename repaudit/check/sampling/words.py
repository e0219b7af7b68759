"""The plan of an audit, in lines for its reader."""

from collections.abc import Iterator, Sequence

from repaudit.check.options import Mode
from repaudit.check.sampling.plan import Planned


def plan_lines(
    plan: Sequence[Planned],
    mode: Mode,
    risk: float,
    budget: str | None,
    forwards: int | None,
    speed: float | None,
) -> Iterator[str]:
    """Yield the plan: the mode, what it costs on this machine, and each evaluation.

    ``speed`` in forwards per second, None when it was not measured.
    """
    expected = sum(planned.forwards for planned in plan)
    in_full = sum(planned.in_full for planned in plan)
    at_risk = "" if mode == "full" else f" at a risk of {100.0 * risk:g} %"
    of_full = "" if expected == in_full else f" of {in_full:,} in full"
    yield f"plan: {mode}{at_risk}, about {expected:,} forwards{of_full}{_time(expected, speed)}"
    if budget is not None:
        limit = "" if forwards is None or "forwards" in budget else f" = {forwards:,} forwards"
        yield f"  budget: {budget}{limit}"
    for planned in plan:
        yield f"  {planned.evaluation}: {planned.words}"


def _time(forwards: int, speed: float | None) -> str:
    if not speed:
        return ""
    seconds = forwards / speed
    time = f"{seconds / 60.0:.1f} minutes" if seconds >= 60.0 else f"{seconds:.0f} seconds"
    return f", {time} at {speed:,.0f} a second"
