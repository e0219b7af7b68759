"""An abstention has a radius, or a certificate has none.

Why
---
An example is certified when its lower bound exceeds 1/2, and then its radius is positive; it
abstains otherwise, and then it has none. A radius of zero among the certified examples, a radius
of an abstaining one and a class without any vote are codes that were mixed up.

Bad
---
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "min", "population": "certified",
         "rounding": "floor", "value": ".0000000"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

Good
----
    {"evaluations": {"spoken-words": {"claims": [
       {"metric": "certified_accuracy", "at_radius": 0, "value": "92.25", "unit": "percent"},
       {"metric": "certified_radius", "statistic": "min", "population": "certified",
         "rounding": "floor", "value": ".0000"},
       {"metric": "certified_snr", "statistic": "median", "population": "all",
         "interpolation": "upper", "rounding": "ceil", "value": "83.99"}]}}}

References
----------
Cohen, Rosenfeld and Kolter 2019, algorithm CERTIFY; locuslab/smoothing writes -1 and 0.0.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from repaudit._core.text import shorten
from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Certification
from repaudit.evidence.tables import CertificationRecords, RadiusRecords
from repaudit.rules._radius import settings_of
from repaudit.rules._radius_words import hits_of
from repaudit.rules._released import certifications, evidence_of, radius_logs
from repaudit.rules._rule import Case, Hit, rule
from repaudit.statistics.bounds import LARGEST_N, bound_lattice


@rule(severity=Severity.ERROR, certainty=Certainty.PROVED, requires=("RA041", "RA047", "RA107"))
def check(case: Case) -> Iterator[Hit]:
    """Yield zero radii among the certified, and released rows whose codes contradict."""
    yield from hits_of(case, "RA111")
    for name, _, log in radius_logs(case):
        for what, rows in _contradictions_of_log(log):
            if rows.any():
                line = int(log.line[int(np.argmax(rows))])
                message = f"expected {what}, found another thing in line {line}"
                yield Hit(evidence_of(name), message, {"rows": int(rows.sum()), "line": line})
    for name, evaluation, records in certifications(case):
        for what, rows in _contradictions(case, evaluation, records):
            if rows.any():
                first = str(records.example_id[int(np.argmax(rows))])
                message = f"expected {what}, found another thing in the row of {shorten(first)}"
                yield Hit(evidence_of(name), message, {"rows": int(rows.sum()), "first": first})


def _contradictions_of_log(log: RadiusRecords) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    yield "no radius of an abstention", (log.predict < 0) & (log.low > 0.0)
    yield "a positive radius of a certified class", (log.predict >= 0) & (log.high == 0.0)


def _contradictions(
    case: Case, evaluation: Certification, records: CertificationRecords
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    yield "votes for a class that was selected", (records.selected_class < 0) & (records.hits > 0)
    settings = settings_of(case.results.sampling[evaluation.sampling])
    radius = records.recording_radius
    if radius is None or len(settings) != 1:
        return
    setting = settings[0]
    certified = np.zeros(len(records), np.bool_)
    for n in np.unique(records.draws[records.draws <= LARGEST_N]).tolist():
        # as many counts certify as there are radii
        least = n - len(bound_lattice(n, setting.alpha, setting.bound)) + 1
        certified |= (records.draws == n) & (records.hits >= least)
    judged = records.draws <= LARGEST_N
    yield "no radius of an abstention", judged & ~certified & (np.nan_to_num(radius) > 0.0)
