"""Whether the noise of the re-run is what it is said to be.

The engine's own sampler on real examples, on the device that certifies: scale, law,
independence, repeats, coverage, and what the addition rounds away.

Reference: checks.md C13-C15, C23.
"""

from repaudit.rerun.probes._bench import Bench, Numbers
from repaudit.rerun.probes._tally import CALLS, Tally, rows_each


def ask(bench: Bench) -> Numbers | None:
    """Return the numbers of `probe_sampler` for the noise that a certification adds."""
    tally = Tally(bench.task.sigma)
    for subject in bench.canaries:
        clean = subject.signal.values
        count = rows_each(clean[0].numel(), len(bench.canaries))
        tally.add(clean, [bench.noisy(subject, i * count, count) for i in range(CALLS)])
    return tally.numbers()
