"""What a budget, a contract, an attack or an evaluation cannot be."""

from collections.abc import Iterator

from repaudit.audit.finding import Severity
from repaudit.contract.attack import Attack, Defence
from repaudit.contract.evaluation import Certification, Empirical, Geometry
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.contract.sampling import Sampling
from repaudit.contract.types import Real
from repaudit.rules._rule import Hit

EXACT = "clopper_pearson_one_sided"


def impossible_settings(results: Results) -> Iterator[Hit]:
    """Yield what is impossible about budgets, contracts, attacks, defences and evaluations."""
    is_transcription = results.study.kind == "transcription"
    for name, sampling in results.sampling.items():
        yield from _sampling(pointer_of(["sampling", name]), sampling, is_transcription)
    for name, contract in results.contracts.items():
        if contract.perturbation.dtype in ("bfloat16", "float16"):
            where = pointer_of(["contracts", name, "perturbation", "dtype"])
            message = (
                f"expected noise added in float32 or float64, found {contract.perturbation.dtype}"
            )
            yield Hit(where, message, {}, Severity.WARNING if is_transcription else None)
    for name, attack in results.attacks.items():
        yield from _attack(pointer_of(["attacks", name]), attack)
    for name, defence in results.defences.items():
        yield from _defence(pointer_of(["defences", name]), defence)
    yield from _evaluations(results)


def _sampling(base: str, sampling: Sampling, is_transcription: bool) -> Iterator[Hit]:
    if isinstance(sampling.alpha, Real) and not 0 < sampling.alpha.value < 1:
        message = f"expected alpha between 0 and 1, found {sampling.alpha}"
        yield Hit(f"{base}/alpha", message)
    if sampling.n0 == 0 and sampling.selection == "independent":
        yield Hit(f"{base}/n0", "expected at least one draw that selects the class, found 0")
    if not is_transcription and sampling.bound not in (EXACT, "unstated"):
        yield Hit(f"{base}/bound", f"expected {EXACT}, found {sampling.bound}")


def _attack(base: str, attack: Attack) -> Iterator[Hit]:
    if attack.target == "surrogate" and attack.surrogate is None:
        yield Hit(base, "expected the surrogate that is attacked, found none")
    if attack.target not in ("surrogate", "unstated") and attack.surrogate is not None:
        message = f"expected no surrogate of an attack on the {attack.target} classifier"
        yield Hit(f"{base}/surrogate", message)


def _defence(base: str, defence: Defence) -> Iterator[Hit]:
    if isinstance(defence.radius, Real) and defence.radius.value <= 0:
        yield Hit(f"{base}/radius", f"expected a radius above 0, found {defence.radius}")
    if isinstance(defence.steps, list):
        for i, step in enumerate(defence.steps):
            if step.value <= 0:
                message = f"expected a multiple of the radius above 0, found {step}"
                yield Hit(f"{base}/steps/{i}", message)


def _evaluations(results: Results) -> Iterator[Hit]:
    for name, evaluation in results.evaluations.items():
        base = pointer_of(["evaluations", name])
        if isinstance(evaluation, Certification | Geometry) and evaluation.sigma.value <= 0:
            yield Hit(f"{base}/sigma", f"expected sigma above 0, found {evaluation.sigma}")
        if isinstance(evaluation, Empirical):
            yield from _threat(base, evaluation)
            yield from _targets(results, base, evaluation)
        for i, file in enumerate(evaluation.evidence):
            if file.format == "smoothing_tsv" and evaluation.kind != "certification":
                message = f"expected records of a {evaluation.kind} evaluation, found smoothing_tsv"
                yield Hit(f"{base}/evidence/{i}/format", message)


def _threat(base: str, evaluation: Empirical) -> Iterator[Hit]:
    model = evaluation.threat_model
    if evaluation.attacks and model is None:
        yield Hit(base, "expected a threat_model of the attacks, found none")
    for key in ("threat_model", "reevaluated"):
        if not evaluation.attacks and getattr(evaluation, key) is not None:
            yield Hit(f"{base}/{key}", f"expected no {key} without attacks, found one")
    epsilon = model.epsilon if model is not None else None
    if isinstance(epsilon, Real) and epsilon.value < 0:
        message = f"expected an epsilon of at least 0, found {epsilon}"
        yield Hit(f"{base}/threat_model/epsilon", message)


def _targets(results: Results, base: str, evaluation: Empirical) -> Iterator[Hit]:
    for i, name in enumerate(evaluation.attacks):
        if evaluation.defence is None and results.attacks[name].target == "defended":
            message = f"expected a defence that {name} attacks, found none"
            yield Hit(f"{base}/attacks/{i}", message)
