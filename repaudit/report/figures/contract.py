"""Contracts as cards: evaluations that certify the same thing share one."""

from dataclasses import dataclass

from repaudit.audit.audit import Audit
from repaudit.audit.described import DescribedContract, DescribedStep

_OF_THE_EVALUATION = {"evaluation", "sigma", "draws"}
_UNITS = {"_hz": "Hz", "_samples": "samples"}


@dataclass(frozen=True)
class Step:
    """One step of a box."""

    name: str
    alias: str
    """what the coordinates after it are called, empty when like the step"""
    parameters: list[tuple[str, str]]


@dataclass(frozen=True)
class Stage:
    """One box of the pipeline a -> rho -> + eps -> T -> f."""

    symbol: str
    name: str
    note: str
    steps: list[Step]
    facts: dict[str, str]


@dataclass(frozen=True)
class Card:
    """One contract and the evaluations that are made under it."""

    title: str
    unit: str
    stages: list[Stage]
    settings: list[tuple[str, str, str]]
    """evaluation, sigma, draws in words"""


def cards(audit: Audit) -> list[Card]:
    """Return one card per distinct contract, in the order of the file."""
    groups: dict[str, list[DescribedContract]] = {}
    for contract in audit.contracts:
        groups.setdefault(contract.model_dump_json(exclude=_OF_THE_EVALUATION), []).append(contract)
    return [_card(group) for group in groups.values()]


def _card(group: list[DescribedContract]) -> Card:
    first = group[0]
    settings = [(c.evaluation, c.sigma, _draws(c)) for c in group]
    what = "Certifies the" if first.kind == "certification" else "Geometry of T, on the"
    return Card(f"{what} {first.object}", first.unit, _stages(first), settings)


def _draws(contract: DescribedContract) -> str:
    words = {"n0": "n₀ = ", "n": "n = ", "alpha": "α = ", "bound": "", "selection": "selection "}
    parts = [f"{words.get(key, key + ' ')}{value}" for key, value in contract.draws.items()]
    return ", ".join(parts)


def _stages(c: DescribedContract) -> list[Stage]:
    noise = {"law": "Gaussian, L2", "unit": c.unit, "arithmetic": c.dtype}
    stages = [
        Stage("a", "recording", c.data, [], {}),
        Stage("ρ", "representation", "" if c.rho else "identity", _steps(c.rho), {}),
        Stage("+ ε", "noise", f"after {_spaced(c.location)}, on the {c.object}", [], noise),
        Stage("T", "transform", "" if c.transform else "identity", _steps(c.transform), {}),
    ]
    if c.kind == "certification":
        stages.append(Stage("f", "classifier", "", _steps(c.front_end), c.network))
    scales = [scale.replace("snr", "SNR") for scale in c.scale]
    stages.append(Stage("m", "scale", "", [], dict.fromkeys(scales, "")))
    return stages


def _steps(steps: list[DescribedStep]) -> list[Step]:
    return [
        Step(
            name=_spaced(step.name),
            alias=step.location if step.location != step.name else "",
            parameters=[_parameter(key, value) for key, value in step.parameters.items()],
        )
        for step in steps
    ]


def _parameter(key: str, value: str) -> tuple[str, str]:
    """Return name and value in words, the unit behind the number.

    >>> _parameter("f_max_hz", "8000")
    ('f max', '8000 Hz')
    """
    for ending, unit in _UNITS.items():
        if key.endswith(ending):
            is_number = value[:1].isdigit()
            return _spaced(key.removesuffix(ending)), f"{value} {unit}" if is_number else value
    return _spaced(key), value


def _spaced(name: str) -> str:
    return name.replace("_", " ")
