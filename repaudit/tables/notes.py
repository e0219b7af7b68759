"""The footnote of a certification table: what the numbers mean and how they were made."""

from collections.abc import Iterator, Sequence

from repaudit.contract.claim import Claim
from repaudit.contract.evaluation import Certification, Empirical
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results
from repaudit.tables.attacks import attack_notes
from repaudit.tables.facts import Coordinates
from repaudit.tables.words import BOUNDS, POPULATIONS, ROUNDINGS, claim_words, metric_words

PICKED = "The extreme of several settings was chosen on the test set."
_BLIND = frozenset({"base", "surrogate"})
"""Targets of an attack that cannot have seen a defence."""
APART = "Radii, SNRs and sigmas of different coordinates are not compared; shares at R > 0 are."
IDENTITY = "f: the network with the steps after the noise."
COMPOSED = "f∘T: the certified function is f after T, not f; T is applied to the noisy input."


def notes_of(
    results: Results, shown: Sequence[Matched], coordinates: Sequence[Coordinates], picked: bool
) -> tuple[str, ...]:
    """Return the notes under a table that shows these claims."""
    certified = _certifications(shown)
    claims = [matched.claim for matched in shown]
    notes = [_object_note(kind) for kind in coordinates]
    notes += [APART] if len(coordinates) > 1 else []
    notes += _function_notes(results, certified) if coordinates else []
    notes += _each(_sampling_note(results, e) for e in certified.values())
    notes += _each(_invalid_note(results, e) for e in certified.values())
    notes += _each(note for m in shown if (note := _transfer_note(results, m)))
    notes += _each(f"{POPULATIONS[c.population]}." for c in claims if c.population in POPULATIONS)
    notes += _by_metric("rounded", [(ROUNDINGS[c.rounding], c.metric) for c in claims])
    notes += _by_metric("across runs", [(c.across, c.metric) for c in claims if c.across])
    notes += attack_notes(results, shown)
    notes += _each(_spread_note(c) for c in claims if c.spread is not None)
    return tuple([*notes, PICKED] if picked else notes)


def _certifications(shown: Sequence[Matched]) -> dict[str, Certification]:
    return {m.evaluation_id: m.evaluation for m in shown if isinstance(m.evaluation, Certification)}


def column_note(header: str, shown: Sequence[Matched]) -> str:
    """Return what the claims of an author's column are, in our words."""
    return f"{header}: {'; '.join(dict.fromkeys(claim_words(m.claim) for m in shown))}."


def _each(notes: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(notes))


def _object_note(coordinates: Coordinates) -> str:
    note = f"R: L2 radius in the coordinates the noise was added to ({coordinates.unit})."
    if coordinates.object == "waveform":
        return note
    return f"{note} It certifies the {coordinates.object}, not the recording."


def _function_notes(results: Results, certified: dict[str, Certification]) -> list[str]:
    composed = [bool(results.contracts[e.contract].transform) for e in certified.values()]
    return ([IDENTITY] if not all(composed) else []) + ([COMPOSED] if any(composed) else [])


def _sampling_note(results: Results, evaluation: Certification) -> str:
    sampling = results.sampling[evaluation.sampling]
    return (
        f"n0 = {sampling.n0}, n = {sampling.n}, alpha = {sampling.alpha} per example, "
        f"{BOUNDS[sampling.bound]}, selection {sampling.selection}."
    )


def _invalid_note(results: Results, evaluation: Certification) -> str:
    examples = results.data[evaluation.data].examples
    alpha = results.sampling[evaluation.sampling].alpha
    if isinstance(examples, str) or isinstance(alpha, str):
        return "Invalid certificates to expect: unknown, N or alpha is unstated."
    expected = float(examples * alpha.value)
    return (
        f"Of N = {examples} certificates, N·alpha = {expected:.4g} are expected to be invalid "
        "at worst."
    )


def _transfer_note(results: Results, matched: Matched) -> str | None:
    """Say of a number of a defence that no attack behind it saw the defence."""
    evaluation, metric = matched.evaluation, matched.claim.metric
    if not isinstance(evaluation, Empirical) or evaluation.defence is None:
        return None
    is_of_defence = metric == "defence_rate" or matched.claim.classifier == "defended"
    targets = {results.attacks[name].target for name in evaluation.attacks}
    if not targets or not is_of_defence or not targets <= _BLIND:
        return None
    return (
        f"{metric_words(metric)}: transfer only. No attack saw the defence; a diagnostic, "
        "not robustness."
    )


def _by_metric(what: str, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Return one note that says for every way of doing ``what`` which metrics were done so."""
    ways: dict[str, dict[str, None]] = {}
    for way, metric in pairs:
        ways.setdefault(way, {})[metric_words(metric)] = None
    texts = [f"{way} ({', '.join(metrics)})" for way, metrics in ways.items()]
    return [f"{what}: {'; '.join(texts)}."] if texts else []


def _spread_note(claim: Claim) -> str:
    assert claim.spread is not None
    spread = claim.spread
    sign = "±" if spread.value is not None else "[low, high]"
    ddof = "" if spread.ddof is None else f", ddof {spread.ddof}"
    level = "" if spread.level is None else f", level {spread.level}"
    return f"{sign}: {spread.statistic} over {spread.over}{ddof}{level}."
