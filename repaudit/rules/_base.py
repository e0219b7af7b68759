"""What a number of the bare network depends on: equal keys, equal numbers."""

from repaudit.contract.evaluation import Certification, Empirical, Evaluation
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._setting import Key, attacked_key, content, data_key, model_key


def clean_key(results: Results, evaluation: Evaluation) -> Key | None:
    """Return what the bare network's clean accuracy depends on; None where it is of no network."""
    pipeline = _clean_pipeline(results, evaluation)
    return None if pipeline is None else (*_network(results, evaluation), pipeline)


def attack_key(results: Results, placed: Matched) -> Key | None:
    """Return what the success of an attack on the bare network depends on; None without one."""
    evaluation = placed.evaluation
    if not isinstance(evaluation, Empirical) or not is_on_base(results, evaluation):
        return None
    pipeline = content(evaluation.pipeline, results.pipelines[evaluation.pipeline])
    attacked = attacked_key(results, placed.evaluation_id, evaluation)
    return (*_network(results, evaluation), pipeline, *attacked)


def is_on_base(results: Results, evaluation: Empirical) -> bool:
    """Whether there are attacks and every one of them sees the bare network."""
    targets = {results.attacks[name].target for name in evaluation.attacks}
    return targets == {"base"}


def _network(results: Results, evaluation: Evaluation) -> Key:
    return data_key(results, evaluation.data), model_key(results, evaluation)


def _clean_pipeline(results: Results, evaluation: Evaluation) -> str | None:
    """Return the pipeline of a clean example; None where a transform is part of the classifier."""
    if isinstance(evaluation, Empirical):
        name = evaluation.pipeline
    elif isinstance(evaluation, Certification):
        contract = results.contracts[evaluation.contract]
        name = contract.pipeline
        if contract.transform:
            return None
    else:
        return None
    return content(name, results.pipelines[name])
