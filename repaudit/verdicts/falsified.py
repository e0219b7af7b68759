"""What attempts on certificates come to: which flips refute, and the level L5."""

from collections.abc import Sequence

from repaudit._core.text import count
from repaudit.audit.audit import Level
from repaudit.audit.falsification import Falsification, Flip
from repaudit.contract.results import Results
from repaudit.statistics.falsification import (
    certificate_p_value,
    is_refuted,
    is_table_refuted,
    table_p_value,
)
from repaudit.verdicts.levels import rung


def judge_falsification(
    found: Falsification, sigma: float, alpha: float, error: float, tables: int
) -> Falsification:
    """Return the attempts with what their flips mean.

    ``error`` is that of each confirmation, ``tables`` the number of evaluations attacked. A flip
    may be one of the wrong certificates that alpha allows; one whose count is too unlikely for
    that, among all attempts of the audit, refutes its certificate, and too many of them refute
    the table.
    """
    if found.status == "not_checked":
        return found
    flips = [_judged(flip, sigma, error, found.family) for flip in found.flips]
    p_table = table_p_value(len(flips), max(found.rows, len(flips)), alpha, error)
    refuted = any(flip.refutes for flip in flips) or is_table_refuted(p_table, tables)
    update = {"flips": flips, "table_p_value": p_table, "refuted": refuted}
    return found.model_copy(update=update)


def survived(results: Results, falsifications: Sequence[Falsification]) -> Level:
    """Return L5 after the attempts of an audit."""
    wanted = [name for name, e in results.evaluations.items() if e.kind == "certification"]
    if not wanted:
        return rung("L5", "not_applicable", "no certificate is claimed")
    if refuted := [found.evaluation for found in falsifications if found.refuted]:
        return rung("L5", "failed", f"certificates are refuted in {', '.join(refuted)}")
    by_name = {found.evaluation: found for found in falsifications}
    for name in wanted:
        found = by_name.get(name)
        if found is None or found.status == "not_checked":
            reason = "no falsification was run" if found is None else found.reason
            return rung("L5", "not_checked", f"{name}: {reason}")
    attempts = sum(found.attempts for found in falsifications)
    if attempts == 0:
        return rung("L5", "not_checked", "no example is certified")
    attacked = count(sum(found.examples for found in falsifications), "certificate")
    flips = sum(len(found.flips) for found in falsifications)
    words = f"{count(flips, 'flip')}, no more than alpha allows," if flips else "no flip"
    return rung("L5", "passed", f"{words} in {count(attempts, 'attempt')} on {attacked}")


def _judged(flip: Flip, sigma: float, error: float, family: float) -> Flip:
    p_value = certificate_p_value(flip.hits, flip.draws, flip.distance / sigma, error)
    return flip.model_copy(
        update={"p_value": p_value, "refutes": is_refuted(p_value, family)},
    )
