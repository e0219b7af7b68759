"""The setting along which a sentence says that numbers rise or fall."""

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable
from fractions import Fraction

from pydantic import BaseModel

from repaudit.contract.evaluation import Certification, Empirical, Evaluation
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.contract.types import Real
from repaudit.rules._terms import Term

OF_CLAIM = ("at_radius", "at_snr_db")
OF_DEFENCE = ("radius", "directions")


Point = tuple[Fraction, Term]
"""The setting, and the number there."""


def series(results: Results, terms: Iterable[Term], along: str) -> list[list[Point]]:
    """Return terms that differ in one setting alone, each series in the order of that setting.

    A term without that setting, or where it is unstated, is in no series.
    """
    found: defaultdict[Hashable, list[Point]] = defaultdict(list)
    for term in terms:
        setting = _setting(results, term.placed, along)
        if setting is not None:
            found[_rest(results, term.placed, along)].append((setting, term))
    return [sorted(points, key=lambda point: point[0]) for points in found.values()]


def _setting(results: Results, placed: Matched, along: str) -> Fraction | None:
    evaluation, found = placed.evaluation, None
    if along in OF_CLAIM:
        found = getattr(placed.claim, along)
    elif along == "sigma":
        found = getattr(evaluation, "sigma", None)
    elif along == "n" and isinstance(evaluation, Certification):
        found = results.sampling[evaluation.sampling].n
    elif along == "epsilon" and isinstance(evaluation, Empirical) and evaluation.threat_model:
        found = evaluation.threat_model.epsilon
    elif isinstance(evaluation, Empirical) and evaluation.defence is not None:
        found = getattr(results.defences[evaluation.defence], along, None)
    if isinstance(found, Real):
        return found.value
    return Fraction(found) if isinstance(found, int) else None


def _rest(results: Results, placed: Matched, along: str) -> Hashable:
    """Return every other setting of a claim, and what it is of."""
    evaluation, claim = placed.evaluation, placed.claim
    said = claim.model_copy(update={along: None}) if along in OF_CLAIM else claim
    names = (
        "kind",
        "data",
        "model",
        "contract",
        "pipeline",
        *(() if along == "sigma" else ("sigma",)),
    )
    ran = tuple(getattr(evaluation, name, None) for name in names)
    return (*ran, *_tools(results, evaluation, along), said.identity, said.across)


def _tools(results: Results, evaluation: Evaluation, along: str) -> tuple[str, ...]:
    if isinstance(evaluation, Certification):
        return (_content(results.sampling[evaluation.sampling], along),)
    if not isinstance(evaluation, Empirical):
        return ()
    defence = results.defences[evaluation.defence] if evaluation.defence is not None else None
    allowed = _content(evaluation.threat_model, along)
    return (*sorted(evaluation.attacks), allowed, _content(defence, along))


def _content(value: BaseModel | None, along: str) -> str:
    """Return a setting as text, without what varies and without its seed."""
    if value is None:
        return ""
    left = value.model_dump(mode="json", exclude_none=True, exclude={along, "seed"})
    return json.dumps(left, sort_keys=True)
