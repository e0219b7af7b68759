"""What was run for a sample, as the report lists it."""

from dataclasses import dataclass

from repaudit.audit.run import Measurement
from repaudit.audit.sample import Sample
from repaudit.check.sampling.evaluation import Sampling


@dataclass(frozen=True)
class Drawn:
    """What is kept of a sample that has ended: no votes, and nothing that drew them."""

    rows: list[dict[str, object]]
    """our own draws, one row per element that was looked at"""
    seconds: float
    void_votes: int
    network: str
    by: str | None
    """who drew, if not this process alone"""

    @classmethod
    def of(cls, sampling: Sampling) -> "Drawn":
        """Return what is kept of a sample, over all of its networks."""
        machine, samplers = sampling.machine, sampling.elements.samplers.values()
        words = (machine.engine.network_words(sampler.task) for sampler in samplers)
        workers = machine.workers if any(sampler.helped for sampler in samplers) else None
        return cls(
            sampling.rows,
            sampling.pace.seconds,
            sum(sampler.void_votes for sampler in samplers),
            "; ".join(dict.fromkeys(filter(None, words))),
            None if workers is None else workers.words,
        )

    def measurement(self, sample: Sample) -> Measurement:
        """Return the entry of the evaluation that a sample stands for."""
        return Measurement(
            evaluation=sample.evaluation,
            checkpoint=None,
            status="sampled",
            reason=sample.reason if self.by is None else f"{sample.reason}; drawn by {self.by}",
            examples=sample.examples,
            forwards=sample.forwards,
            seconds=self.seconds,
            void_votes=self.void_votes,
            zero_norm_examples=None,
            network=self.network,
        )
