"""Settings by what they contain, so that two names for one setting are one."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from repaudit.contract.evaluation import Aliasing, Certification, Empirical, Evaluation, Geometry
from repaudit.contract.results import Results
from repaudit.rules._walk import checkpoints_of

Key = tuple[object, ...]


def content(name: str, value: Any) -> str:
    """Return a setting as text that is equal for equal settings.

    What is unstated may differ between two settings of different names, and so may an algorithm
    that is only called "other": these keep their name.
    """
    text = json.dumps(_plain(value), sort_keys=True)
    return f"{name} {text}" if '"unstated"' in text or '"other"' in text else text


def _plain(value: Any) -> Any:
    """Return JSON of a setting, without the keys that were left out."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    return [_plain(item) for item in value]


def data_key(results: Results, name: str) -> str:
    """Return which data set is meant: by hash where there is one, else by name."""
    data = results.data[name]
    if data.manifest is None and data.tensors is None:
        return name
    return content(name, data.model_copy(update={"name": None, "url": None}))


def model_key(results: Results, evaluation: Evaluation) -> str:
    """Return which networks are meant: by hash where all have one, else by name."""
    if isinstance(evaluation, Geometry):
        return ""
    model = results.models[evaluation.model]
    used = checkpoints_of(results, evaluation)
    if any(checkpoint.file is None for checkpoint in used):
        return json.dumps([evaluation.model, sorted(checkpoint.id for checkpoint in used)])
    read_as = [str(model.dtype), str(model.output), str(model.format)]
    files = sorted(checkpoint.file.sha256 for checkpoint in used if checkpoint.file is not None)
    return json.dumps([*read_as, *files])


def setting_key(results: Results, name: str, evaluation: Evaluation) -> Key:
    """Return everything that an evaluation ran, by content; equal for the same setting."""
    key: Key = (evaluation.kind, data_key(results, evaluation.data), model_key(results, evaluation))
    repeats = name if evaluation.repeats == "unstated" else evaluation.repeats or 1
    return (*key, repeats, *_ran(results, name, evaluation))


def _ran(results: Results, name: str, evaluation: Evaluation) -> Key:
    if isinstance(evaluation, Certification):
        sampling = content(evaluation.sampling, results.sampling[evaluation.sampling])
        return (*_contract(results, evaluation), sampling)
    if isinstance(evaluation, Geometry):
        draws = name if evaluation.draws == "unstated" else evaluation.draws
        return (*_contract(results, evaluation), draws)
    pipeline = content(evaluation.pipeline, results.pipelines[evaluation.pipeline])
    if isinstance(evaluation, Aliasing):
        nyquist = name if evaluation.nyquist == "unstated" else evaluation.nyquist
        return pipeline, nyquist, evaluation.window or "none"
    return pipeline, *attacked_key(results, name, evaluation), _defence(results, evaluation)


def attacked_key(results: Results, name: str, evaluation: Empirical) -> Key:
    """Return the attacks with what they may do."""
    attacks = sorted(content(attack, results.attacks[attack]) for attack in evaluation.attacks)
    allowed = content(name, evaluation.threat_model) if evaluation.threat_model else ""
    # Two rows that leave open how they counted are one setting; a difference is then no error.
    return tuple(attacks), allowed, evaluation.reevaluated


def _contract(results: Results, evaluation: Certification | Geometry) -> Key:
    contract = results.contracts[evaluation.contract]
    # What must be reported is no part of what was run.
    ran = contract.model_copy(update={"scale": []})
    pipeline = content(contract.pipeline, results.pipelines[contract.pipeline])
    named = content(evaluation.contract, ran.model_copy(update={"pipeline": ""}))
    return named, pipeline, evaluation.sigma


def _defence(results: Results, evaluation: Empirical) -> str:
    if evaluation.defence is None:
        return ""
    return content(evaluation.defence, results.defences[evaluation.defence])


def seeds_of(results: Results, evaluation: Evaluation) -> Mapping[str, int | None]:
    """Return the seed behind every random choice of an evaluation; None = not given."""
    if isinstance(evaluation, Certification):
        return {"sampling": results.sampling[evaluation.sampling].seed}
    if isinstance(evaluation, Geometry):
        return {"draws": None}
    if isinstance(evaluation, Aliasing):
        return {}
    seeds = {f"attack {name}": results.attacks[name].seed for name in evaluation.attacks}
    if evaluation.defence is not None:
        seeds["defence"] = results.defences[evaluation.defence].seed
    return seeds
