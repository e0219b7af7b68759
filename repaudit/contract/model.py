"""Declared models: one architecture trained one way, and its trained networks."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from repaudit.contract.base import Declared, Maybe
from repaudit.contract.types import File, Id, Real

Dtype = Literal[
    "float64", "float32", "tf32", "bfloat16", "float16", "bfloat16_autocast", "float16_autocast"
]


class Network(Declared):
    """How the network is built before its weights are loaded: one of the two."""

    builtin: Literal["log_mel_cnn", "res8", "cifar_resnet", "waveform_cnn"] | None = None
    """an architecture that repaudit carries"""
    options: dict[str, Any] = {}
    """settings of the built-in architecture"""
    entry_point: Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")] | None = None
    """module:function that returns the network; runs only with --allow-code"""

    @model_validator(mode="after")
    def _one_of_the_two(self) -> "Network":
        if (self.builtin is None) == (self.entry_point is None):
            raise ValueError("expected either builtin or entry_point")
        return self


class Training(Declared):
    """How the networks were trained; information only."""

    method: str | None = None
    noise_sigma: Maybe[Real] | None = None
    """standard deviation of the training noise, in the coordinates it was added to"""
    url: str | None = None


class Checkpoint(Declared):
    """One trained network."""

    id: Id
    seed: int | None = None
    """training seed"""
    test_fold: str | None = None
    """the fold of the data that this network is tested on"""
    file: File | None = None
    """its weights"""


class Model(Declared):
    """One architecture trained one way."""

    architecture: str | None = None
    """in words"""
    format: Literal["safetensors", "state_dict", "exported_program", "onnx"] | None = None
    """format of the checkpoint files"""
    network: Network | None = None
    """builds the network (safetensors, state_dict)"""
    output: Maybe[Literal["logits", "probabilities", "log_probabilities", "class"]]
    """what the network returns"""
    dtype: Maybe[Dtype]
    """arithmetic of the network when evaluated: part of the classifier"""
    training: Training | None = None
    checkpoints: Annotated[list[Checkpoint], Field(min_length=1)]
    """the trained networks"""
