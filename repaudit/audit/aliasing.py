"""One operation that coarsens a grid, as a re-run measured its aliasing."""

from typing import Literal

from repaudit.audit.base import Said
from repaudit.audit.comparison import Estimate


class DownsamplingLayer(Said):
    """What folds at one operation, or why it was not measured."""

    layer: str
    """module path, with the operation where it is not the module's own"""
    operation: str
    """as torch calls it; frames = the hop of a spectral step"""
    status: Literal["measured", "not_measured"]
    reason: str | None = None
    """why it was not measured"""
    shortcut: bool = False
    """whether it only drops values; shortcuts are measured before the sum"""
    maps: int = 0
    """channels of one example"""
    strides: list[int] = []
    """per axis of the grid"""
    sizes: list[int] = []
    """of the strided output of the first example, per axis"""
    extension: list[int] = []
    """positions by which the dense twin's input was extended on the right, per axis"""
    am: Estimate | None = None
    """mean over maps of the sum of magnitudes; only comparable with the same layer and model"""
    am_per_bin: Estimate | None = None
    """the same over the number of frequencies"""
    am_relative: Estimate | None = None
    alias_energy: Estimate | None = None
    """share of the strided output's energy, may exceed 1"""
    alias_db: Estimate | None = None
    """energy that folds against the energy that does not, dB"""
    axis_energy: list[float | None] = []
    """alias energy when the grid gets coarser along one axis alone; null where it does not"""
    white_noise: float | None = None
    """alias energy that white noise has at these sizes and strides"""
    hann_energy: float | None = None
    """alias energy under a Hann window; null when that is the declared window"""
    decimation_error: float | None = None
    """largest difference of strided output and dense twin, relative to the largest output"""
    folding_error: float | None = None
    """largest difference of spectrum and folded dense spectrum, relative to the largest bin"""
    before: list[float] = []
    """shares of the dense energy by frequency: 16 bands up to the new Nyquist frequency, 16 above
    it, which fold"""
    after: list[float] = []
    """energy of the alias-free spectrum in the first 16 bands, as a share of the dense energy"""
    folded: list[float] = []
    """energy of what folded into these bands, likewise"""
