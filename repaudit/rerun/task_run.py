"""One task as it was measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from repaudit.audit.aliasing import DownsamplingLayer
from repaudit.audit.probe import Probe
from repaudit.contract.task import Task
from repaudit.evidence.tables import Records


@dataclass(frozen=True)
class TaskRun:
    """One task as it was measured."""

    task: Task
    records: Records
    forwards: int
    """network forwards (geometry: transformed vectors), those of an earlier process included"""
    seconds: float
    """wall time of this run, its other processes included"""
    void_votes: int
    zero_norm_examples: int
    """examples whose certified vector has no energy"""
    summary: Mapping[str, float | None] = field(default_factory=dict)
    """measured numbers beyond the evidence"""
    notes: tuple[str, ...] = ()
    """what a reader should know, in words"""
    layers: tuple[DownsamplingLayer, ...] = ()
    """what coarsens a grid (aliasing)"""
    probes: tuple[Probe, ...] = ()
    """what was asked about attacks while they ran"""
    network: str | None = None
    """how the network was carried out, in words; ``None`` without one"""
