"""A feature certificate has no unit, or one of waveforms.

Why
---
Sigma and radius of log-mel smoothing are in ln, log10 or dB: 10 / ln 10 = 4.343 lies between the
first and the last. And 20 log10(norm / R) of a tensor of logarithms is no signal-to-noise ratio:
its zero is a convention, so a gain moves it anywhere.

Bad
---
    {"contracts": {"log-mel": {"pipeline": "keyword-spotter", "object": "feature",
       "transform": [],
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "log_mel",
        "dtype": "float32"},
       "scale": ["certified_radius", "certified_snr"]}},
     "evaluations": {"log-mel": {"kind": "certification", "data": "test-set",
       "model": "keyword-cnn", "contract": "log-mel", "sigma": 0.5,
       "sampling": "monte-carlo",
       "claims": [{"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": "1.505"},
        {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "58.20"}]}}}

Good
----
    {"contracts": {"log-mel": {"pipeline": "keyword-spotter", "object": "feature",
       "transform": [],
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "log_mel",
        "dtype": "float32"},
       "scale": ["certified_radius"]}},
     "evaluations": {"log-mel": {"kind": "certification", "data": "test-set",
       "model": "keyword-cnn", "contract": "log-mel", "sigma": 0.5,
       "sampling": "monte-carlo",
       "claims": [{"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": "1.505"}]}}}

References
----------
Representation-aware smoothing, failure mode 1; the standard: SNR is of waveforms.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.coordinates import LOG_UNITS, unit_of
from repaudit.contract.positions import pointer_of
from repaudit.rules._level import rho_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import every_claim, used_contracts

OF_WAVEFORMS = "certified_snr"


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield feature contracts in an unknown unit, and SNRs of features."""
    for name, evaluation, contract in used_contracts(case.results):
        unit = unit_of(case.results.data[evaluation.data], rho_of(case.results, contract))
        if LOG_UNITS["unstated"] in unit:
            message = (
                "expected the unit of sigma, found a logarithm that is not stated: ln and dB "
                "differ by a factor of 4.343"
            )
            yield Hit(pointer_of(["evaluations", name, "sigma"]), message)
    for name, contract in case.results.contracts.items():
        if contract.object in ("feature", "embedding") and OF_WAVEFORMS in contract.scale:
            where = pointer_of(["contracts", name, "scale"])
            yield Hit(where, f"expected no SNR on the scale of a {contract.object} contract")
    for placed in every_claim(case.results):
        named = getattr(placed.evaluation, "contract", None)
        if named is None or placed.claim.metric != OF_WAVEFORMS:
            continue
        certified = case.results.contracts[named]
        # A scale that promises it has been named already.
        if certified.object in ("feature", "embedding") and OF_WAVEFORMS not in certified.scale:
            message = f"expected no SNR of a {certified.object} certificate, found one"
            yield Hit(f"{placed.pointer}/metric", message)
