"""Score-based random search: windows of the input pushed to the edge of the ball, kept if worse.

Nothing but the victim's scores is used, so a masked gradient does not help against it. Windows
are segments of a waveform and squares of an image or a spectrogram; they shrink as the queries
are spent. In linf a window goes to +-epsilon per channel; in l2 it gets a random bump and the
whole is brought back to length epsilon.

Reference: Andriushchenko, Croce, Flammarion & Hein 2020 (Square), algorithms 1-2 and section A.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from repaudit.rerun.attacks.norms import per_row, project, steepest
from repaudit.rerun.attacks.problem import Candidates, Problem, losses, margin

P_INIT = 0.8
"""Share of the input that the first windows cover (the Square attack's setting for linf)."""
_HALVINGS = (10, 50, 200, 1000, 2000, 4000, 6000, 8000)
"""Queries, of 10 000, after which the share is halved [Square]."""


def attack(problem: Problem) -> Candidates:
    """Return the worst points found within the allowed queries, start included."""
    settings, found = problem.settings, problem.x.clone()
    claimed = torch.zeros(len(found), dtype=torch.bool, device=found.device)
    rows = problem.active.nonzero()[:, 0]
    if not len(rows):
        return Candidates(found, claimed)
    delta = project(_start(problem, rows), settings.norm, settings.epsilon)
    best = torch.full((len(rows),), -torch.inf, dtype=found.dtype, device=found.device)
    lead = best.clone()
    for query in range(settings.queries):
        trial = delta if query == 0 else _moved(problem, rows, delta, query)
        x = problem.inside(problem.x[rows] + trial, rows)
        with torch.no_grad():
            scores = problem.victim.scores(x, rows)
        loss = losses(scores, problem.labels[rows], settings.loss)
        better = loss > best
        best = torch.where(better, loss, best)
        lead = torch.where(better, margin(scores, problem.labels[rows]), lead)
        delta = torch.where(per_row(better, delta), trial, delta)
        done = _confirmed(problem, rows, delta, lead)
        if bool(done.any()):
            ended = rows[done]
            found[ended] = problem.inside(problem.x[ended] + delta[done], ended)
            claimed[ended] = True
            rows, delta, best, lead = rows[~done], delta[~done], best[~done], lead[~done]
            if not len(rows):
                return Candidates(found, claimed)
    found[rows] = problem.inside(problem.x[rows] + delta, rows)
    return Candidates(found, claimed)


def _confirmed(problem: Problem, rows: Tensor, delta: Tensor, lead: Tensor) -> Tensor:
    """Return which rows are done; against a random victim one lucky draw does not end a search."""
    done = lead > 0
    if not problem.victim.is_random or not bool(done.any()):
        return done
    x = problem.inside(problem.x[rows[done]] + delta[done], rows[done])
    with torch.no_grad():
        again = margin(problem.victim.scores(x, rows[done]), problem.labels[rows[done]])
    return done.masked_scatter(done, again > 0)


def share(query: int, queries: int) -> float:
    """Return the share of the input that a window covers at a query.

    >>> share(0, 10_000), share(60, 10_000)
    (0.8, 0.2)
    """
    scaled = query * 10_000 // queries
    return math.ldexp(P_INIT, -sum(scaled > at for at in _HALVINGS))


def _start(problem: Problem, rows: Tensor) -> Tensor:
    """Return random signs, equal along the columns of an image (stripes); small ones for l2."""
    shape, settings = problem.x[rows].shape, problem.settings
    signs = steepest(problem.normal_rows(rows).reshape(shape), "linf")
    if settings.norm == "l2":
        return signs * (settings.epsilon / math.sqrt(problem.x[0].numel()))
    return (signs[..., :1, :].expand(shape) if len(shape) > 3 else signs) * settings.epsilon


def _moved(problem: Problem, rows: Tensor, delta: Tensor, query: int) -> Tensor:
    """Return the perturbations with one window of each row changed."""
    settings, trial = problem.settings, delta.clone()
    part = share(query, settings.queries)
    # [n, channels, ...]: a waveform after the mix-down has no axis of channels.
    shaped = trial.unsqueeze(1) if trial.dim() == 2 else trial
    for i, row in enumerate(rows.tolist()):
        normals = problem.normals(row, 2 + shaped.shape[1])
        place = _window(shaped.shape[2:], part, normals[:2])
        window = shaped[i][(slice(None), *place)]
        sign = per_row(normals[2:].sign().to(shaped), window)
        if settings.norm == "linf":
            window[:] = sign * settings.epsilon
        else:
            window += sign * (settings.epsilon / math.sqrt(window.numel()))
    return trial if settings.norm == "linf" else steepest(trial, "l2") * settings.epsilon


def _window(shape: Sequence[int], part: float, normals: Tensor) -> list[slice]:
    """Return a segment of the last axis, or a rectangle of the last two, at a random place."""
    axes = shape[-2:]
    side = part ** (1.0 / len(axes))
    slices = []
    for size, place in zip(axes, torch.special.ndtr(normals).tolist(), strict=False):
        length = max(1, round(side * size))
        first = min(int(place * (size - length + 1)), size - length)
        slices.append(slice(first, first + length))
    return slices
