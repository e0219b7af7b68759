"""A certified ball is smaller than one rounding to 16 bits.

Why
---
Storing a recording of RMS level r as 16-bit PCM moves it by a signal-to-noise ratio of
101.1 + 20 log10(r) dB. Below the RMS of 10^((SNR - 101.1) / 20) the certified ball does not even
hold the file that is written and read again. The note says which level that is, where it is above
0.1 (-20 dB of full scale, where recordings of speech are kept).

Bad
---
    {"evaluations": {"spoken-words": {"sigma": 0.001, "claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".003010"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "92.47"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"sigma": 0.005, "claims": [
       {"metric": "certified_radius", "statistic": "median", "population": "all",
        "interpolation": "lower", "rounding": "floor", "value": ".015050"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
        "interpolation": "upper", "rounding": "ceil", "value": "78.49"}]}}}

References
----------
Rounding to a grid of spacing 2^-15 has the RMS error 2^-15 / sqrt(12): -101.1 dB.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Certification
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._walk import every_claim

PCM16_DB = 101.1
"""20 log10(2^15 sqrt(12)): SNR of 16-bit rounding at RMS 1."""
USUAL = 0.1
"""RMS of -20 dB of full scale, the alignment level of SMPTE RP 155; speech is about there."""


@rule(severity=Severity.NOTE, certainty=Certainty.PROVED, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield every median SNR whose ball is that small for recordings of usual level."""
    for placed in every_claim(case.results):
        printed = interval_of(placed.claim)
        is_median = placed.claim.metric == "certified_snr" and placed.claim.statistic == "median"
        if not isinstance(placed.evaluation, Certification) or not is_median or printed is None:
            continue
        quietest = 10 ** ((float(printed[0]) - PCM16_DB) / 20)
        if quietest > USUAL:
            message = (
                f"expected a ball that holds a 16-bit copy of the recording, found one that does "
                f"not for recordings below an RMS of {quietest:.3f}"
            )
            yield Hit(f"{placed.pointer}/value", message, {"rms": quietest})
