"""What no table of attacked numbers may leave out: who was attacked, with how much, and by what.

A number of a defended network under attacks that did not see the defence is a transfer result and
carries that word wherever it is shown.
"""

from collections.abc import Sequence

from repaudit.contract.evaluation import Empirical
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results

ADAPTIVE = (
    "adaptive: an attack saw the defended network; accuracies are the worst case per example over "
    "the panel."
)


def kind_of_attack(results: Results, evaluation: Empirical) -> str:
    """Return transfer, adaptive, or what is known of an attack on a bare network."""
    targets = [results.attacks[name].target for name in evaluation.attacks]
    if not targets:
        return "none"
    if evaluation.defence is None:
        return "on the network"
    if "unstated" in targets:
        return "unstated target"
    return "adaptive" if any(t not in ("base", "surrogate") for t in targets) else "transfer"


def attack_words(results: Results, evaluation: Empirical) -> str:
    """Return kind, names and ball: ``transfer: pgd (linf 8/255 at input)``."""
    kind = kind_of_attack(results, evaluation)
    if not evaluation.attacks:
        return kind
    model = evaluation.threat_model
    ball = "" if model is None else f" ({model.norm} {model.epsilon} at {model.location})"
    return f"{kind}: {', '.join(evaluation.attacks)}{ball}"


def attack_columns(
    results: Results, lines: Sequence[Sequence[Matched]]
) -> list[tuple[str, list[str]]]:
    """Return header and cells of the attack of each line; nothing where no line has one."""
    texts = [
        " / ".join(dict.fromkeys(attack_words(results, e) for e in _attacked(line))) or "none"
        for line in lines
    ]
    return [("attack", texts)] if any(text != "none" for text in texts) else []


def attack_notes(results: Results, shown: Sequence[Matched]) -> list[str]:
    """Return what adaptive means, where it is shown; transfer is said of each metric by itself."""
    kinds = {kind_of_attack(results, e) for e in _attacked(shown)}
    return [ADAPTIVE] if "adaptive" in kinds else []


def _attacked(line: Sequence[Matched]) -> list[Empirical]:
    found = {m.evaluation_id: m.evaluation for m in line if isinstance(m.evaluation, Empirical)}
    return [evaluation for evaluation in found.values() if evaluation.attacks]
