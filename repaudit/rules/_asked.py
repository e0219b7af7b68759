"""What the probes of a re-run measured, question by question."""

from collections.abc import Iterator
from dataclasses import dataclass

from repaudit.audit.probe import Probe
from repaudit.contract.evaluation import Certification
from repaudit.contract.positions import pointer_of
from repaudit.rules._rule import Case


@dataclass(frozen=True)
class Asked:
    """One question that was answered."""

    probe: Probe
    evaluation: Certification

    @property
    def pointer(self) -> str:
        """Where its findings point: the evaluation whose certificates rest on the answer."""
        return pointer_of(["evaluations", self.probe.evaluation])

    @property
    def who(self) -> str:
        """The beginning of a message: which network it is about."""
        name = self.probe.checkpoint
        return "" if name is None else f"checkpoint {name}: "

    def number(self, key: str) -> float | None:
        """Return a measured number; ``None`` for one that was not measured."""
        value = self.probe.numbers.get(key)
        return float(value) if isinstance(value, int | float) else None

    def exceeds(self, key: str, limit: float) -> bool:
        """Say whether a number was measured whose magnitude is above ``limit``."""
        value = self.number(key)
        return value is not None and abs(value) > limit

    def evidence(self, *keys: str) -> dict[str, str | int | float | bool | None]:
        """Return the numbers of these names."""
        return {key: self.probe.numbers[key] for key in keys if key in self.probe.numbers}


def asked(case: Case, name: str) -> Iterator[Asked]:
    """Yield every answer to one question, in the order it was given."""
    for probe in case.probes:
        evaluation = case.results.evaluations.get(probe.evaluation)
        is_here = probe.name == name and probe.status == "asked"
        if is_here and isinstance(evaluation, Certification):
            yield Asked(probe, evaluation)
