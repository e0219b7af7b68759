"""Pipelines that are easily run by mistake instead of the declared one."""

from dataclasses import replace

from repaudit.contract.steps import Clip, Normalize, Step
from repaudit.contract.task import CertificationTask
from repaudit.contract.types import Real

SIGMA_FACTORS = (1.02, 1.05, 1.1, 1.2, 1.5, 2.0)
"""Errors of sigma that are looked for; what lies between fits its neighbours."""
AS_DECLARED = "what is declared"
"""The control: counts that fit it too accuse nobody."""
MOST_DRAWS = 500
"""Draws that tell pipelines apart; the released counts may have more."""


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
    task: CertificationTask, only: frozenset[str], *, is_more_confident: bool
) -> dict[str, CertificationTask]:
    """Return the task as it may really have been run, by what would be different, in words.

    The first is the task as declared.

    ``only`` are the examples that are run. ``is_more_confident``: whether the released counts
    are more confident than our own, as those of a run at a smaller sigma are.
    """
    # Only the label's hits are looked at, which need no class selected beforehand.
    task = replace(task, only=only, n0=1, n=min(task.n, MOST_DRAWS))
    found = {AS_DECLARED: task}
    for factor in SIGMA_FACTORS:
        sigma = float(f"{task.sigma * (1 / factor if is_more_confident else factor):.3g}")
        found[f"sigma {sigma:g}"] = replace(task, sigma=sigma)
    if task.contract.object == "waveform":
        declared = [step.model_copy(update={"id": None}) for step in task.contract.transform]
        for words, steps in TRANSFORMS.items():
            if declared != list(steps):
                contract = task.contract.model_copy(update={"transform": list(steps)})
                found[words] = replace(task, contract=contract)
    return found
