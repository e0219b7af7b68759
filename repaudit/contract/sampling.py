"""Declared Monte-Carlo budgets."""

from typing import Annotated, Literal

from pydantic import Field

from repaudit.contract.base import Declared, Maybe
from repaudit.contract.types import Real

MOST_DRAWS = 10_000_000
"""Per example; a larger budget is a slip of the pen, and no audit could repeat it."""

Bound = Literal[
    "clopper_pearson_one_sided",
    "clopper_pearson_two_sided",
    "wilson",
    "jeffreys",
    "hoeffding",
    "empirical_bernstein",
    "none",
]


class Sampling(Declared):
    """How many draws, and how the lower bound on the top-class probability is made."""

    n0: Maybe[Annotated[int, Field(ge=0, le=MOST_DRAWS)]]
    """draws that select the class"""
    n: Maybe[Annotated[int, Field(ge=1, le=MOST_DRAWS)]]
    """draws that certify it"""
    alpha: Maybe[Real]
    """failure probability per example"""
    bound: Maybe[Bound]
    """lower bound; the side is in the name"""
    selection: Maybe[Literal["independent", "reused"]]
    """whether the n0 draws are separate from the n"""
    seed: int | None = None
    """seed of the noise"""
