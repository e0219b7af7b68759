"""What is said about a released log of radii, in words and numbers."""

from repaudit.audit.finding import Certainty, Severity
from repaudit.rules._explain_radius import Explanation
from repaudit.rules._logs import Judged
from repaudit.rules._radius_faults import weaker_at
from repaudit.rules._released import evidence_of
from repaudit.rules._rule import Case, Hit

Numbers = dict[str, str | int | float | bool | None]


def misfit(case: Case, log: Judged) -> Hit:
    """Return the finding about radii that no count of the declared setting gives."""
    where = evidence_of(log.evaluation_id)
    given = f"some count of {log.setting.n} gives at alpha = {log.setting.alpha:g}"
    found = f"{log.misfits} of {log.radii} that none does, the first in line {log.line}"
    message = f"expected radii that {given}, found {found}"
    evidence: Numbers = {"radii": log.radii, "off_grid": log.misfits, "line": log.line}
    if log.others:
        message += f"; all fit {log.others[0].by}"
        evidence |= _explained(log.others[0])
    severity, certainty = weaker_at(case, where, log.evaluation_id, log.evaluation, log.severity)
    return Hit(where, message, evidence, severity, certainty)


def of_other(log: Judged) -> Hit:
    """Return the finding about a log that a much sparser setting explains as well."""
    other = log.others[0]
    message = f"expected radii that {other.by} does not give, found all {log.radii} to be its"
    evidence = {"radii": log.radii, **_explained(other)}
    where = evidence_of(log.evaluation_id)
    return Hit(where, message, evidence, Severity.WARNING, Certainty.LIKELY)


def undecided(log: Judged) -> Hit:
    """Return the note about a log whose digits fit the declared setting and others alike."""
    alphas = [other.by for other in log.others if other.changed in ("alpha", "side")]
    too = ", ".join(alphas) or log.others[0].by
    message = (
        "expected digits that tell the declared setting from others, "
        f"found {log.radii} radii that all fit {too} too"
    )
    evidence: Numbers = {"radii": log.radii, "settings": len(log.others) + 1}
    return Hit(evidence_of(log.evaluation_id), message, evidence, Severity.NOTE)


def _explained(other: Explanation) -> Numbers:
    return {"explained_by": other.by, "chance": _chance(other)}


def _chance(explanation: Explanation) -> float:
    return float(f"{explanation.chance:.2g}")
