"""What was run: one entry per evaluation and checkpoint, and the machine it ran on."""

from typing import Literal

from repaudit.audit.aliasing import DownsamplingLayer
from repaudit.audit.base import Said


class Measurement(Said):
    """One evaluation as it was re-run, or the reason why it was not."""

    evaluation: str
    checkpoint: str | None
    """null for geometry, which has no network"""
    model: str | None = None
    """the id of its network; null for geometry"""
    status: Literal["measured", "sampled", "not_checked"]
    reason: str | None = None
    """why it was not run, or what a reader should know of how it was"""
    certified_object: str | None = None
    """waveform, feature, embedding or image, with the location of the noise"""
    examples: int = 0
    forwards: int = 0
    """network forwards (geometry: transformed vectors)"""
    seconds: float = 0.0
    void_votes: int = 0
    """forwards with a non-finite output; each counts for no class"""
    zero_norm_examples: int | None = 0
    """examples whose certified vector has no energy; null where not all were looked at"""
    evidence_path: str | None = None
    """our own counts, relative to the audit's folder"""
    evidence_sha256: str | None = None
    summary: dict[str, float | None] = {}
    """measured numbers beyond the claims, such as the decomposition of D_geom or R/sqrt(T)"""
    network: str | None = None
    """what was loaded and how it was carried out: arithmetic, layout, compiled or not"""
    layers: list[DownsamplingLayer] = []
    """what coarsens a grid, measured or not, in the order in which it runs (aliasing)"""


class Environment(Said):
    """Where the audit ran."""

    repaudit: str
    python: str
    platform: str
    libraries: dict[str, str]
    """versions that can move a number"""
    device: str | None
    """null when nothing was re-run"""
    plan: str | None
    """the execution plan: rows per forward, folded modules, memory format, TF32"""
