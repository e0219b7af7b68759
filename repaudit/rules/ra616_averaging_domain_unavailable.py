"""A defence averages what the network does not put out.

Why
---
Averaging probabilities, averaging logits and counting votes are three classifiers that disagree
on some inputs. A network that puts out a class and nothing else leaves only the votes, so that
a declared average of probabilities or logits is not the one that was run.

Bad
---
    {"models": {"keyword-cnn": {"output": "class"}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fixed"}},
     "evaluations": {"averaged": {"kind": "empirical", "data": "test-set",
       "model": "keyword-cnn", "pipeline": "keyword-spotter", "attacks": [],
       "defence": "averaged",
       "claims": [{"metric": "clean_accuracy", "classifier": "defended", "value": "0.9200",
         "unit": "fraction"}]}}}

Good
----
    {"models": {"keyword-cnn": {"output": "log_probabilities"}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "logits",
       "location": "normalize", "randomness": "fixed"}},
     "evaluations": {"averaged": {"kind": "empirical", "data": "test-set",
       "model": "keyword-cnn", "pipeline": "keyword-spotter", "attacks": [],
       "defence": "averaged",
       "claims": [{"metric": "clean_accuracy", "classifier": "defended", "value": "0.9200",
         "unit": "fraction"}]}}}

References
----------
Log-probabilities are logits up to one constant per input, which moves no average's largest entry.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Empirical
from repaudit.contract.positions import pointer_of
from repaudit.rules._rule import Case, Hit, rule

SCORES = {"softmax", "logits"}


@rule(severity=Severity.WARNING, certainty=Certainty.PROVED, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield every defence that averages scores of a network which puts out classes."""
    used: dict[str, str] = {}
    for evaluation in case.results.evaluations.values():
        if not isinstance(evaluation, Empirical) or evaluation.defence is None:
            continue
        if case.results.models[evaluation.model].output == "class":
            used.setdefault(evaluation.defence, evaluation.model)
    for name, model in used.items():
        domain = case.results.defences[name].domain
        if domain in SCORES:
            message = f"expected votes of {model}, which puts out classes, found {domain}"
            yield Hit(pointer_of(["defences", name, "domain"]), message)
