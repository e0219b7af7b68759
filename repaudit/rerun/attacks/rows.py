"""The rows of one block: an entry per example, repeat and attack of the panel."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from repaudit.rerun.attacks.block import Block, Seen, Setup
from repaudit.rerun.attacks.norms import norms_of
from repaudit.rerun.attacks.sanity import (
    NOT_ASKED,
    VARIATIONS,
    has_no_gradient,
    probed_attack,
    see_defence,
    vary,
)
from repaudit.rerun.attacks.settings import Settings
from repaudit.rerun.attacks.verify import Verified
from repaudit.rerun.stages import Subject

Row = dict[str, Any]
CLEAN = "-"
"""instead of an attack, where there is none"""


@dataclass
class Rows:
    """Makes the rows of one block of examples."""

    setup: Setup
    subjects: Sequence[Subject]
    is_asked: bool
    """whether the sanity questions are put to this block"""
    _reused: dict[str, Verified] = field(default_factory=dict)
    """attacks without randomness, run once for all repeats"""

    def make(self) -> tuple[list[list[Row]], int]:
        """Return the rows of each example, over repeats and attacks, and the forwards made."""
        found: list[list[Row]] = [[] for _ in self.subjects]
        forwards = 0
        for repeat in range(self.setup.task.repeats):
            block = Block(self.setup, self.subjects, repeat)
            for rows in self._repeat(block):
                for example, row in enumerate(rows):
                    found[example].append(row)
            forwards += block.counter.forwards
        for rows in found:
            for row in rows:
                row["forwards"] = forwards / len(found) / len(rows)
        return found, forwards

    def _repeat(self, block: Block) -> Iterator[list[Row]]:
        """Yield the rows of one repeat, attack by attack."""
        bare, plain_s = _timed(lambda: block.bare(block.x))
        clean, averaged_s = None, 0.0
        if self.setup.defence is not None:
            clean, averaged_s = _timed(lambda: block.averaged(block.x, 0))
        size = len(block.subjects)
        taken = {"plain_s": plain_s / size, "averaged_s": averaged_s / size}
        common = [{**_clean(block, i, bare, clean), **taken} for i in range(size)]
        if not self.setup.panel:
            yield common
        for number, settings in enumerate(self.setup.panel):
            rows = self._attacked(block, settings, number, bare, clean)
            yield [{**start, **row} for start, row in zip(common, rows, strict=True)]

    def _attacked(
        self, block: Block, settings: Settings, number: int, bare: Seen, clean: Seen | None
    ) -> list[Row]:
        """Return what each classifier makes of the attacked block."""
        of_victim = bare if settings.target == "base" or clean is None else clean
        right = np.asarray(of_victim.classes == block.labels.cpu().numpy())
        attacked = self._verified(block, settings, number, right)
        kept = attacked.adversarial.cpu().numpy()
        base = block.bare(attacked.x)
        seen = None
        if clean is not None:
            seen = block.averaged(attacked.x, 1 + number, frozen=block.is_frozen(settings))
        numbers = {**_lengths(block, attacked), **self._asked(block, settings, number, right)}
        return [
            {
                "attack": settings.id,
                "base_attacked": int((base if kept[i] else bare).classes[i]),
                "defended_attacked": _class(seen if kept[i] else clean, i),
                "disagree_attacked": bool(kept[i] and seen is not None and seen.disagree[i]),
                "attacked_margin": min(float(attacked.margin[i]), _to_edge(settings, attacked, i)),
                **{name: values[i] for name, values in numbers.items()},
            }
            for i in range(len(kept))
        ]

    def _verified(
        self, block: Block, settings: Settings, number: int, right: NDArray[np.bool_]
    ) -> Verified:
        if settings.id not in self._reused or settings.is_random:
            self._reused[settings.id] = block.attack(settings, number, right)
        return self._reused[settings.id]

    @property
    def _is_transfer_only(self) -> bool:
        """Whether a defence is judged by attacks of which none sees it."""
        seen = any(settings.target == "defended" for settings in self.setup.panel)
        return self.setup.defence is not None and not seen

    def _asked(
        self, block: Block, settings: Settings, number: int, right: NDArray[np.bool_]
    ) -> Row:
        """Return the answers to the sanity questions, empty ones where they are not put."""
        empty = np.full(len(block.subjects), NOT_ASKED)
        answers: Row = dict.fromkeys((*VARIATIONS, "no_gradient", "adaptive"), empty)
        if block.repeat or not self.is_asked:
            return answers
        if settings.is_gradient:
            none = has_no_gradient(block.problem(settings, number, right))
            answers["no_gradient"] = np.where(right, none, NOT_ASKED)
        if number == 0 and self._is_transfer_only:
            answers["adaptive"] = see_defence(self.setup, block.subjects, settings)
        if number == probed_attack(self.setup.panel):
            answers |= vary(self.setup, block.subjects, number)
        return answers


def _timed(run: Callable[[], Seen]) -> tuple[Seen, float]:
    started = time.perf_counter()
    seen = run()
    return seen, time.perf_counter() - started


def _class(seen: Seen | None, i: int) -> int:
    return NOT_ASKED if seen is None else int(seen.classes[i])


def _clean(block: Block, i: int, bare: Seen, clean: Seen | None) -> Row:
    subject = block.subjects[i]
    return {
        "example_id": subject.example_id,
        "label": subject.label,
        "repeat": block.repeat,
        "attack": CLEAN,
        "base_clean": int(bare.classes[i]),
        "base_margin": bare.margins[i],
        "defended_clean": _class(clean, i),
        "disagree_clean": bool(clean is not None and clean.disagree[i]),
        "norm": subject.norm,
    }


def _lengths(block: Block, attacked: Verified) -> Row:
    found = {
        "length": attacked.length,
        "moved_l2": norms_of(attacked.x - block.x, "l2"),
        "claimed": attacked.claimed,
        "zero": attacked.zero,
        "outside": attacked.outside,
        "kept": attacked.adversarial,
    }
    return {name: values.cpu().numpy() for name, values in found.items()}


def _to_edge(settings: Settings, attacked: Verified, i: int) -> float:
    """Return how far a minimal perturbation ends from epsilon, relative; no matter for others."""
    if not settings.is_minimal or settings.epsilon == 0:
        return np.inf
    return abs(float(attacked.tried[i]) / settings.epsilon - 1.0)
