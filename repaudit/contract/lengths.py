"""Which claims are lengths, and in which coordinates: those of two spaces do not compare."""

from collections.abc import Iterable

from repaudit.contract.coordinates import split_at, unit_of
from repaudit.contract.evaluation import Certification, Empirical, Geometry
from repaudit.contract.matching import Matched
from repaudit.contract.results import Results

_LENGTHS = {"certified_radius", "certified_snr"}

Placed = tuple[str, str | None, str]
"""What it is a length of, the coordinates (None = it compares anyway), and where it stands."""


def length_coordinates(results: Results, match: Matched) -> str | None:
    """Return the coordinates that a claim is a length in; None for what compares anyway.

    Shares compare, and so do radii pulled back to the recording; a share at a threshold is of the
    threshold's coordinates.
    """
    claim, evaluation = match.claim, match.evaluation
    if isinstance(evaluation, Empirical) and claim.metric == "perturbation_norm":
        return _threat_coordinates(results, evaluation)
    # At radius 0 every coordinate system has the same examples certified.
    has_threshold = claim.at_snr_db is not None or (
        claim.at_radius is not None and claim.at_radius.value > 0
    )
    return noise_coordinates(results, match) if claim.metric in _LENGTHS or has_threshold else None


def noise_coordinates(results: Results, match: Matched) -> str | None:
    """Return the coordinates that an evaluation's sigma is a length in, None without noise."""
    evaluation = match.evaluation
    if not isinstance(evaluation, Certification | Geometry):
        return None
    contract = results.contracts[evaluation.contract]
    steps, _ = split_at(results.pipelines[contract.pipeline], contract.perturbation.location)
    return f"{contract.object} ({unit_of(results.data[evaluation.data], steps)})"


def first_mixed(lengths: Iterable[Placed]) -> tuple[str, Placed, Placed] | None:
    """Return the first two lengths of one thing in two coordinate systems; None if all agree."""
    first: dict[str, Placed] = {}
    for length in lengths:
        what, coordinates, _ = length
        if coordinates is None:
            continue
        known = first.setdefault(what, length)
        if known[1] != coordinates:
            return what, known, length
    return None


def _threat_coordinates(results: Results, evaluation: Empirical) -> str | None:
    model = evaluation.threat_model
    if model is None or "unstated" in (model.norm, model.location):
        return None
    steps, _ = split_at(results.pipelines[evaluation.pipeline], model.location)
    return f"{model.norm} of {unit_of(results.data[evaluation.data], steps)}"
