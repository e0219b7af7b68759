"""An attack with every hyper-parameter known: the declared ones, and defaults for the others.

Defaults of FGSM, PGD, DeepFool and C&W are those of foolbox 3.3; the rest are ours. C&W has its
number of searches for the constant in ``restarts``, and its ``step_size`` in the space in which
it optimises (a hyperbolic tangent maps it into the box).
"""

from dataclasses import dataclass

from repaudit.contract.attack import Attack
from repaudit.contract.base import stated
from repaudit.contract.task import EmpiricalTask, Unsupported

GRADIENT = frozenset({"fgsm", "pgd", "deepfool", "cw_l2", "eot_pgd"})
"""Attacks that follow a gradient."""
MINIMAL = frozenset({"min_l2", "min_linf"})
LEVELS = 32
"""Fractions of epsilon that a minimal FGSM or PGD tries, ascending: foolbox's of 2019 tried every
thousandth of the box, which is 31 up to 8/255."""
OBJECTIVES = {
    "fgsm": ("max_loss", "min_linf", "min_l2"),
    "pgd": ("max_loss", "min_linf", "min_l2"),
    "deepfool": ("min_l2", "min_linf"),
    "cw_l2": ("min_l2",),
    "eot_pgd": ("max_loss",),
    "random_search": ("max_loss",),
    "random_noise": ("max_loss",),
}
"""What each attack can be asked for, by name; other names are not run by this version."""
LIBRARY = frozenset({"fgsm", "pgd", "deepfool", "cw_l2"})
"""Attacks that foolbox runs; the others are ours."""
LOSSES = {
    "fgsm": ("cross_entropy",),
    "pgd": ("cross_entropy",),
    "deepfool": ("logits", "cross_entropy"),
    "cw_l2": ("margin",),
    "eot_pgd": ("margin", "cross_entropy"),
    "random_search": ("margin", "cross_entropy"),
    "random_noise": ("margin", "cross_entropy"),
}
"""Losses by attack; the first is the default."""
_SPELLINGS = {"ce": "cross_entropy", "crossentropy": "cross_entropy", "cw": "margin"}
_STEPS = {"fgsm": 1, "pgd": 40, "deepfool": 50, "cw_l2": 10_000, "eot_pgd": 40}
_PGD_STEPS_L2 = 50
_RESTARTS = {"cw_l2": 9, "random_noise": 10}
_REL_STEP = {"linf": 0.01 / 0.3, "l2": 0.025}
_CANDIDATES = 10
"""Classes that DeepFool looks at in each step."""
_CW_STEP = 0.01
_QUERIES = 1000


@dataclass(frozen=True)
class Settings:
    """One attack of a panel."""

    id: str
    name: str
    target: str
    """base or defended: whose output the attack sees"""
    objective: str
    norm: str
    """of the threat model"""
    epsilon: float
    """of the threat model"""
    loss: str
    steps: int
    step_size: float
    """in the norm of the threat model; cw_l2: in its own space"""
    restarts: int
    queries: int
    eot_samples: int
    directions: str | None
    """fresh or fixed; None = as the defence has them"""
    is_random: bool
    """whether a second run may end elsewhere"""
    declared_library: str

    @property
    def is_gradient(self) -> bool:
        """Whether it follows a gradient."""
        return self.name in GRADIENT

    @property
    def is_minimal(self) -> bool:
        """Whether it looks for the smallest perturbation instead of the largest loss."""
        return self.objective in MINIMAL

    @property
    def words(self) -> str:
        """The attack with what moves its result, for the report."""
        used = {
            "steps": self.steps if self.is_gradient else None,
            "step size": f"{self.step_size:.4g}" if self.name in ("pgd", "eot_pgd") else None,
            "restarts": self.restarts if self.name in ("pgd", "eot_pgd") else None,
            "searches": self.restarts if self.name == "cw_l2" else None,
            "draws": self.restarts if self.name == "random_noise" else None,
            "queries": self.queries if self.name == "random_search" else None,
            "EOT samples": self.eot_samples if self.name == "eot_pgd" else None,
            "directions": self.directions,
        }
        numbers = ", ".join(f"{key} {value}" for key, value in used.items() if value is not None)
        head = f"{self.id}: {self.name} on {self.target}, {self.objective}, loss {self.loss}"
        return f"{head}, {numbers}" if numbers else head


