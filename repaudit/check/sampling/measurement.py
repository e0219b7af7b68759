"""What was run for a sample, as the report lists it."""

from repaudit.audit.run import Measurement
from repaudit.audit.sample import Sample
from repaudit.check.sampling.evaluation import Sampling


def measurement(sampling: Sampling, sample: Sample) -> Measurement:
    """Return the entry of an evaluation for which a sample stands, over all of its networks."""
    samplers, workers = sampling.elements.samplers.values(), sampling.machine.workers
    by = None if workers is None else workers.words
    words = (sampling.machine.engine.network_words(sampler.task) for sampler in samplers)
    return Measurement(
        evaluation=sample.evaluation,
        checkpoint=None,
        status="sampled",
        reason=sample.reason if by is None else f"{sample.reason}; drawn by {by}",
        examples=sample.examples,
        forwards=sample.forwards,
        seconds=sampling.pace.seconds,
        void_votes=sum(sampler.void_votes for sampler in samplers),
        zero_norm_examples=None,
        network="; ".join(dict.fromkeys(filter(None, words))),
    )
