"""Declared data: which examples, how many, where they lie."""

from typing import Annotated, Literal

from pydantic import Field

from repaudit.contract.base import Declared, Maybe
from repaudit.contract.types import File

Count = Annotated[int, Field(ge=0)]
PositiveCount = Annotated[int, Field(ge=1)]


class Subset(Declared):
    """How the evaluated examples were taken out of a larger set."""

    rule: Literal["all", "first", "every", "random", "listed"]
    of: PositiveCount | None = None
    """size of the larger set, examples"""
    step: PositiveCount | None = None
    """every step-th example (rule every)"""
    seed: int | None = None
    """seed of the choice (rule random)"""


class Tensors(Declared):
    """Images or ready features as arrays; example_id = row index."""

    file: File
    """npz or safetensors; uint8 images are divided by 255"""
    inputs: str
    """name of the array of inputs"""
    labels: str
    """name of the array of labels, class indices"""
    layout: Literal["channels_first", "channels_last"] | None = None
    """order of the axes of an image batch"""


class Data(Declared):
    """One evaluated data set."""

    kind: Literal["audio", "image", "features"]
    """images: values in [0, 1]"""
    name: str | None = None
    """name of the data set"""
    url: str | None = None
    """where the data set is described"""
    examples: Maybe[PositiveCount]
    """examples actually evaluated, all folds together"""
    classes: Maybe[PositiveCount]
    """number of classes"""
    class_names: Annotated[list[str], Field(min_length=1)] | None = None
    """label order of the network's output; as many as classes"""
    folds: dict[str, PositiveCount] | None = None
    """test examples per fold; their sum is examples"""
    subset: Maybe[Subset]
    """how the examples were taken out of a larger set"""
    sample_rate_hz: Maybe[PositiveCount] | None = None
    """sample rate of the files, Hz"""
    manifest: File | None = None
    """CSV: path, label, sha256, [fold], [example_id]; paths relative to the manifest's folder"""
    tensors: Tensors | None = None
    """arrays instead of files"""
