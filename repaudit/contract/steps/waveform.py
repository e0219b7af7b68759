"""Steps that turn a recording into the waveform a network or a front end takes."""

from typing import Annotated, Literal

from pydantic import Field

from repaudit.contract.base import Maybe
from repaudit.contract.steps.base import BaseStep
from repaudit.contract.types import Library, Real

PositiveInt = Annotated[int, Field(ge=1)]


class MixDown(BaseStep):
    """Several channels to one."""

    step: Literal["mix_down"]
    method: Maybe[Literal["mean", "first"]]
    """mean of the channels, or the first one"""


class Resample(BaseStep):
    """Change of the sample rate."""

    step: Literal["resample"]
    rate_hz: Maybe[PositiveInt]
    """sample rate after the step, Hz"""
    library: Maybe[Library]
    """the resampler, with its version"""
    method: str | None = None
    """the library's name of the interpolation kernel; absent = default of the pinned version"""
    lowpass_filter_width: Annotated[int, Field(ge=1)] | None = None
    """zero crossings of the kernel on each side; absent = default of the pinned version"""
    rolloff: Real | None = None
    """cut-off as a fraction of Nyquist; absent = default of the pinned version"""
    beta: Real | None = None
    """shape of a Kaiser kernel; absent = default of the pinned version"""


class CropPad(BaseStep):
    """A fixed length: longer clips are cropped, shorter ones padded."""

    step: Literal["crop_pad"]
    length_samples: Maybe[PositiveInt]
    """length after the step, samples"""
    anchor: Maybe[Literal["start", "center", "end", "random"]]
    """the part that is kept, and where a short clip lies (random: no function of the clip)"""
    pad: Maybe[Literal["zero", "repeat", "reflect", "edge"]]
    """what short clips are filled with"""


class Gain(BaseStep):
    """A fixed gain."""

    step: Literal["gain"]
    factor: Maybe[Real]
    """factor every sample is multiplied by"""


class Normalize(BaseStep):
    """``x * target / measure(measured_on)``: RMS or peak normalisation."""

    step: Literal["normalize"]
    measure: Maybe[Literal["rms", "peak"]]
    """root mean square, or largest magnitude, over one example"""
    target: Maybe[Literal["clean"] | Real]
    """the measure after the step, full-scale amplitude; "clean" = that of the clean signal here"""
    measured_on: Maybe[Literal["clean", "input"]]
    """"clean": the gain is frozen from the clean clip; "input": recomputed on what arrives"""
    includes_padding: Maybe[bool]
    """whether padded samples count in the measure"""
    zero_energy: Maybe[Literal["leave", "floor", "exclude"]]
    """a clip whose measure is 0: left alone, divided by the floor, or excluded from the data"""
    floor: Real | None = None
    """smallest measure that is divided by (zero_energy floor)"""
