"""What one step of a pipeline or of T cannot be."""

from collections.abc import Iterator

from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.steps import (
    Clip,
    Gain,
    LogMel,
    Mfcc,
    Normalize,
    Spectrogram,
    Standardize,
    Step,
)
from repaudit.contract.types import Real
from repaudit.rules._rule import Hit


def impossible_steps(results: Results) -> Iterator[Hit]:
    """Yield what is impossible about each step; unstated parameters are not looked at."""
    for name, steps in results.pipelines.items():
        yield from _each(["pipelines", name], steps)
    for name, contract in results.contracts.items():
        yield from _each(["contracts", name, "transform"], contract.transform)


def _each(path: list[str], steps: list[Step]) -> Iterator[Hit]:
    for i, step in enumerate(steps):
        base = pointer_of([*path, i])
        if isinstance(step, Normalize):
            yield from _normalize(base, step)
        elif isinstance(step, Spectrogram | LogMel | Mfcc):
            yield from _spectral(base, step)
        elif isinstance(step, Clip):
            yield from _ordered(base, "low", step.low, "high", step.high)
        elif isinstance(step, Gain) and isinstance(step.factor, Real):
            yield from _positive(f"{base}/factor", step.factor, nonzero=True)
        elif isinstance(step, Standardize) and step.computed_from != "input":
            std = step.std if isinstance(step.std, list) else [step.std]
            if any(isinstance(value, Real) and value.value <= 0 for value in std):
                yield Hit(f"{base}/std", "expected a std above 0, found one that is not")


def _normalize(base: str, step: Normalize) -> Iterator[Hit]:
    if isinstance(step.target, Real):
        yield from _positive(f"{base}/target", step.target)
    if step.zero_energy == "floor" and step.floor is None:
        yield Hit(base, "expected the floor that zero_energy floor divides by, found none")
    if step.zero_energy in ("leave", "exclude") and step.floor is not None:
        yield Hit(f"{base}/floor", f"expected no floor with zero_energy {step.zero_energy}")
    if step.floor is not None:
        yield from _positive(f"{base}/floor", step.floor)


def _spectral(base: str, step: Spectrogram | LogMel | Mfcc) -> Iterator[Hit]:
    yield from _at_most(base, "win_length", step.win_length, "n_fft", step.n_fft)
    takes_log = step.log not in ("none", "unstated")
    if takes_log and step.floor_mode in ("add", "max") and isinstance(step.floor, Real):
        yield from _positive(f"{base}/floor", step.floor)
    if isinstance(step, Spectrogram):
        return
    yield from _ordered(base, "f_min_hz", step.f_min_hz, "f_max_hz", step.f_max_hz)
    if isinstance(step.top_db, Real) and step.log not in ("db", "unstated"):
        yield Hit(f"{base}/top_db", f"expected null without log db, found {step.top_db}")
    if isinstance(step, Mfcc):
        yield from _at_most(base, "n_mfcc", step.n_mfcc, "n_mels", step.n_mels)


def _at_most(base: str, key: str, small: object, other: str, large: object) -> Iterator[Hit]:
    if isinstance(small, int) and isinstance(large, int) and small > large:
        yield Hit(f"{base}/{key}", f"expected {key} up to {other} {large}, found {small}")


def _ordered(base: str, key: str, low: object, other: str, high: object) -> Iterator[Hit]:
    if isinstance(low, Real) and isinstance(high, Real) and low.value >= high.value:
        yield Hit(f"{base}/{key}", f"expected {key} below {other} {high}, found {low}")


def _positive(pointer: str, value: Real, *, nonzero: bool = False) -> Iterator[Hit]:
    key = pointer.rpartition("/")[2]
    if value.value == 0 or (value.value < 0 and not nonzero):
        wanted = "other than" if nonzero else "above"
        yield Hit(pointer, f"expected a {key} {wanted} 0, found {value}")
