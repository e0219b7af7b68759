"""Attacks of one panel against each other: who must not lose against whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from repaudit.rules._attack_probes import AskedOfAttack, Evidence

GRADIENT = frozenset({"fgsm", "pgd", "eot_pgd", "deepfool", "cw_l2"})
ITERATED = frozenset({"pgd", "eot_pgd"})
CHANCE = 0.02
"""Share of the examples by which one attack may beat a better one by luck, one at least."""


@dataclass(frozen=True)
class Member:
    """One attack of a panel."""

    name: str
    """as the file calls it"""
    kind: str
    """the algorithm"""
    sees: str
    """base, defended, or control: the defended classifier with its directions held"""
    right: float
    """examples that the judged classifier still gets right, mean over repeats"""


def doubts_about(panel: AskedOfAttack) -> Iterator[tuple[str, Evidence]]:
    """Yield what is odd about a panel, with the two numbers behind it."""
    members = members_of(panel)
    examples = panel.number("examples") or 0.0
    slack = max(1.0, CHANCE * examples)
    judged = str(panel.probe.numbers.get("classifier"))
    on_judged = [m for m in members if m.sees == judged]
    white = [m for m in on_judged if m.kind in GRADIENT]
    many = [m for m in on_judged if m.kind in ITERATED]
    search, noise = _of(on_judged, "random_search"), _of(on_judged, "random_noise")
    pairs = [
        ("a search that sees scores only beats the gradient", search, white),
        ("random noise beats the gradient", noise, white),
        ("one step beats many", _of(on_judged, "fgsm"), many),
    ]
    if judged == "defended":
        adaptive = [m for m in on_judged if m.kind != "random_noise"]
        transfer = [m for m in members if m.sees == "base"]
        control = [m for m in members if m.sees == "control"]
        pairs.append(
            ("examples made for the bare network beat the adaptive attack", transfer, adaptive)
        )
        pairs.append(("fresh directions are easier than held ones", white, control))
    for doubt, winners, losers in pairs:
        if winners and losers:
            best = min(winners, key=lambda m: m.right)
            beaten = min(losers, key=lambda m: m.right)
            if best.right < beaten.right - slack:
                yield _said(doubt, best, beaten, examples)


def members_of(panel: AskedOfAttack) -> list[Member]:
    """Return the attacks of a panel with what they leave standing."""
    found = []
    for key, value in panel.probe.numbers.items():
        name, _, what = key.rpartition(": ")
        right = panel.number(f"{name}: right")
        if what == "kind" and right is not None:
            kind, _, sees = str(value).partition(" ")
            found.append(Member(name, kind, sees, right))
    return found


def _of(members: Sequence[Member], kind: str) -> list[Member]:
    return [member for member in members if member.kind == kind]


def _said(doubt: str, best: Member, beaten: Member, examples: float) -> tuple[str, Evidence]:
    message = (
        f"{doubt}: expected {beaten.name} to leave no more than {best.name}, found "
        f"{beaten.right:.4g} against {best.right:.4g} of {examples:.0f} right"
    )
    return message, {"better": best.right, "worse": beaten.right, "examples": examples}
