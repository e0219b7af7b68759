"""Numbers without randomness: equal, but for examples whose two top outputs nearly tie.

Two machines add in another order, so the class of such an example may differ between them.
"""

import numpy as np

from repaudit.evidence.tables import CertificationRecords, EmpiricalRecords
from repaudit.statistics.swap_result import SwapResult
from repaudit.verdicts.question import NoTest, Question

NEAR_TIE = 1e-5
"""Top-2 margin, relative, below which the class may differ between machines."""


def answer_fixed(question: Question) -> SwapResult:
    """Return 1 or 0 for p: whether the share lies within the claim and the near ties.

    Where the re-run recorded no margins one example may differ before the claim is rejected.
    """
    shares, honest, allowed = [], [], []
    for part in question.runs.parts:
        if not isinstance(part, CertificationRecords | EmpiricalRecords):
            raise NoTest("no test for this number")
        values = question.metric.values(part, question.claim, question.context)
        shares.append(float(np.mean(values)))
        margin = part.base_margin
        ties = 0 if margin is None else int(np.count_nonzero(margin < NEAR_TIE))
        honest.append(ties / len(part))
        allowed.append((1 if margin is None else ties) / len(part))
    measured, near = float(np.mean(shares)), float(np.mean(honest))
    above, below = question.low - measured, measured - question.high
    outside = max(above, below) > float(np.mean(allowed)) + 1e-9
    return SwapResult(
        p_value=0.0 if outside else 1.0,
        direction=int(above > 0.0) - int(below > 0.0),
        variance=0.0,
        honest_low=max(measured - near, 0.0),
        honest_high=min(measured + near, 1.0),
    )
