"""What a re-run measured about the attacks themselves, attack by attack."""

from collections.abc import Iterator
from dataclasses import dataclass

from repaudit.audit.probe import Probe
from repaudit.contract.evaluation import Empirical
from repaudit.contract.positions import pointer_of
from repaudit.rules._rule import Case

Evidence = dict[str, str | int | float | bool | None]


@dataclass(frozen=True)
class AskedOfAttack:
    """One answer about an attacked evaluation."""

    probe: Probe
    evaluation: Empirical

    @property
    def pointer(self) -> str:
        """Where its findings point: the panel."""
        return pointer_of(["evaluations", self.probe.evaluation, "attacks"])

    @property
    def attack(self) -> str:
        """Which attack it is about."""
        return str(self.probe.numbers.get("attack", ""))

    def number(self, key: str) -> float | None:
        """Return a measured number; ``None`` for one that was not measured."""
        value = self.probe.numbers.get(key)
        return float(value) if isinstance(value, int | float) else None

    def evidence(self, *keys: str) -> Evidence:
        """Return the numbers of these names."""
        return {key: self.probe.numbers[key] for key in keys if key in self.probe.numbers}


def asked_of_attacks(case: Case, name: str) -> Iterator[AskedOfAttack]:
    """Yield every answer to one question about attacks, in the order it was given."""
    for probe in case.probes:
        evaluation = case.results.evaluations.get(probe.evaluation)
        is_here = probe.name == name and probe.status == "asked"
        if is_here and isinstance(evaluation, Empirical):
            yield AskedOfAttack(probe, evaluation)
