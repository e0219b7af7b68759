"""The contract of every evaluation in words: a -> rho -> + eps -> T -> f."""

from collections.abc import Iterable

from repaudit.audit.described import DescribedContract, DescribedStep
from repaudit.contract.contract import Contract
from repaudit.contract.coordinates import UnknownLocation, split_at, unit_of
from repaudit.contract.data import Data
from repaudit.contract.evaluation import Certification, Geometry
from repaudit.contract.results import Results
from repaudit.contract.steps import Step
from repaudit.tables.words import BOUNDS

_NOT_PARAMETERS = ("step", "id")


def described(results: Results) -> list[DescribedContract]:
    """Return the contracts of all evaluations that have one, in the order of the file.

    One whose names lead nowhere is left out; rule RA041 reports it.
    """
    found = []
    for name in results.evaluations:
        try:
            contract = _of(results, name)
        except (KeyError, UnknownLocation):
            continue
        if contract is not None:
            found.append(contract)
    return found


def _of(results: Results, name: str) -> DescribedContract | None:
    declared = results.evaluations[name]
    if not isinstance(declared, Certification | Geometry):
        return None
    contract = results.contracts[declared.contract]
    perturbation = contract.perturbation
    data = results.data[declared.data]
    rho, after = split_at(results.pipelines[contract.pipeline], perturbation.location)
    return DescribedContract(
        evaluation=name,
        kind=declared.kind,
        data=_data_words(data),
        object=contract.object,
        unit=unit_of(data, rho),
        sigma=str(declared.sigma),
        location=perturbation.location,
        dtype=perturbation.dtype,
        rho=_steps(rho),
        transform=_steps(contract.transform),
        front_end=_steps(after),
        network=_network(results, declared),
        draws=_draws(results, declared),
        scale=_scale(contract),
    )


def _data_words(data: Data) -> str:
    parts = [data.name or data.kind]
    parts.append(_known(data.examples, "examples", "number of examples"))
    parts.append(_known(data.classes, "classes", "number of classes"))
    if data.sample_rate_hz is not None:
        parts.append(_known(data.sample_rate_hz, "Hz", "sample rate"))
    return ", ".join(parts)


def _known(value: int | str, unit: str, name: str) -> str:
    return f"{name} unstated" if value == "unstated" else f"{value} {unit}"


def _steps(steps: Iterable[Step]) -> list[DescribedStep]:
    return [
        DescribedStep(name=step.step, location=step.location, parameters=_parameters(step))
        for step in steps
    ]


def _parameters(step: Step) -> dict[str, str]:
    """Return what was declared; ``null`` only where it was written."""
    names = [n for n in type(step).model_fields if n not in _NOT_PARAMETERS]
    return {n: _shown(getattr(step, n)) for n in names if n in step.model_fields_set}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        shown = ", ".join(map(_shown, value[:4]))
        return f"{shown}, … ({len(value)} values)" if len(value) > 4 else shown
    return "none" if value is None else str(value)


def _network(results: Results, declared: Certification | Geometry) -> dict[str, str]:
    if isinstance(declared, Geometry):
        return {}
    model = results.models[declared.model]
    found = {"model": declared.model}
    if model.architecture is not None:
        found["architecture"] = model.architecture
    return {**found, "arithmetic": str(model.dtype), "output": str(model.output)}


def _draws(results: Results, declared: Certification | Geometry) -> dict[str, str]:
    if isinstance(declared, Geometry):
        return {"draws per example": str(declared.draws)}
    sampling = results.sampling[declared.sampling]
    fields = ("n0", "n", "alpha", "bound", "selection")
    found = {field: str(getattr(sampling, field)) for field in fields}
    return {**found, "bound": BOUNDS[sampling.bound]}


def _scale(contract: Contract) -> list[str]:
    return [str(scale).replace("_", " ") for scale in contract.scale]
