"""Whether noisy minus clean is, without a T, the noise that was drawn.

D_geom of the identity is the rounding of one addition, about 7e-8 in float32 at 16 000 samples.

Reference: checks.md C53; S1 eq. 9 and table 3.
"""

import torch

from repaudit.rerun.geometry import norm_of
from repaudit.rerun.probes._bench import Bench, Numbers
from repaudit.rerun.probes._numbers import rounded


def ask(bench: Bench) -> Numbers | None:
    """Return D_geom of the identity over some draws; nothing where a T is declared."""
    if bench.stages.transform is not None:
        return None
    terms, levels = [], []
    for subject in bench.canaries:
        clean, sigma = subject.signal.values, bench.task.sigma
        noise = bench.space.noise(bench.stream(subject), 0, sigma, clean).clone()
        size = norm_of(noise)
        noisy = bench.noisy(subject, 0, len(noise))
        terms.append((norm_of(noisy - clean) - size).abs() / size)
        levels.append(subject.norm / clean.numel() ** 0.5 / sigma)
    return {
        "d_geom": rounded(float(torch.cat(terms).mean())),
        "rms_over_sigma": rounded(max(levels)),
        "size": bench.canaries[0].signal.values[0].numel(),
        "draws": len(terms) * len(terms[0]),
    }
