"""The steps in front of a certified network: which pipelines, at which sample rate."""

from collections.abc import Iterator

from repaudit.contract.data import Data
from repaudit.contract.evaluation import Certification, Geometry
from repaudit.contract.results import Results
from repaudit.contract.steps import Resample
from repaudit.rules._walk import used_contracts


def certified_pipelines(results: Results) -> Iterator[str]:
    """Yield every pipeline with noise in it, once."""
    yield from dict.fromkeys(contract.pipeline for _, _, contract in used_contracts(results))


def used_pipelines(results: Results) -> Iterator[tuple[str, Data]]:
    """Yield every pipeline with each data set that goes through it, once."""
    seen: set[tuple[str, str]] = set()
    for evaluation in results.evaluations.values():
        if isinstance(evaluation, Certification | Geometry):
            name = results.contracts[evaluation.contract].pipeline
        else:
            name = evaluation.pipeline
        if (name, evaluation.data) not in seen:
            seen.add((name, evaluation.data))
            yield name, results.data[evaluation.data]


def rate_at(results: Results, pipeline: str, data: Data, index: int) -> int | None:
    """Return the sample rate in front of a step, Hz; None where nothing says it."""
    rate = data.sample_rate_hz if isinstance(data.sample_rate_hz, int) else None
    for step in results.pipelines[pipeline][:index]:
        if isinstance(step, Resample):
            rate = step.rate_hz if isinstance(step.rate_hz, int) else None
    return rate
