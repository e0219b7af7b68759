"""Steps that control the range, images, embeddings, and code of one's own."""

from typing import Annotated, Literal

from pydantic import Field

from repaudit.contract.base import Maybe
from repaudit.contract.steps.base import BaseStep
from repaudit.contract.steps.waveform import PositiveInt
from repaudit.contract.types import Id, Real


class Clip(BaseStep):
    """Every coordinate limited to a range."""

    step: Literal["clip"]
    low: Maybe[Real]
    """lower limit, in the coordinates before the step"""
    high: Maybe[Real]
    """upper limit, in the coordinates before the step"""


class Quantize(BaseStep):
    """Rounding to a uniform grid of 2^bits levels: [-1, 1) for audio, [0, 1] for images."""

    step: Literal["quantize"]
    bits: Maybe[Annotated[int, Field(ge=1, le=32)]]
    """bits per coordinate"""


class Embedding(BaseStep):
    """The output of another network."""

    step: Literal["embedding"]
    model: Maybe[Id]
    """a model of this file"""


class Resize(BaseStep):
    """An image resized."""

    step: Literal["resize"]
    height: Maybe[PositiveInt]
    """height after the step, pixels"""
    width: Maybe[PositiveInt]
    """width after the step, pixels"""
    interpolation: str | None = None
    """interpolation, as the library names it"""


class CenterCrop(BaseStep):
    """The middle of an image."""

    step: Literal["center_crop"]
    height: Maybe[PositiveInt]
    """height after the step, pixels"""
    width: Maybe[PositiveInt]
    """width after the step, pixels"""


class Custom(BaseStep):
    """The author's own code; runs only with --allow-code."""

    step: Literal["custom"]
    entry_point: Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")]
    """module:function"""
    description: str
    """what it does, in words"""
