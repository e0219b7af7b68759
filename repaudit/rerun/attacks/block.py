"""One block of examples under attack: predictions clean and attacked, bare and defended.

Random directions by what the declaration says of them: ``fixed`` are one draw for all examples,
``per_example`` one for each, ``fresh`` another one for every prediction. An attack sees those of
the prediction where they do not change, unless it is declared to draw its own; an attack with
``directions: fixed`` on a fresh defence is the control, and is judged on the very ones it saw.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from repaudit.contract.task import EmpiricalTask
from repaudit.rerun.attacks import ATTACKS
from repaudit.rerun.attacks.problem import Problem, Victim
from repaudit.rerun.attacks.route import Route, block_of, rows_of
from repaudit.rerun.attacks.settings import Settings
from repaudit.rerun.attacks.verify import Verified, verify
from repaudit.rerun.attacks.victims import Base, Counter, Defended, Directions
from repaudit.rerun.noise import NormalSource, Phase, Stream
from repaudit.rerun.post_averaging import DOMAINS, PostAveraging, average, unit_directions
from repaudit.rerun.stages import Subject
from repaudit.rerun.votes import margins_of, votes_of

FROZEN = 1 << 20
"""First block of the draws that a control attack and its judge share."""


@dataclass(frozen=True)
class Setup:
    """What every block of a task shares."""

    task: EmpiricalTask
    seed: bytes
    route: Route
    defence: PostAveraging | None
    panel: tuple[Settings, ...]
    box: tuple[float, float]
    rows: int
    """of one forward without gradient"""


@dataclass(frozen=True)
class Seen:
    """Predicted classes of a block, with how sure they are."""

    classes: NDArray[np.int32]
    """int[B], -1 where the output was not finite"""
    margins: NDArray[np.float64]
    """relative; nan for a network that puts out classes"""
    disagree: NDArray[np.bool_]
    """where the three domains of averaging do not agree; nowhere for the bare network"""


class Block:
    """Some examples of one layout, in one repeat."""

    def __init__(self, setup: Setup, subjects: Sequence[Subject], repeat: int) -> None:
        self.setup, self.repeat = setup, repeat
        self.subjects = subjects
        self.clean = block_of(subjects)
        self.x = self.clean.values
        self.labels = torch.tensor([s.label for s in subjects], device=self.x.device)
        self.counter = Counter()
        self._source = NormalSource(self.x.device)
        self._calls: dict[tuple[str, int], int] = {}
        self._every = torch.arange(len(subjects), device=self.x.device)

    def bare(self, x: Tensor) -> Seen:
        """Return what the network alone predicts."""
        with torch.no_grad():
            scores = self._base().scores(x, self._every).cpu().numpy()
        nowhere = np.zeros(len(scores), np.bool_)
        return Seen(*self._decided(scores), nowhere)

    def averaged(self, x: Tensor, purpose: int, *, frozen: bool = False) -> Seen:
        """Return what the defended network predicts; ``purpose`` numbers fresh predictions."""
        defence = self._defence()
        at = (FROZEN + purpose if frozen else purpose) if defence.randomness == "fresh" else 0
        with torch.no_grad():
            points = self._defended(self._directions("", "directions", at)).points(x, self._every)
            scores = {d: average(points, d).cpu().numpy() for d in DOMAINS}
        classes, margins = self._decided(scores[defence.domain])
        votes = np.stack([self._decided(scores[domain])[0] for domain in DOMAINS])
        return Seen(classes, margins, np.asarray((votes != votes[0]).any(0)))

    def attack(self, settings: Settings, number: int, active: NDArray[np.bool_]) -> Verified:
        """Run one attack of the panel on the rows that its victim gets right, and verify it."""
        problem = self.problem(settings, number, active)
        found = ATTACKS[settings.name](problem)
        return verify(problem, found, lambda x: self._judge(x, settings, number))

    def problem(self, settings: Settings, number: int, active: NDArray[np.bool_]) -> Problem:
        """Return what an attack gets."""
        return Problem(
            x=self.x,
            labels=self.labels,
            active=torch.from_numpy(active).to(self.x.device),
            victim=self._victim(settings, number),
            settings=settings,
            bounds=self.setup.box,
            normals=lambda row, count: self._normals(settings.id, row, count),
        )

    def is_frozen(self, settings: Settings) -> bool:
        """Whether an attack is the control that is judged on the directions it saw."""
        return settings.directions == "fixed" and settings.target == "defended"

    def _judge(
        self, x: Tensor, settings: Settings, number: int
    ) -> tuple[Tensor, NDArray[np.float64]]:
        if settings.target == "base":
            seen = self.bare(x)
        else:
            seen = self.averaged(x, 1 + number, frozen=self.is_frozen(settings))
        return torch.from_numpy(seen.classes).to(self.labels) != self.labels, seen.margins

    def _victim(self, settings: Settings, number: int) -> Victim:
        if settings.target == "base":
            return self._base()
        randomness = self._defence().randomness
        own = settings.directions == "fresh"
        if self.is_frozen(settings) or (randomness != "fresh" and not own):
            at = FROZEN + 1 + number if randomness == "fresh" else 0
            return self._defended(self._directions("", "directions", at))
        return self._defended(self._directions(settings.id, "attack", None), is_random=True)

    def _base(self) -> Base:
        return Base(self.setup.route, self.clean, self.counter)

    def _defence(self) -> PostAveraging:
        assert self.setup.defence is not None  # who asks for it has one
        return self.setup.defence

    def _defended(self, directions: Directions, *, is_random: bool = False) -> Defended:
        return Defended(
            self.setup.route,
            self.clean,
            self._defence(),
            directions,
            is_random,
            self.setup.rows,
            self.counter,
        )

    def _directions(self, attack: str, phase: Phase, block: int | None) -> Directions:
        """Return a source of directions: one block for every call, or the block of the call."""
        defence = self._defence()
        like = self.setup.route.middle(rows_of(self.clean, self._every[:1])).values[0]
        shared = defence.randomness == "fixed" and phase == "directions"

        def draw(row: int, call: int) -> Tensor:
            stream = self._stream(attack, "" if shared else self.subjects[row].example_id, phase)
            at = call if block is None else block
            return unit_directions(self._source, stream, at, defence.directions, like)

        return draw

    def _stream(self, attack: str, example: str, phase: Phase) -> Stream:
        task = self.setup.task
        name = f"{task.evaluation} {attack}" if attack else task.evaluation
        return Stream(self.setup.seed, name, task.checkpoint.id, example, self.repeat, phase)

    def _normals(self, attack: str, row: int, count: int) -> Tensor:
        call = self._calls.get((attack, row), 0)
        self._calls[attack, row] = call + 1
        out = torch.empty(count, dtype=self.x.dtype, device=self.x.device)
        stream = self._stream(attack, self.subjects[row].example_id, "start")
        return self._source.fill(out, stream.key(call))

    def _decided(
        self, scores: NDArray[np.floating]
    ) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        network = self.setup.route.network
        kind = "class" if network.output == "class" else "logits"
        margins = margins_of(scores, kind) if kind == "logits" else np.full(len(scores), np.nan)
        return votes_of(scores, "logits", network.classes), margins
