"""Questions to a pipeline and its network before certificates are believed, one per file.

A probe measures; what its numbers mean is a rule's business. Nothing here sees a claim.
"""

from repaudit.rerun.probes.probe_sampler import probe_sampler
from repaudit.rerun.probes.run import run_probes

__all__ = ["probe_sampler", "run_probes"]
