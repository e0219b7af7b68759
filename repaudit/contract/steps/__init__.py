"""The steps a pipeline or a transform T is declared with: one list, one vocabulary."""

from typing import Annotated

from pydantic import Field

from repaudit.contract.steps.base import BaseStep
from repaudit.contract.steps.other import CenterCrop, Clip, Custom, Embedding, Quantize, Resize
from repaudit.contract.steps.spectral import LogMel, Mfcc, Pcen, Spectrogram, Standardize
from repaudit.contract.steps.waveform import CropPad, Gain, MixDown, Normalize, Resample

Step = Annotated[
    MixDown
    | Resample
    | CropPad
    | Gain
    | Normalize
    | Spectrogram
    | LogMel
    | Mfcc
    | Pcen
    | Standardize
    | Embedding
    | Clip
    | Quantize
    | Resize
    | CenterCrop
    | Custom,
    Field(discriminator="step"),
]

__all__ = [
    "BaseStep",
    "CenterCrop",
    "Clip",
    "CropPad",
    "Custom",
    "Embedding",
    "Gain",
    "LogMel",
    "Mfcc",
    "MixDown",
    "Normalize",
    "Pcen",
    "Quantize",
    "Resample",
    "Resize",
    "Spectrogram",
    "Standardize",
    "Step",
]
