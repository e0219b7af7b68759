"""What a re-run says about the layers whose aliasing it measured."""

from collections.abc import Iterator
from dataclasses import dataclass

from repaudit.audit.probe import Probe
from repaudit.contract.evaluation import Aliasing
from repaudit.contract.positions import pointer_of
from repaudit.rules._rule import Case


@dataclass(frozen=True)
class Layer:
    """One layer of one checkpoint, with the numbers of the re-run."""

    probe: Probe

    @property
    def pointer(self) -> str:
        """The evaluation that measures the layer."""
        return pointer_of(["evaluations", self.probe.evaluation])

    @property
    def name(self) -> str:
        """The layer, as claims name it."""
        return str(self.probe.numbers["layer"])

    def number(self, key: str) -> float | None:
        """Return a measured number; ``None`` for one that was not measured."""
        value = self.probe.numbers.get(key)
        return float(value) if isinstance(value, int | float) else None

    def evidence(self, *keys: str) -> dict[str, str | int | float | bool | None]:
        """Return the layer's name and the numbers of these names."""
        return {key: self.probe.numbers.get(key) for key in ("layer", *keys)}


def layers(case: Case) -> Iterator[Layer]:
    """Yield every layer that was looked at, evaluation by evaluation."""
    for probe in case.probes:
        evaluation = case.results.evaluations.get(probe.evaluation)
        is_asked = probe.name == "aliasing_layer" and probe.status == "asked"
        if is_asked and isinstance(evaluation, Aliasing):
            yield Layer(probe)


def broken_identity(layer: Layer, key: str) -> float | None:
    """Return the relative error of an identity that is above what arithmetic explains."""
    error, tolerance = layer.number(key), layer.number("tolerance")
    if error is None or tolerance is None or error <= tolerance:
        return None
    return error
