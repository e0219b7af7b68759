"""Evidence as columns: one entry per example (and checkpoint, repeat, draw).

The author's released files and our own re-run have this one shape, so that a metric is written
once: applied to the author's counts it gives *recomputed*, applied to ours *measured*.
Optional columns are ``None`` when the file does not have them. Two tables are equal when they are
one: what is derived from a table is remembered by it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Names = NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class CertificationRecords:
    """Counts of a certification; every column has one entry per example and run."""

    example_id: Names
    label: Ints
    """true class"""
    selected_class: Ints
    """c_A, the most frequent class of the n0 selection draws, also when the example abstains"""
    hits: Ints
    """votes for c_A among the n certification draws"""
    label_hits: Ints
    """votes for the true class among the n certification draws"""
    draws: Ints
    """n"""
    checkpoint: Names
    repeat: Ints
    """0-based"""
    selection_hits: Ints | None = None
    """votes for c_A among the n0 selection draws"""
    top_class: Ints | None = None
    """most frequent class of the n draws; ties to the lowest index"""
    top_hits: Ints | None = None
    void: Ints | None = None
    """draws with a non-finite output (n0 and n together); they count for no class"""
    norm: Floats | None = None
    """L2 norm of the certified vector"""
    recording_radius: Floats | None = None
    """the certified radius pulled back to the recording; nan where undefined"""
    base_class: Ints | None = None
    """class of the network on the clean example"""
    noisy_class: Ints | None = None
    """class of the network under one noise draw"""
    base_margin: Floats | None = None
    """difference of the two top outputs on the clean example, relative to the larger magnitude"""

    def __len__(self) -> int:
        return len(self.example_id)


@dataclass(frozen=True, eq=False)
class RadiusRecords:
    """Printed radii of a certification whose counts are not released; one entry per example."""

    example_id: Names
    label: Ints
    """true class"""
    predict: Ints
    """certified class; -1 where it abstains"""
    radius: Floats
    """as printed, coordinates of the noise"""
    low: Floats
    """smallest radius that prints so"""
    high: Floats
    """largest radius that prints so"""
    line: Ints
    """where the row stands in its file, 1-based"""
    checkpoint: Names
    repeat: Ints
    """0-based"""

    def __len__(self) -> int:
        return len(self.example_id)


@dataclass(frozen=True, eq=False)
class GeometryRecords:
    """Norms of a geometry evaluation; one entry per example and draw."""

    example_id: Names
    draw: Ints
    """0-based"""
    noise_norm: Floats
    """L2 norm of eps"""
    delta_norm: Floats
    """L2 norm of T(x + eps) - x"""
    repeat: Ints
    clean_bias_norm: Floats | None = None
    """L2 norm of T(x) - x"""
    noise_gain_norm: Floats | None = None
    """L2 norm of T(x + eps) - T(x)"""
    inner_product: Floats | None = None
    """<T(x + eps) - x, eps>"""

    def __len__(self) -> int:
        return len(self.example_id)


@dataclass(frozen=True, eq=False)
class EmpiricalRecords:
    """Predicted classes of an empirical evaluation; one entry per example and run."""

    example_id: Names
    label: Ints
    base_clean: Ints
    checkpoint: Names
    repeat: Ints
    base_attacked: Ints | None = None
    """absent in a clean evaluation"""
    attack: Names | None = None
    defended_clean: Ints | None = None
    defended_attacked: Ints | None = None
    perturbation_norm: Floats | None = None
    """in the threat model's norm; 0 where the clean example was kept"""
    base_margin: Floats | None = None
    """difference of the two top outputs on the clean example, relative to the larger magnitude"""
    attacked_margin: Floats | None = None
    """by how much it is decided whether the attack succeeds, relative: the margin of the victim's
    output, or how far a minimal perturbation ends from epsilon"""

    def __len__(self) -> int:
        return len(self.example_id)


@dataclass(frozen=True, eq=False)
class AliasingRecords:
    """Sums over the maps of one layer; one entry per example and layer."""

    example_id: Names
    layer: Names
    maps: Ints
    """channels summed over"""
    abs_difference: Floats
    abs_strided: Floats
    abs_alias_free: Floats
    sq_difference: Floats
    sq_strided: Floats
    sq_alias_free: Floats
    checkpoint: Names

    def __len__(self) -> int:
        return len(self.example_id)


Records = (
    CertificationRecords | RadiusRecords | GeometryRecords | EmpiricalRecords | AliasingRecords
)
