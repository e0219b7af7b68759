"""A contract (rho, P, T, m) in words, so that a reader sees what was certified."""

from typing import Literal

from repaudit.audit.base import Said


class DescribedStep(Said):
    """One declared step."""

    name: str
    location: str
    """what the coordinates after it are called"""
    parameters: dict[str, str]
    """as declared, in words"""


class DescribedContract(Said):
    """The contract of one evaluation: a -> rho -> + eps -> T -> f."""

    evaluation: str
    kind: Literal["certification", "geometry"]
    data: str
    """what arrives: kind, number of examples, sample rate"""
    object: str
    """what is certified: waveform, feature, embedding or image"""
    unit: str
    """of the noise's coordinates, in words"""
    sigma: str
    """standard deviation of the noise, in that unit"""
    location: str
    """the noise is added to the coordinates after this step"""
    dtype: str
    """arithmetic of the addition"""
    rho: list[DescribedStep]
    """from the recording to the noise; empty = the recording itself"""
    transform: list[DescribedStep]
    """T, right after the noise; empty = identity"""
    front_end: list[DescribedStep]
    """between T and the network; part of f"""
    network: dict[str, str]
    """model, architecture, arithmetic and output; empty for geometry, which has no network"""
    draws: dict[str, str]
    """the Monte-Carlo budget: n0, n, alpha, bound, selection; of a geometry, draws per example"""
    scale: list[str]
    """m: the scales that have to be reported"""
