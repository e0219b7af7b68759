"""Narrow arithmetic erases noise or moves votes.

Why
---
A coordinate of size 1 in bfloat16 moves in steps of 0.0078: noise of 0.0025 is rounded away on a
quarter of the samples or more, and the rest is no longer Gaussian. A network in a narrow type
votes differently from its float32 self; once enough draws differ to move k, the declared type is
part of what is certified, and a reader must know.

Bad
---
    {"x-probes": [{"name": "noise", "evaluation": "spoken-words", "checkpoint": "seed0",
       "status": "asked", "numbers": {"lost": 0.27, "significant_bits": 8,
       "rounding_over_sigma": 0.6}}]}

Good
----
    {"x-probes": [{"name": "noise", "evaluation": "spoken-words", "checkpoint": "seed0",
       "status": "asked", "numbers": {"lost": 0.00002, "significant_bits": 24,
       "rounding_over_sigma": 0.000007}}]}

References
----------
IEEE 754; the standard, section 1: the dtype of the addition.
"""

from collections.abc import Iterator

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._asked import Asked, asked
from repaudit.rules._noise import LOST
from repaudit.rules._rule import Case, Hit, rule


@rule(severity=Severity.WARNING, certainty=Certainty.LIKELY, requires=("RA041", "RA047"))
def check(case: Case) -> Iterator[Hit]:
    """Yield noise that rounding took away, and networks whose votes it moved."""
    for noise in asked(case, "noise"):
        if noise.exceeds("lost", LOST):
            bits = noise.probe.numbers.get("significant_bits")
            message = (
                f"{noise.who}expected noise that moves every coordinate, found "
                f"{_percent(noise, 'lost')} rounded away at {bits} significant bits"
            )
            evidence = noise.evidence("lost", "significant_bits", "rounding_over_sigma")
            yield Hit(noise.pointer, message, evidence)
    for network in asked(case, "precision"):
        yield from _votes(case, network)


def _votes(case: Case, network: Asked) -> Iterator[Hit]:
    keys = ("votes_differ", "rows", "share_low", "share_high", "noise_absorbed")
    evidence = network.evidence(*keys)
    at_input = network.probe.numbers.get("noise_at_input") is True
    if at_input and network.exceeds("noise_absorbed", LOST):
        message = f"{network.who}expected a type of the network's input that holds the noise, found"
        share = _percent(network, "noise_absorbed")
        yield Hit(network.pointer, f"{message} {share} of it rounded away", evidence)
    draws = case.results.sampling[network.evaluation.sampling].n
    low = network.number("share_low")
    if isinstance(draws, int) and low is not None and low * draws >= 1.0:
        message = (
            f"{network.who}expected the votes of the network in float32, found another one on "
            f"{_percent(network, 'share_low')} to {_percent(network, 'share_high')} of the draws"
        )
        yield Hit(network.pointer, message, evidence)


def _percent(one: Asked, key: str) -> str:
    return f"{100 * (one.number(key) or 0.0):.2g} %"
