"""What no certification table may leave out."""

from dataclasses import dataclass

from repaudit.contract.claim import Claim
from repaudit.contract.coordinates import split_at, unit_of
from repaudit.contract.evaluation import Certification
from repaudit.contract.results import Results
from repaudit.tables.cell import cell_text
from repaudit.tables.words import claim_words, function_words, gain_policy

MISSING = "not reported"
_PREFERRED = (("median", "all"), ("mean", "all"), ("median", "certified"))
"""Which of several claimed radii or SNRs stands in the forced column."""


@dataclass(frozen=True)
class Coordinates:
    """What the radii of an evaluation are measured in."""

    object: str
    unit: str

    def __str__(self) -> str:
        return f"{self.object} ({self.unit})"


@dataclass(frozen=True)
class Facts:
    """The forced columns of one evaluation, as text."""

    object: str
    location: str
    gain: str
    sigma: str
    function: str


def coordinates_of(results: Results, evaluation: Certification) -> Coordinates:
    """Return the certified object and the unit of the coordinates the noise is added to."""
    contract = results.contracts[evaluation.contract]
    rho, _ = split_at(results.pipelines[contract.pipeline], contract.perturbation.location)
    return Coordinates(contract.object, unit_of(results.data[evaluation.data], rho))


def facts_of(results: Results, evaluation: Certification) -> Facts:
    """Return what has to stand beside every certificate of an evaluation."""
    contract = results.contracts[evaluation.contract]
    location = contract.perturbation.location
    rho, _ = split_at(results.pipelines[contract.pipeline], location)
    return Facts(
        object=contract.object,
        location={"input": "the input", "network_input": "the network's input"}.get(
            location, f"after {location}"
        ),
        gain=gain_policy(rho),
        sigma=str(evaluation.sigma),
        function=function_words(contract.transform),
    )


def scale_text(evaluation: Certification, metric: str) -> str:
    """Return the claimed radius or SNR with its definition, or that none is reported."""
    claim = preferred(evaluation, metric)
    return MISSING if claim is None else f"{cell_text(claim)} ({_definition(claim)})"


def preferred(evaluation: Certification, metric: str) -> Claim | None:
    """Return the claim of a metric that stands for the evaluation: median over all first."""
    claims = [c for c in evaluation.claims if c.metric == metric and c.checkpoint is None]
    claims = claims or [c for c in evaluation.claims if c.metric == metric]
    ranked = sorted(claims, key=_rank)
    return ranked[0] if ranked else None


def _rank(claim: Claim) -> int:
    kind = (claim.statistic, claim.population)
    return _PREFERRED.index(kind) if kind in _PREFERRED else len(_PREFERRED)


def _definition(claim: Claim) -> str:
    words = claim_words(claim).replace(" R ", " ").replace(" SNR ", " ")
    return words if claim.checkpoint is None else f"{words}, {claim.checkpoint}"
