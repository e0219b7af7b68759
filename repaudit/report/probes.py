"""Probes in words: what was asked, and the numbers that came back."""

from dataclasses import dataclass
from typing import Final

from repaudit.audit.audit import Audit
from repaudit.audit.probe import Probe
from repaudit.report.numbers import ABSENT, grouped

QUESTIONS: Final = {
    "batch_dependence": "Does a row's output depend on the rows beside it?",
    "finite_outputs": "Is every output finite, and does one class win?",
    "hidden_gain": "Does the part behind the noise undo a change of level?",
    "identity_transform": "Does an identity T leave the noise alone?",
    "internal_randomness": "Does the network answer the same input twice alike?",
    "noise": "Is the noise white, Gaussian, of the declared scale and never repeated?",
    "precision": "Does the declared arithmetic keep the noise and the votes?",
    "training_mode": "Does the network behave as if it were in training?",
}
"""What a probe asks; one that is not here shows its name."""


@dataclass(frozen=True)
class Answer:
    """One probe, ready for the template."""

    probe: Probe
    question: str
    numbers: list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """The probes of one evaluation."""

    evaluation: str
    answers: list[Answer]
    asked: int


def probes(audit: Audit) -> list[Asked]:
    """Return the probes by evaluation, in the order in which they were asked."""
    names = dict.fromkeys(probe.evaluation for probe in audit.probes)
    return [_asked(name, [p for p in audit.probes if p.evaluation == name]) for name in names]


def _asked(evaluation: str, found: list[Probe]) -> Asked:
    asked = sum(probe.status == "asked" for probe in found)
    return Asked(evaluation, [_answer(probe) for probe in found], asked)


def _answer(probe: Probe) -> Answer:
    question = QUESTIONS.get(probe.name, probe.name.replace("_", " "))
    shown = [(key.replace("_", " "), _shown(value)) for key, value in probe.numbers.items()]
    return Answer(probe, question, shown)


def _shown(value: float | int | str | bool | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, int):
        return grouped(value)
    return ABSENT if value is None else value or "none"