def panel_of(task: EmpiricalTask) -> tuple[Settings, ...]:
    """Return the attacks of a task; raises as `settings_of` does."""
    if task.threat is None:
        return ()
    norm = stated(task.threat.norm, "threat_model.norm")
    epsilon = float(stated(task.threat.epsilon, "threat_model.epsilon"))
    panel = tuple(settings_of(name, attack, norm, epsilon) for name, attack in task.attacks)
    for settings in panel:
        if settings.target == "defended" and task.defence is None:
            raise Unsupported(f"{settings.id} attacks a defence, and none is declared")
    return panel


def budget(task: EmpiricalTask) -> int:
    """Return about how many forwards one example takes at most; the last of a number of repeats.

    Raises as `panel_of` does; a defence with an open setting counts as one point.
    """
    points = 0
    if task.defence is not None:
        steps = task.defence.steps if isinstance(task.defence.steps, list) else []
        count = task.defence.directions if isinstance(task.defence.directions, int) else 0
        points = 2 * len(steps) * count + 1
    total = task.repeats * (1 + points)
    for settings in panel_of(task):
        calls = {
            "random_search": settings.queries,
            "random_noise": settings.restarts,
            "deepfool": settings.steps * _CANDIDATES,
        }.get(settings.name, settings.steps * settings.restarts * settings.eot_samples)
        each = calls * (points if settings.target == "defended" else 1) + 2 + points
        total += each * (task.repeats if settings.is_random else 1)
    return total


def settings_of(name: str, attack: Attack, norm: str, epsilon: float) -> Settings:
    """Return a declared attack under a threat model.

    Raises ``UnstatedError`` for an open target or objective, ``Unsupported`` for what this
    version does not run.
    """
    if attack.name not in OBJECTIVES:
        raise Unsupported(f"the attack {attack.name} is not run by this version")
    target = stated(attack.target, f"attacks.{name}.target")
    if target not in ("base", "defended"):
        raise Unsupported(f"an attack on the {target} classifier is not run by this version")
    objective = stated(attack.objective, f"attacks.{name}.objective")
    _refuse(attack.name, objective, norm)
    steps = attack.steps or _default_steps(attack.name, norm)
    return Settings(
        id=name,
        name=attack.name,
        target=target,
        objective=objective,
        norm=norm,
        epsilon=epsilon,
        loss=_loss(attack),
        steps=1 if attack.name == "fgsm" else steps,
        step_size=_step_size(attack, norm, epsilon, steps),
        restarts=attack.restarts or _RESTARTS.get(attack.name, 1),
        queries=attack.queries or _QUERIES,
        eot_samples=attack.eot_samples or 1,
        directions=attack.directions,
        is_random=attack.is_random,
        declared_library=str(attack.library),
    )


def _refuse(name: str, objective: str, norm: str) -> None:
    if norm not in ("linf", "l2"):
        raise Unsupported(f"attacks in {norm} are not run by this version")
    if objective not in OBJECTIVES[name]:
        allowed = " or ".join(OBJECTIVES[name])
        raise Unsupported(f"{name} optimises {allowed}, not {objective}")
    if name in ("fgsm", "pgd") and objective in MINIMAL and objective != f"min_{norm}":
        raise Unsupported(f"{name} in {norm} cannot minimise another norm ({objective})")


def _loss(attack: Attack) -> str:
    allowed = LOSSES[attack.name]
    if attack.loss is None:
        return allowed[0]
    given = _SPELLINGS.get(attack.loss.lower(), attack.loss.lower())
    if given not in allowed:
        raise Unsupported(f"{attack.name} with the loss {attack.loss} is not run by this version")
    return given


def _default_steps(name: str, norm: str) -> int:
    return _PGD_STEPS_L2 if name == "pgd" and norm == "l2" else _STEPS.get(name, 1)


def _step_size(attack: Attack, norm: str, epsilon: float, steps: int) -> float:
    if attack.step_size is not None:
        return float(attack.step_size)
    if attack.name == "cw_l2":
        return _CW_STEP
    if attack.name == "eot_pgd":
        return 2.5 * epsilon / steps
    return epsilon if attack.name == "fgsm" else _REL_STEP[norm] * epsilon
