"""The words claim another object or another function than the contract certifies.

Why
---
A ball of features is no ball of waveforms, whatever its accuracy, and with a transform behind the
noise the certified function is the composition f∘T: a sentence, a caption or a title that calls
either waveform robustness of the model says what was not certified.

Bad
---
    {"contracts": {"log-mel": {"pipeline": "keyword-spotter", "object": "feature",
       "transform": [],
       "perturbation": {"law": "gaussian", "norm": "l2", "location": "log_mel",
        "dtype": "float32"},
       "scale": ["certified_radius"]}},
     "evaluations": {"log-mel": {"kind": "certification", "data": "test-set",
       "model": "keyword-cnn", "contract": "log-mel", "sigma": 0.5,
       "sampling": "monte-carlo",
       "claims": [{"metric": "certified_radius", "statistic": "median", "population": "all",
         "interpolation": "lower", "rounding": "floor", "value": "1.505"}]}},
     "tables": {"log-mel": {"caption": "Certified waveform robustness",
       "rows": [{"label": "keyword CNN", "select": {"contract": "log-mel"}}],
       "columns": [{"label": "median R", "select": {"metric": "certified_radius"}}]}}}

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
         "interpolation": "lower", "rounding": "floor", "value": "1.505"}]}},
     "tables": {"log-mel": {"caption": "Certified log-mel robustness, no waveform robustness",
       "rows": [{"label": "keyword CNN", "select": {"contract": "log-mel"}}],
       "columns": [{"label": "median R", "select": {"metric": "certified_radius"}}]}}}

References
----------
Representation-aware smoothing, section 4: "it should not be reported as waveform robustness".
"""

import re
from collections.abc import Iterable, Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.contract import Contract
from repaudit.contract.evaluation import Certification
from repaudit.contract.matching import Matched, matching_claims
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.rules._rule import Case, Hit, rule
from repaudit.rules._selects import parts_of
from repaudit.rules._walk import every_claim

OF_WAVEFORMS = re.compile(
    r"\b(waveform|audio-domain|time-domain)s?[\s-]+"
    r"(?:(?:certified|smoothing|certification)[\s-]+)?(robustness|certificates?|radi(?:us|i))\b"
    r"|\brobust(?:ness)? (?:to|against) waveform perturbations?\b",
    re.IGNORECASE,
)
FEATURE_WORDS = re.compile(
    r"\b(features?|feature-space|log[- ]?mel|mel|mfcc|spectr\w+|embeddings?|representation\w*"
    r"|not|no|never|than|versus|vs)\b",
    re.IGNORECASE,
)
OF_THE_MODEL = re.compile(
    r"\b(waveform robustness|robustness of (?:f|the (?:base )?(?:model|network|classifier))"
    r"|certif(?:y|ies|ied) (?:for )?(?:f|the (?:base )?(?:model|network|classifier)))\b",
    re.IGNORECASE,
)
COMPOSED_WORDS = re.compile(
    r"∘|\b(compos\w+|transform\w*|clip\w*|(?:re)?normali[sz]\w*|renorm\w*|post[- ]?(?:noise"
    r"|process\w*)|quanti[sz]\w*|behind|after|with T|not|no|never)\b|\bT\(",
    re.IGNORECASE,
)


@rule(severity=Severity.ERROR, certainty=Certainty.LIKELY, requires=("RA041", "RA043"))
def check(case: Case) -> Iterator[Hit]:
    """Yield quotes, captions and the title that say more than the contracts behind them."""
    results = case.results
    for i, statement in enumerate(results.statements):
        selects = [part for claimed in statement.asserts for _, part in parts_of(claimed)]
        found = [m for select in selects for m in matching_claims(results, select)]
        pointer = pointer_of(["statements", i, "quote"])
        yield from _words(results, pointer, statement.quote, found)
    for name, table in results.tables.items():
        cells = ((table.select, r.select, c.select) for r in table.rows for c in table.columns)
        found = [m for selects in cells for m in matching_claims(results, *selects)]
        yield from _words(results, pointer_of(["tables", name, "caption"]), table.caption, found)
    every = list(every_claim(results))
    yield from _words(results, pointer_of(["study", "title"]), results.study.title, every)


def _words(results: Results, pointer: str, text: str, found: Iterable[Matched]) -> Iterator[Hit]:
    contracts = [
        results.contracts[match.evaluation.contract]
        for match in found
        if isinstance(match.evaluation, Certification)
    ]
    if not contracts:
        return
    of_waveforms, of_model = OF_WAVEFORMS.search(text), OF_THE_MODEL.search(text)
    if all(map(_is_of_features, contracts)):
        if of_waveforms is not None and FEATURE_WORDS.search(text) is None:
            what = ", ".join(sorted({contract.object for contract in contracts}))
            yield Hit(pointer, f"expected a certificate of a {what}, found {of_waveforms[0]}")
        return
    is_composed = all(contract.transform for contract in contracts)
    if is_composed and of_model is not None and COMPOSED_WORDS.search(text) is None:
        yield Hit(pointer, f"expected the composition f∘T named, found {of_model[0]}")


def _is_of_features(contract: Contract) -> bool:
    return contract.object in ("feature", "embedding")
