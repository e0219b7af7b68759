"""FGSM, PGD, DeepFool and C&W of foolbox, with keyed random starts and nothing left implicit.

The library is called on its own classes' ``run``; what it returns is re-checked elsewhere. Its
C&W returns zeros for rows on which it failed, and it clamps to one box for all coordinates.

Reference: Rauber et al. 2017, 2020 (foolbox).
"""

import os
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from repaudit._core.errors import MissingPart
from repaudit.rerun.attacks.norms import inside_ball
from repaudit.rerun.attacks.problem import Candidates, Problem, margin
from repaudit.rerun.attacks.settings import LEVELS, Settings

INSTALL = "pip install 'repaudit[attacks]'"
UNBOUNDED = 2.0
"""A box that does not exist, as a multiple of the largest coordinate: the library wants one."""


def library_version() -> str:
    """Return the library and its version; ``MissingPart`` without the extra."""
    return f"foolbox=={_foolbox().__version__}"


def attack(problem: Problem) -> Candidates:
    """Return what the library found, the smallest of it for a minimal FGSM or PGD."""
    settings = problem.settings
    model = _model(problem)
    if settings.name in ("deepfool", "cw_l2"):
        return _candidates(problem, _run(_minimal(settings), problem, model, None))
    levels = LEVELS if settings.is_minimal else 1
    found = Candidates(problem.x.clone(), torch.zeros_like(problem.active))
    for level in range(levels):
        if settings.is_minimal and bool((found.claimed | ~problem.active).all()):
            break
        epsilon = settings.epsilon * (level + 1) / levels
        for _ in range(settings.restarts):
            tried = _candidates(problem, _run(_ascent(problem), problem, model, epsilon))
            better = ~found.claimed
            found.x[better] = tried.x[better]
            found = Candidates(found.x, found.claimed | tried.claimed)
    return found


def _run(method: Any, problem: Problem, model: Any, epsilon: float | None) -> Tensor:
    options = {} if epsilon is None else {"epsilon": epsilon}
    criterion = _foolbox().criteria.Misclassification(problem.labels)
    with torch.enable_grad():
        x: Tensor = method.run(model, problem.x, criterion, **options)
    return x.detach()


def _candidates(problem: Problem, x: Tensor) -> Candidates:
    rows = torch.arange(len(x), device=x.device)
    with torch.no_grad():
        lead = margin(problem.victim.scores(x, rows), problem.labels)
    return Candidates(x, lead > 0)


def _minimal(settings: Settings) -> Any:
    attacks = _foolbox().attacks
    if settings.name == "cw_l2":
        return attacks.L2CarliniWagnerAttack(
            binary_search_steps=settings.restarts,
            steps=settings.steps,
            stepsize=settings.step_size,
            confidence=0,
            initial_const=1e-3,
            abort_early=True,
        )
    in_linf = settings.objective == "min_linf"
    deepfool = attacks.LinfDeepFoolAttack if in_linf else attacks.L2DeepFoolAttack
    loss = {"cross_entropy": "crossentropy"}.get(settings.loss, settings.loss)
    return deepfool(steps=settings.steps, candidates=10, overshoot=0.02, loss=loss)


def _ascent(problem: Problem) -> Any:
    """Return FGSM or PGD of the threat model's norm, its start drawn from the problem's keys."""
    settings, base = problem.settings, _foolbox().attacks
    parent: Any = (
        base.LinfProjectedGradientDescentAttack
        if settings.norm == "linf"
        else base.L2ProjectedGradientDescentAttack
    )

    class Keyed(parent):  # type: ignore[misc]
        def get_random_start(self, x0: Any, epsilon: float) -> Any:
            rows = torch.arange(len(problem.x), device=problem.x.device)
            normals = problem.normal_rows(rows, extra=1)
            start = inside_ball(normals, settings.norm, epsilon).reshape(problem.x.shape)
            return x0 + _foolbox_tensor(start)

    return Keyed(
        abs_stepsize=settings.step_size,
        steps=settings.steps,
        random_start=settings.name == "pgd",
    )


def _model(problem: Problem) -> Any:
    low, high = problem.bounds
    # The library clips to the box, so that a point outside of it could not even stay.
    largest = float(problem.x.abs().max()) + problem.settings.epsilon
    low = min(float(problem.x.min()), low) if low > -torch.inf else -UNBOUNDED * largest
    high = max(float(problem.x.max()), high) if high < torch.inf else UNBOUNDED * largest
    rows = torch.arange(len(problem.x), device=problem.x.device)
    wrapped = _Wrapped(lambda x: problem.victim.scores(x, rows)).eval()
    return _foolbox().PyTorchModel(wrapped, bounds=(low, high), device=problem.x.device)


class _Wrapped(nn.Module):
    """A function as the module that the library asks for; it owns no parameters."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self._function = [function]

    def forward(self, x: Tensor) -> Tensor:
        return self._function[0](x)


def _foolbox() -> Any:
    # The library imports GitPython for a model zoo that is not used; that needs no git here.
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of its own imports
            import foolbox
    except ImportError as error:
        missing = error.name or "foolbox"
        raise MissingPart(missing, "attacks of the library", INSTALL) from None
    return foolbox


def _foolbox_tensor(values: Tensor) -> Any:
    from eagerpy.astensor import astensor

    return astensor(values)
