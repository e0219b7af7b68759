"""A scale that the contract promises is never reported.

Why
---
A certified accuracy alone does not say how strong the certificate is. The contract lists the
scales that a reader needs beside it, and each has to appear at least once per certification.

Bad
---
    {"contracts": {"waveform": {"scale": ["certified_radius", "certified_snr",
        "recording_radius"]}}}

Good
----
    {"contracts": {"waveform": {"scale": ["certified_radius"]}}}

References
----------
The contract (rho, P, T, m): m names the scales that must be reported.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Certification
from repaudit.contract.positions import pointer_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import used_contracts


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield every certification with claims that leaves out a scale of its contract."""
    severity = Severity.WARNING if case.is_transcription else Severity.ERROR
    for name, evaluation, contract in used_contracts(case.results):
        if not isinstance(evaluation, Certification) or not evaluation.claims:
            continue
        claimed = {claim.metric for claim in evaluation.claims}
        missing = [scale for scale in contract.scale if scale not in claimed]
        if missing:
            message = f"expected every scale of the contract claimed, {', '.join(missing)} missing"
            where = pointer_of(["evaluations", name, "claims"])
            yield Hit(where, message, {"missing": ", ".join(missing)}, severity)
