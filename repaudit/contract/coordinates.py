"""What the declared steps produce: the certified object, and the unit of its coordinates."""

from collections.abc import Sequence

from repaudit.contract.contract import Object
from repaudit.contract.data import Data
from repaudit.contract.steps import BaseStep, Embedding, LogMel, Mfcc, Pcen, Spectrogram, Step

START, END = "input", "network_input"
LOG_UNITS = {
    "none": "linear",
    "ln": "ln",
    "log10": "log10",
    "db": "dB",
    "unstated": "log (unstated)",
}


class UnknownLocation(ValueError):
    """A location that is no step of the pipeline; ``known`` lists those that are."""

    def __init__(self, location: str, known: list[str]) -> None:
        super().__init__(f"expected one of {', '.join(known)}, found {location}")
        self.location, self.known = location, known


def locations(steps: Sequence[BaseStep]) -> list[str]:
    """Return every location of a pipeline, in order.

    >>> locations([])
    ['input', 'network_input']
    """
    return [START, *(step.location for step in steps), END]


def split_at(steps: Sequence[Step], location: str) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Return the steps up to ``location`` (rho) and those after it; ``UnknownLocation`` if none."""
    names = [step.location for step in steps]
    if location == START:
        return (), tuple(steps)
    if location == END:
        return tuple(steps), ()
    if location not in names:
        raise UnknownLocation(location, locations(steps))
    cut = names.index(location) + 1
    return tuple(steps[:cut]), tuple(steps[cut:])


def object_of(data: Data, rho: Sequence[Step]) -> Object:
    """Return what the steps up to the noise produce."""
    kind: Object = {"audio": "waveform", "image": "image", "features": "feature"}[data.kind]  # type: ignore[assignment]
    for step in rho:
        if isinstance(step, Spectrogram | LogMel | Mfcc | Pcen):
            kind = "feature"
        elif isinstance(step, Embedding):
            kind = "embedding"
    return kind


def unit_of(data: Data, rho: Sequence[Step]) -> str:
    """Return the unit of the noise's coordinates, in words (derived, never declared)."""
    unit = {"audio": "full-scale amplitude", "image": "pixel value", "features": "feature value"}
    current = unit[data.kind]
    for step in rho:
        if isinstance(step, Spectrogram | LogMel):
            current = LOG_UNITS[step.log]
        elif isinstance(step, Mfcc):
            current = f"cepstral ({LOG_UNITS[step.log]})"
        elif step.step == "standardize":
            current = "standardised"
        elif isinstance(step, Pcen):
            current = "PCEN value"
        elif isinstance(step, Embedding):
            current = "embedding value"
    return current
