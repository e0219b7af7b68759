"""The contract (rho, P, T, m): what a certificate is a statement about."""

from typing import Annotated, Literal

from pydantic import Field

from repaudit.contract.base import Declared, Maybe
from repaudit.contract.steps import Step
from repaudit.contract.types import Id, Location

Object = Literal["waveform", "feature", "embedding", "image"]
Scale = Literal["certified_radius", "certified_snr", "recording_radius"]
NoiseDtype = Literal["float64", "float32", "bfloat16", "float16"]


class Perturbation(Declared):
    """P: the noise, and the coordinates it is added to."""

    law: Literal["gaussian"]
    norm: Literal["l2"]
    location: Location
    """the noise is added to the coordinates after this step; rho = the pipeline up to it"""
    dtype: Maybe[NoiseDtype]
    """arithmetic of the addition"""


class Contract(Declared):
    """(rho, P, T, m)."""

    pipeline: Id
    object: Object
    """what is certified; must equal what the steps up to the location produce"""
    perturbation: Perturbation
    transform: list[Step]
    """T, applied right after the noise; [] = identity"""
    scale: Annotated[list[Scale], Field(min_length=1)]
    """m: the scales that must be reported"""
