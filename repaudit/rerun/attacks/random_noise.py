"""Random points at distance epsilon: what no attack worth the name may lose against."""

import torch

from repaudit.rerun.attacks.norms import on_sphere
from repaudit.rerun.attacks.problem import Candidates, Problem, losses, margin


def attack(problem: Problem) -> Candidates:
    """Return the worst of several random points of the sphere, by the victim's own scores."""
    settings, found = problem.settings, problem.x.clone()
    rows = problem.active.nonzero()[:, 0]
    worst = torch.full((len(rows),), -torch.inf, dtype=found.dtype, device=found.device)
    lead = worst.clone()
    for _ in range(settings.restarts if len(rows) else 0):
        normals = problem.normal_rows(rows)
        step = on_sphere(normals, settings.norm, settings.epsilon).reshape(found[rows].shape)
        x = problem.inside(problem.x[rows] + step, rows)
        with torch.no_grad():
            scores = problem.victim.scores(x, rows)
        loss = losses(scores, problem.labels[rows], settings.loss)
        better = loss > worst
        worst = torch.where(better, loss, worst)
        lead = torch.where(better, margin(scores, problem.labels[rows]), lead)
        found[rows[better]] = x[better]
    claimed = torch.zeros(len(found), dtype=torch.bool, device=found.device)
    claimed[rows] = lead > 0
    return Candidates(found, claimed)
