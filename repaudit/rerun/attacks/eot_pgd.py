"""Projected gradient ascent on the output of a randomised classifier, averaged over its draws.

With directions drawn anew at every call the gradient is that of the expected output; with fixed
ones it is exact. The iterate with the largest loss seen is kept, over all restarts.

Reference: Athalye, Carlini & Wagner 2018, section 4.1.3 (expectation over transformation).
"""

import torch
from torch import Tensor

from repaudit.rerun.attacks.norms import inside_ball, steepest
from repaudit.rerun.attacks.problem import Candidates, Problem, chunks, losses, margin


def attack(problem: Problem) -> Candidates:
    """Return the worst points found for the active rows; the others stay where they are."""
    best_x = problem.x.clone()
    best = torch.full((len(problem.x),), -torch.inf, dtype=torch.float64, device=best_x.device)
    for rows in _groups(problem):
        for _ in range(problem.settings.restarts):
            _ascend(problem, rows, best_x, best)
    return Candidates(best_x, best > 0)


def _groups(problem: Problem) -> list[Tensor]:
    active = problem.active.nonzero()[:, 0]
    return chunks(active, problem.victim.rows_at_once())


def _ascend(problem: Problem, rows: Tensor, best_x: Tensor, best: Tensor) -> None:
    """Climb once from a random start, and keep the best iterate of each row."""
    settings, clean, labels = problem.settings, problem.x[rows], problem.labels[rows]
    normals = problem.normal_rows(rows, extra=1)
    start = inside_ball(normals, settings.norm, settings.epsilon).reshape(clean.shape)
    x = problem.inside(clean + start, rows)
    for _ in range(settings.steps):
        gradient, scores = _gradient(problem, x, rows)
        _keep(x, margin(scores, labels), rows, best_x, best)
        x = problem.inside(x + settings.step_size * steepest(gradient, settings.norm), rows)
    with torch.no_grad():
        scores = problem.victim.scores(x, rows)
    _keep(x, margin(scores, labels), rows, best_x, best)


def _gradient(problem: Problem, x: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Return the gradient of the mean loss over the draws, and the mean scores."""
    settings, labels = problem.settings, problem.labels[rows]
    gradient, total = torch.zeros_like(x), None
    for _ in range(settings.eot_samples if problem.victim.is_random else 1):
        with torch.enable_grad():
            leaf = x.detach().requires_grad_()
            scores = problem.victim.scores(leaf, rows)
            loss = losses(scores, labels, settings.loss).sum()
            gradient += torch.autograd.grad(loss, leaf)[0]
        total = scores.detach() if total is None else total + scores.detach()
    assert total is not None  # at least one draw
    return gradient, total


def _keep(x: Tensor, lead: Tensor, rows: Tensor, best_x: Tensor, best: Tensor) -> None:
    better = lead.to(best.dtype) > best[rows]
    best[rows[better]] = lead[better].to(best.dtype)
    best_x[rows[better]] = x[better]
