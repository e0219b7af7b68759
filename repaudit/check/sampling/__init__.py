"""Audits by sample: what it will cost, the samples themselves, what is left for a full re-run."""

from repaudit.check.sampling.plan import Planned, planned
from repaudit.check.sampling.run import SampledRun, Samples

__all__ = ["Planned", "SampledRun", "Samples", "planned"]
