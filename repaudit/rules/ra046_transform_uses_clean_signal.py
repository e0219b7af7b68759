"""The transform uses the clean signal, which no deployed system has.

Why
---
A T that divides by the clean clip's level freezes the certified function at that clip: the ball
around it is certified for a function that nobody can evaluate, since what arrives is perturbed.
As a diagnostic of geometry it is legitimate.

Bad
---
    {"contracts": {"waveform": {"transform": [{"step": "normalize", "measure": "rms",
         "target": "clean", "measured_on": "input",
         "includes_padding": true, "zero_energy": "leave"}]}}}

Good
----
    {"contracts": {"waveform": {"transform": [{"step": "normalize", "measure": "rms",
         "target": 1.0, "measured_on": "input",
         "includes_padding": true, "zero_energy": "leave"}]}}}

References
----------
The contract (rho, P, T, m); representation-aware smoothing, equations 7 and 8.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Certification
from repaudit.contract.positions import pointer_of
from repaudit.contract.steps import Normalize, Step
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import used_contracts


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield each such step once: as of a certification, else as of a geometry diagnostic."""
    certified = Severity.WARNING if case.is_transcription else Severity.ERROR
    uses: dict[str, Severity] = {}
    for _, evaluation, _ in used_contracts(case.results):
        if isinstance(evaluation, Certification):
            uses[evaluation.contract] = certified
        else:
            uses.setdefault(evaluation.contract, Severity.NOTE)
    for name, severity in uses.items():
        for i, step in enumerate(case.results.contracts[name].transform):
            if _uses_clean_signal(step):
                message = (
                    "expected a transform of what arrives, "
                    f"found {step.step} with the clean signal's level"
                )
                yield Hit(pointer_of(["contracts", name, "transform", i]), message, {}, severity)


def _uses_clean_signal(step: Step) -> bool:
    return isinstance(step, Normalize) and "clean" in (step.target, step.measured_on)
