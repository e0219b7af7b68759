"""Declared attacks, what they may do, and post-averaging defences."""

from typing import Annotated, Literal

from pydantic import Field

from repaudit.contract.base import Declared, Maybe
from repaudit.contract.types import Id, Library, Location, Real

AttackName = Literal[
    "fgsm",
    "pgd",
    "deepfool",
    "cw_l2",
    "autoattack",
    "apgd_ce",
    "apgd_t",
    "fab_t",
    "square",
    "eot_pgd",
    "random_search",
    "random_noise",
    "other",
]
DETERMINISTIC = frozenset({"fgsm", "deepfool", "cw_l2"})
"""Attacks that end at the same point whenever they are run on the same network."""
PositiveInt = Annotated[int, Field(ge=1)]


class Attack(Declared):
    """An algorithm; an absent hyper-parameter is the default of the pinned library."""

    name: AttackName
    target: Maybe[Literal["base", "defended", "smoothed", "surrogate"]]
    """whose loss or output the attack sees; base with a defence = transfer"""
    surrogate: Id | None = None
    """the model attacked instead (target surrogate)"""
    objective: Maybe[Literal["max_loss", "min_l2", "min_linf"]]
    """what it optimises"""
    library: Maybe[Library]
    loss: str | None = None
    """loss function, as the library names it"""
    steps: PositiveInt | None = None
    """iterations"""
    step_size: Real | None = None
    """step, in the coordinates and the norm of the threat model"""
    restarts: PositiveInt | None = None
    """random restarts; of cw_l2 the searches for its constant"""
    queries: PositiveInt | None = None
    """forwards allowed per example"""
    eot_samples: PositiveInt | None = None
    """random draws averaged per gradient"""
    directions: Literal["fresh", "fixed"] | None = None
    """the defence's random directions as the attack sees them"""
    seed: int | None = None
    """of the attack's randomness"""

    @property
    def is_random(self) -> bool:
        """Whether a second run may end elsewhere: by its own draws, or those of a defence."""
        return self.target not in ("base", "surrogate") or self.name not in DETERMINISTIC


class ThreatModel(Declared):
    """What an attack may do."""

    norm: Maybe[Literal["linf", "l2", "l1"]]
    epsilon: Maybe[Real]
    """size of the ball, in the coordinates after location"""
    location: Maybe[Location]


class Defence(Declared):
    """Post-averaging: the mean of the network over the input and points around it."""

    method: Literal["post_averaging"]
    directions: Maybe[PositiveInt]
    """K, random directions"""
    radius: Maybe[Real]
    """r, in the coordinates after location"""
    steps: Maybe[Annotated[list[Real], Field(min_length=1)]]
    """multiples of r on each side of each direction"""
    includes_input: Maybe[bool]
    """whether the input itself is averaged too"""
    domain: Maybe[Literal["softmax", "logits", "votes"]]
    """what is averaged"""
    location: Maybe[Location]
    randomness: Maybe[Literal["fresh", "fixed", "per_example"]]
    """of the directions"""
    seed: int | None = None
    """of the directions"""
