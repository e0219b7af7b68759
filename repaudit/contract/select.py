"""The selector: a partial definition that claims are matched against."""

from typing import TypeVar, Union

from repaudit.contract.base import Declared
from repaudit.contract.claim import Classifier, Population, Statistic
from repaudit.contract.types import Id, Real

V = TypeVar("V")
Any_of = Union[V, list[V]]


class Select(Declared):
    """Fields that a claim and its evaluation must have; a list means any of."""

    evaluation: Any_of[Id] | None = None
    kind: Any_of[str] | None = None
    data: Any_of[Id] | None = None
    model: Any_of[Id] | None = None
    contract: Any_of[Id] | None = None
    sampling: Any_of[Id] | None = None
    attack: Any_of[Id] | None = None
    defence: Any_of[Id] | None = None
    sigma: Any_of[Real] | None = None
    """coordinates of the contract"""
    epsilon: Any_of[Real] | None = None
    """coordinates of the threat model"""
    metric: Any_of[str] | None = None
    statistic: Any_of[Statistic] | None = None
    population: Any_of[Population] | None = None
    classifier: Any_of[Classifier] | None = None
    at_radius: Any_of[Real] | None = None
    """coordinates of the contract"""
    at_snr_db: Any_of[Real] | None = None
    """dB"""
    layer: Any_of[str] | None = None
    checkpoint: Any_of[Id] | None = None
    """a claim for one checkpoint is matched only by naming it"""
