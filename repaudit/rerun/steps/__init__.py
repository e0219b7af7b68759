"""The declared steps as modules: this folder is the registry, one step per file."""

import pkgutil
from importlib import import_module
from types import ModuleType

from repaudit.contract.steps import BaseStep
from repaudit.rerun.steps.base import LinearStep, Signal, StepModule, Unsupported

__all__ = ["STEPS", "LinearStep", "Signal", "StepModule", "Unsupported", "build_step"]


def _steps_of(module: ModuleType) -> list[type[StepModule]]:
    """Return the step modules that a file defines (and not those it imports)."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, StepModule)
        and value.__module__ == module.__name__
        and "declares" in vars(value)
    ]


def collect(modules: list[ModuleType]) -> dict[type[BaseStep], type[StepModule]]:
    """Return declaration → module; ``RuntimeError`` when two files run the same step."""
    found: dict[type[BaseStep], type[StepModule]] = {}
    for module in modules:
        for step in _steps_of(module):
            if step.declares in found:
                raise RuntimeError(f"{step.declares.__name__} is run by two modules")
            found[step.declares] = step
    return found


STEPS = collect(
    [
        import_module(f"{__name__}.{name}")
        for name in sorted(info.name for info in pkgutil.iter_modules(__path__))
    ]
)


def build_step(step: BaseStep) -> StepModule:
    """Return the module that runs a declared step.

    Raises ``UnstatedError`` for a parameter that the source leaves open, ``Unsupported`` for a
    step or a parameter that this version cannot run.
    """
    if type(step) not in STEPS:
        raise Unsupported(f"the step {step.location} cannot be run by this version")
    return STEPS[type(step)](step)
