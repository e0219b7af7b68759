"""Pipelines that are easily run by mistake instead of the declared one."""

from dataclasses import replace

from repaudit.contract.steps import Clip, Normalize, Step
from repaudit.contract.task import CertificationTask
from repaudit.contract.types import Real

LEAST_SIGMA_ERROR = 0.005


def _normalize(measure: str) -> Step:
    return Normalize.model_validate(
        {
            "step": "normalize",
            "measure": measure,
            "target": 1,
            "measured_on": "input",
            "includes_padding": True,
            "zero_energy": "leave",
        }
    )


TRANSFORMS: dict[str, tuple[Step, ...]] = {
    "no transform after the noise": (),
    "a clip to [-1, 1] after the noise": (
        Clip(step="clip", low=Real.parse(-1), high=Real.parse(1)),
    ),
    "a peak normalisation after the noise": (_normalize("peak"),),
    "an RMS normalisation after the noise": (_normalize("rms"),),
}
"""Range control that decoders, data loaders and plotting code like to add to a waveform."""


def suspects_of(
    task: CertificationTask, sigma_error: float, only: frozenset[str]
) -> dict[str, CertificationTask]:
    """Return the task as it may really have been run, by what would be different, in words.

    ``sigma_error`` is the relative error of sigma that the released counts look like; ``only``
    are the examples that are run.
    """
    found = {}
    task = replace(task, only=only)
    if abs(sigma_error) > LEAST_SIGMA_ERROR:
        sigma = float(f"{task.sigma * (1.0 + sigma_error):.3g}")
        found[f"sigma {sigma:g} instead of {task.sigma:g}"] = replace(task, sigma=sigma)
    if task.contract.object == "waveform":
        declared = [step.model_copy(update={"id": None}) for step in task.contract.transform]
        for words, steps in TRANSFORMS.items():
            if declared != list(steps):
                contract = task.contract.model_copy(update={"transform": list(steps)})
                found[words] = replace(task, contract=contract)
    return found
