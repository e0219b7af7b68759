"""One simulated report before the auditor that the package ships."""

from dataclasses import dataclass

import numpy as np

from benchmarks.calibration.claims import claims_of
from benchmarks.calibration.document import EVALUATION, results_of
from benchmarks.calibration.populations import draw
from benchmarks.calibration.reports import Conduct, Run, Study, authors_run, honest_run
from repaudit.audit.comparison import Comparison, Verdict
from repaudit.verdicts import Margins, compare

AGAINST = frozenset({Verdict.OVERSTATED, Verdict.UNDERSTATED, Verdict.REFUTED})


@dataclass(frozen=True)
class Pair:
    """An author's run and the auditor's, of one set of examples."""

    study: Study
    conduct: Conduct
    author: Run
    auditor: Run


def pair(name: str, study: Study, conduct: Conduct, rng: np.random.Generator) -> Pair:
    """Draw a population, an author's run of it, and the re-run of what is declared."""
    p = draw(name, study.size, rng, study.n)
    declared = np.where(rng.random(study.size) < conduct.hidden, 1.0 - p, p)
    auditor = honest_run(declared, study, rng)
    author = auditor if conduct.copies else authors_run(p, study, conduct, rng)
    return Pair(study, conduct, author, auditor)


def audited(one: Pair, *, releases_counts: bool) -> list[Comparison]:
    """Return the verdicts on a table, printed by its author, with or without its counts."""
    claims = claims_of(one.author, one.study, one.conduct)
    results = results_of(one.study, claims, releases_counts=releases_counts)
    return compare(
        results,
        recomputed={EVALUATION: one.author.records} if releases_counts else {},
        measured={EVALUATION: one.auditor.records},
        margins=Margins.of(results.materiality),
    )
