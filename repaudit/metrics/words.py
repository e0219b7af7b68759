"""A claim's quantity and unit in words."""

from repaudit.contract.claim import Claim
from repaudit.metrics.context import Context
from repaudit.metrics.registry import metrics

_NAMES = {
    "d_geom": "D_geom",
    "certified_snr": "certified SNR",
    "am": "AM",
    "am_relative": "relative AM",
    "alias_db": "alias level",
}
_POPULATIONS = {
    "all": "all",
    "certified": "certified",
    "certified_correct": "certified and correct",
    "correct": "correctly classified",
    "adversarial": "adversarial",
}


def label_of(claim: Claim) -> str:
    """Return the quantity, with statistic, threshold, population, classifier and run.

    >>> from repaudit.contract.claim import Claim
    >>> label_of(Claim(metric="certified_accuracy", at_radius=0, unit="percent"))
    'positive-radius accuracy'
    >>> label_of(Claim(metric="certified_radius", statistic="median", population="all"))
    'median certified radius over all'
    """
    words = [*_statistic(claim), _name(claim)]
    if claim.classifier is not None:
        words.append(f"of the {claim.classifier} classifier")
    if claim.at_radius is not None and claim.at_radius.value != 0:
        words.append(f"at radius {claim.at_radius}")
    if claim.at_snr_db is not None:
        words.append(f"at {claim.at_snr_db} dB")
    if claim.population is not None and claim.population != "unstated":
        words.append(f"over {_POPULATIONS[claim.population]}")
    if claim.layer is not None:
        words.append(f"of {claim.layer}")
    tail = f", checkpoint {claim.checkpoint}" if claim.checkpoint is not None else ""
    if claim.across is not None and claim.across != "unstated":
        tail += f", {'pooled' if claim.across == 'pooled' else claim.across} over runs"
    return " ".join(words) + tail


def label_with_attack(claim: Claim, context: Context) -> str:
    """Return the quantity, and of a defended network whether any attack saw the defence.

    A number of a defence says nothing without it, so that it stands wherever the number does.
    """
    of_defence = claim.metric == "defence_rate" or (
        claim.metric in ("attacked_accuracy", "attack_success_rate")
        and claim.classifier == "defended"
    )
    if not of_defence or context.attacks is None:
        return label_of(claim)
    kind = "adaptive" if context.attacks.sees_defence else "transfer"
    return f"{label_of(claim)}, {kind} attack"


def unit_of_claim(claim: Claim, context: Context) -> str:
    """Return percent, fraction, dB, ratio, or the coordinates of the contract in words."""
    if claim.unit is not None:
        return claim.unit
    metric = metrics().get(claim.metric)
    if metric is None or metric.unit == "share":
        return "dB" if claim.metric == "alias_db" else ""
    if claim.metric == "recording_radius":
        return "full-scale amplitude"
    return context.unit if metric.unit == "coordinates" else metric.unit


def _name(claim: Claim) -> str:
    if claim.metric == "certified_accuracy" and claim.at_radius and claim.at_radius.value == 0:
        return "positive-radius accuracy"
    return _NAMES.get(claim.metric, claim.metric.replace("_", " "))


def _statistic(claim: Claim) -> list[str]:
    if claim.statistic is None or claim.statistic == "unstated":
        return []
    if claim.statistic == "quantile":
        return [f"quantile {claim.level} of the" if claim.level is not None else "quantile of the"]
    return [claim.statistic]
