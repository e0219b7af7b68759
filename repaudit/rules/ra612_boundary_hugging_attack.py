"""A defence is measured against attacks that stop at the decision boundary.

Why
---
A minimal-norm attack ends as soon as the bare network errs, usually far inside epsilon, and
whatever moves the decision boundary a little undoes it. A defence rate against such attacks alone
measures how close to the boundary the examples lie. The perturbation norms, or an attack that
uses all of epsilon, tell the two apart.

Bad
---
    {"attacks": {"minimal": {"name": "pgd", "target": "base", "objective": "min_linf",
       "library": "repaudit"},
      "search": {"name": "random_search", "target": "defended", "objective": "max_loss",
       "library": "repaudit",
       "queries": 1000}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fixed"}},
     "evaluations": {"transfer": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["minimal"],
       "defence": "averaged", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "defence_rate", "value": "0.95", "unit": "fraction"}]},
      "adaptive": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["search"],
       "defence": "averaged", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.12",
         "unit": "fraction"}]}}}

Good
----
    {"attacks": {"minimal": {"name": "pgd", "target": "base", "objective": "min_linf",
       "library": "repaudit"},
      "search": {"name": "random_search", "target": "defended", "objective": "max_loss",
       "library": "repaudit",
       "queries": 1000}},
     "defences": {"averaged": {"method": "post_averaging", "directions": 15, "radius": 0.5,
       "steps": ["1/3", "2/3", 1], "includes_input": true, "domain": "softmax",
       "location": "normalize", "randomness": "fixed"}},
     "evaluations": {"transfer": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["minimal"],
       "defence": "averaged", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "defence_rate", "value": "0.95", "unit": "fraction"},
        {"metric": "perturbation_norm", "statistic": "median", "population": "adversarial",
         "value": "0.0018"}]},
      "adaptive": {"kind": "empirical", "data": "test-set", "model": "keyword-cnn",
       "pipeline": "keyword-spotter", "attacks": ["search"],
       "defence": "averaged", "reevaluated": true,
       "threat_model": {"norm": "linf", "epsilon": 0.002, "location": "normalize"},
       "claims": [{"metric": "attacked_accuracy", "classifier": "defended", "value": "0.12",
         "unit": "fraction"}]}}}

References
----------
Carlini et al. 2019, On evaluating adversarial robustness, section 4: attacks that minimise the
distance and attacks within a ball answer different questions.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.evaluation import Empirical
from repaudit.contract.matching import Matched
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.types import Real
from repaudit.rules._adaptive import claims_a_defence
from repaudit.rules._quantity import interval_of
from repaudit.rules._rule import Case, Hit, rule

FAR_INSIDE = 2
"""Epsilon over the printed norm from which the attack left most of its ball unused."""


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041",))
def check(case: Case) -> Iterator[Hit]:
    """Yield every minimal attack behind defence rates without norms, every norm far inside."""
    silent: dict[str, int] = {}
    for name, evaluation in case.results.evaluations.items():
        if not isinstance(evaluation, Empirical) or not _is_minimal(case.results, evaluation):
            continue
        norms = list(_norms(name, evaluation))
        for attack in () if norms else evaluation.attacks:
            silent[attack] = silent.get(attack, 0) + 1
        for placed in norms:
            yield from _far_inside(evaluation, placed)
    for attack, rows in silent.items():
        message = (
            "expected perturbation norms, or an attack that uses all of epsilon, beside a "
            f"defence measured against {attack}, found neither"
        )
        yield Hit(pointer_of(["attacks", attack, "objective"]), message, {"evaluations": rows})


def _is_minimal(results: Results, evaluation: Empirical) -> bool:
    """Whether a defence is claimed to hold against attacks that all end at the boundary."""
    objectives = {results.attacks[name].objective for name in evaluation.attacks}
    minimal = bool(objectives) and objectives <= {"min_l2", "min_linf"}
    return minimal and evaluation.defence is not None and claims_a_defence(evaluation)


def _norms(name: str, evaluation: Empirical) -> Iterator[Matched]:
    for index, claim in enumerate(evaluation.claims):
        if claim.metric == "perturbation_norm" and claim.statistic in ("mean", "median"):
            yield Matched(name, evaluation, index, claim)


def _far_inside(evaluation: Empirical, placed: Matched) -> Iterator[Hit]:
    interval = interval_of(placed.claim)
    epsilon = evaluation.threat_model.epsilon if evaluation.threat_model else None
    if interval is None or not isinstance(epsilon, Real):
        return
    if interval[1] * FAR_INSIDE < epsilon.value:
        message = (
            f"expected perturbations that use the {epsilon} they may have, found a "
            f"{placed.claim.statistic} of {placed.claim.value}"
        )
        yield Hit(f"{placed.pointer}/value", message, {"epsilon": float(epsilon)})
