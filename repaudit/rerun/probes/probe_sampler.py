"""Ask an author's own noise sampler what the audit asks of its own."""

from collections.abc import Callable

from torch import Tensor

from repaudit.audit.probe import Probe
from repaudit.rerun.probes._tally import CALLS, VALUES, Tally, rows_each

Sample = Callable[[Tensor, int], Tensor]
"""clean vector [1, ...] and a count -> that many noisy copies [count, ...]"""


def probe_sampler(
    sample: Sample,
    clean: Tensor,
    sigma: float,
    *,
    evaluation: str = "sampler",
    values: int = VALUES,
) -> list[Probe]:
    """Return what was measured of the noise that ``sample`` adds.

    Shapes
        clean   float[examples, ...]  vectors to add noise to, padding included
        return  one `Probe` named ``noise``; the rules RA910, RA911, RA912 and RA923 judge it

    ``sample`` is called four times per example, as a loop over batches would call it; about
    ``values`` coordinates are drawn in all. ``sigma`` is in the coordinates of ``clean``.

    Raises ``ValueError`` when there is no example, no noise, or copies of another shape come back.

    >>> import torch
    >>> noise = torch.Generator().manual_seed(0)
    >>> def sample(x, count):
    ...     return x + 0.5 * torch.randn((count, *x.shape[1:]), generator=noise)
    >>> (probe,) = probe_sampler(sample, torch.zeros(2, 1000), sigma=0.25, values=10_000)
    >>> round(probe.numbers["std_over_sigma"], 1)  # .5 / .25
    2.0
    """
    if len(clean) == 0 or not sigma > 0.0:
        raise ValueError("clean, sigma: expected an example and a positive sigma")
    tally = Tally(sigma)
    for one in (clean[i : i + 1] for i in range(len(clean))):
        count = rows_each(one.numel(), len(clean), values)
        blocks = [sample(one, count) for _ in range(CALLS)]
        for block in blocks:
            if block.shape != (count, *one.shape[1:]):
                expected = [count, *one.shape[1:]]
                raise ValueError(f"sample: expected copies {expected}, got {list(block.shape)}")
        tally.add(one, blocks)
    return [
        Probe(
            name="noise",
            evaluation=evaluation,
            checkpoint=None,
            status="asked",
            numbers=tally.numbers(),
        )
    ]
