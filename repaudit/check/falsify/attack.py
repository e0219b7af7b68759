"""Attack the chosen certificates of one evaluation, and say how it went."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from repaudit.audit.falsification import Falsification, Flip
from repaudit.check.falsify.table import Run, Table

if TYPE_CHECKING:
    from repaudit.rerun.engine import Engine
    from repaudit.rerun.falsify import Attempt, Effort

DEPLOYED = (
    "a step behind the noise measures the clean signal; the classifier attacked is the deployed "
    "one, to which whatever arrives is the clean signal"
)


def attack(
    name: str,
    table: Table,
    engine: "Engine",
    seed: bytes,
    effort: "Effort",
    error: float,
    report: Callable[[int], None],
) -> Falsification:
    """Return what the attempts on one table gave, its flips not judged yet.

    ``report`` gets the attempts done so far. Raises as `Engine.run_task` does.
    """
    from repaudit.rerun.falsify import looks_at_clean

    made = _made(table, engine, seed, effort, error, report)
    attempts = [attempt for _, attempt in made]
    followed = [attempt.by_gradient for attempt in attempts]
    notes = [] if made else ["no example is certified"]
    ready = engine.ready(table.task)
    deployed = bool(made) and looks_at_clean(ready)
    notes += [DEPLOYED] if deployed else []
    if not all(followed):
        why = next(attempt.note for attempt in attempts if attempt.note)
        notes.append(f"directions of the noise instead of a gradient: {why}")
    return Falsification(
        evaluation=name,
        status="attempted",
        reason="; ".join(notes) or None,
        counts=table.counts,
        search=_search(followed),
        deployed=deployed,
        attempts=len(made),
        examples=len({(run, attempt.certificate.example_id) for run, attempt in made}),
        certified=table.certified,
        rows=table.rows,
        draws=-(-effort.draws // ready.plan.rows) * ready.plan.rows,
        forwards=sum(attempt.forwards for attempt in attempts),
        flips=_nearest(made),
    )


def _made(
    table: Table,
    engine: "Engine",
    seed: bytes,
    effort: "Effort",
    error: float,
    report: Callable[[int], None],
) -> "list[tuple[Run, Attempt]]":
    """Return the attempts of all runs, run by run."""
    from repaudit.rerun.falsify import falsify_task

    made: list[tuple[Run, Attempt]] = []
    for run, task in table.tasks.items():
        targets = [
            (certificate, restart) for at, certificate, restart in table.targets if at == run
        ]
        if not targets:
            continue

        def tell(done: int, before: int = len(made)) -> None:
            report(before + done)

        found = falsify_task(engine, task, targets, seed, effort, error, tell)
        made += [(run, attempt) for attempt in found]
    return made


def _search(followed: Sequence[bool]) -> Literal["gradient", "directions", "both"] | None:
    if not followed:
        return None
    return "gradient" if all(followed) else "both" if any(followed) else "directions"


def _nearest(made: "Sequence[tuple[Run, Attempt]]") -> list[Flip]:
    """Return the nearest flip of every certificate, in the order of the attempts."""
    nearest: dict[tuple[Run, str], Flip] = {}
    for run, attempt in made:
        flip = _flip(run, attempt)
        key = run, attempt.certificate.example_id
        if flip is not None and (key not in nearest or flip.distance < nearest[key].distance):
            nearest[key] = flip
    return list(nearest.values())


def _flip(run: Run, attempt: "Attempt") -> Flip | None:
    certificate, change = attempt.certificate, attempt.change
    if change is None:
        return None
    checkpoint, repeat = run
    return Flip(
        example_id=certificate.example_id,
        checkpoint=checkpoint,
        repeat=repeat,
        radius=certificate.radius,
        distance=change.distance,
        hits=certificate.hits,
        draws=certificate.draws,
        class_before=certificate.certified_class,
        class_after=change.class_after,
        confirmation_hits=change.hits,
        confirmation_draws=change.draws,
        upper_bound=change.upper_bound,
    )
