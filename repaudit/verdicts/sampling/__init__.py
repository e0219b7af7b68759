"""Risk-limiting audits: what is sampled of an evaluation, when it is enough, what it says."""

from repaudit.verdicts.sampling.design import Design, Element, NotSampled, design_of
from repaudit.verdicts.sampling.progress import SampleProgress

__all__ = ["Design", "Element", "NotSampled", "SampleProgress", "design_of"]
