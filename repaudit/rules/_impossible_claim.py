"""What one claim cannot be: its definition against its metric and its evaluation."""

from collections.abc import Iterator

from repaudit.contract.claim import Spread
from repaudit.contract.evaluation import Empirical, Evaluation
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.rules._definition import DEFINITIONS, Definition
from repaudit.rules._rule import Hit
from repaudit.rules._walk import every_claim


def impossible_claims(results: Results) -> Iterator[Hit]:
    """Yield what is impossible about each claim; metrics of an extension are not looked at."""
    is_plan = results.study.kind == "plan"
    for placed in every_claim(results):
        definition = DEFINITIONS.get(placed.claim.metric)
        if definition is None:
            continue
        if placed.evaluation.kind not in definition.kinds:
            message = (
                f"expected a metric of a {placed.evaluation.kind} evaluation, "
                f"found {placed.claim.metric}"
            )
            yield Hit(f"{placed.pointer}/metric", message)
            continue
        yield from _unit(placed, definition)
        yield from _statistic(placed, definition)
        yield from _population(placed, definition)
        yield from _threshold(placed)
        yield from _classifier(placed, definition)
        yield from _attacked(placed, definition)
        yield from _layer(placed, is_transcription=results.study.kind == "transcription")
        if placed.claim.spread is not None:
            yield from _spread(f"{placed.pointer}/spread", placed.claim.spread, is_plan)


def _absent(placed: Matched, key: str, why: str) -> Iterator[Hit]:
    """Yield a hit when the claim has a field that its metric does not take."""
    if getattr(placed.claim, key) is not None:
        yield Hit(f"{placed.pointer}/{key}", f"expected no {key} {why}, found one")


def _unit(placed: Matched, definition: Definition) -> Iterator[Hit]:
    claim, units = placed.claim, definition.units
    if not units:
        yield from _absent(placed, "unit", f"of {claim.metric}, whose unit is derived")
    elif claim.unit is None:
        message = f"expected a unit of {claim.metric}, {' or '.join(units)}, found none"
        yield Hit(placed.pointer, message)
    elif claim.unit not in units:
        message = f"expected {' or '.join(units)} as unit of {claim.metric}, found {claim.unit}"
        yield Hit(f"{placed.pointer}/unit", message)


def _statistic(placed: Matched, definition: Definition) -> Iterator[Hit]:
    claim = placed.claim
    if definition.type != "distribution":
        for key in ("statistic", "level", "interpolation"):
            yield from _absent(placed, key, f"of {claim.metric}, a {definition.type}")
        return
    if claim.statistic is None:
        yield Hit(placed.pointer, f"expected a statistic of {claim.metric}, found none")
    if claim.statistic == "quantile" and claim.level is None:
        yield Hit(placed.pointer, "expected the level of the quantile, found none")
    if claim.statistic != "quantile":
        yield from _absent(placed, "level", f"of a {claim.statistic}")
    if claim.level is not None and not 0 < claim.level.value < 1:
        message = f"expected a level between 0 and 1, found {claim.level}"
        yield Hit(f"{placed.pointer}/level", message)
    if claim.statistic not in ("median", "quantile", "unstated"):
        yield from _absent(placed, "interpolation", f"of a {claim.statistic}")


def _population(placed: Matched, definition: Definition) -> Iterator[Hit]:
    population, allowed = placed.claim.population, definition.populations
    if not allowed:
        yield from _absent(placed, "population", f"of {placed.claim.metric}")
    elif population is None:
        yield Hit(placed.pointer, f"expected a population of {placed.claim.metric}, found none")
    elif population != "unstated" and population not in allowed:
        message = (
            f"expected {', '.join(sorted(allowed))} as population of {placed.claim.metric}, "
            f"found {population}"
        )
        yield Hit(f"{placed.pointer}/population", message)


def _threshold(placed: Matched) -> Iterator[Hit]:
    claim = placed.claim
    given = [key for key in ("at_radius", "at_snr_db") if getattr(claim, key) is not None]
    if claim.metric != "certified_accuracy":
        for key in given:
            yield from _absent(placed, key, f"of {claim.metric}")
    elif len(given) != 1:
        message = f"expected one of at_radius and at_snr_db, found {'both' if given else 'neither'}"
        yield Hit(placed.pointer, message)
    elif claim.at_radius is not None and claim.at_radius.value < 0:
        message = f"expected a radius of at least 0, found {claim.at_radius}"
        yield Hit(f"{placed.pointer}/at_radius", message)


def _classifier(placed: Matched, definition: Definition) -> Iterator[Hit]:
    claim, where = placed.claim, f"{placed.pointer}/classifier"
    if definition.needs_classifier and claim.classifier is None:
        yield Hit(placed.pointer, f"expected whose {claim.metric} it is (classifier), found none")
    if not definition.needs_classifier and not isinstance(placed.evaluation, Empirical):
        yield from _absent(placed, "classifier", f"of {claim.metric}")
    if claim.classifier == "defended" and _defence_of(placed.evaluation) is None:
        yield Hit(where, "expected an evaluation with a defence, found none")


def _attacked(placed: Matched, definition: Definition) -> Iterator[Hit]:
    claim, evaluation = placed.claim, placed.evaluation
    where = f"{placed.pointer}/metric"
    attacks = evaluation.attacks if isinstance(evaluation, Empirical) else []
    if definition.needs_attacks and not attacks:
        yield Hit(where, f"expected attacks behind {claim.metric}, found none")
    if definition.needs_defence and _defence_of(evaluation) is None:
        yield Hit(where, f"expected a defence behind {claim.metric}, found none")


def _defence_of(evaluation: Evaluation) -> str | None:
    return evaluation.defence if isinstance(evaluation, Empirical) else None


def _layer(placed: Matched, *, is_transcription: bool) -> Iterator[Hit]:
    if placed.evaluation.kind != "aliasing":
        yield from _absent(placed, "layer", f"of {placed.claim.metric}")
    elif placed.claim.layer is None and not is_transcription:
        yield Hit(placed.pointer, f"expected the layer of {placed.claim.metric}, found none")


def _spread(pointer: str, spread: Spread, is_plan: bool) -> Iterator[Hit]:
    ends = [end for end in (spread.low, spread.high) if end is not None]
    both = spread.value is not None and ends
    one_end = len(ends) == 1
    nothing = spread.value is None and not ends and not is_plan
    if both or one_end or nothing:
        yield Hit(pointer, "expected either a value or low and high in a spread")
    elif len(ends) == 2 and ends[0].value > ends[1].value:
        yield Hit(f"{pointer}/low", f"expected low up to high {ends[1]}, found {ends[0]}")
    if spread.value is not None and spread.value.value < 0:
        yield Hit(f"{pointer}/value", f"expected a spread of at least 0, found {spread.value}")
    if spread.level is not None and not 0 < spread.level.value < 1:
        yield Hit(f"{pointer}/level", f"expected a level between 0 and 1, found {spread.level}")
