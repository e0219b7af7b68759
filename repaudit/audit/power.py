"""What an audit of a file could detect, said before it is run."""

from repaudit.audit.base import Said


class Answer(Said):
    """What could be said about one claim under one assumption on the examples."""

    assumption: str
    """SC, ESC, HARD, or ``released counts``"""
    expected: float | None = None
    """the number itself, in the claim's unit; null where the assumption does not tell"""
    detected: float | None = None
    """smallest overstatement that is detected, in the row's unit; null with a reason"""
    margin_at_best: float | None = None
    """smallest materiality with which the claim can be called reproduced, in the row's unit: the
    99 % half-width of honest values, for a re-run that gives the declared number"""
    margin_likely: float | None = None
    """the same for nine honest reports in ten"""
    reason: str | None = None
    """why something is not said"""


class PowerRow(Said):
    """One claim."""

    pointer: str
    label: str
    unit: str
    """points, % of the value, or dB"""
    answers: list[Answer]
    """empty when the claim is not tested; the reason says why"""
    reason: str | None = None


class Cost(Said):
    """Forwards of the audits of one evaluation."""

    assumption: str
    full: int
    """every example at all draws"""
    sampled: int | None
    """of a risk-limiting audit, expected for an honest table; null with a reason"""
    examples: int | None = None
    """that it looks at"""
    draws: int | None = None
    """per example, on average"""
    reason: str | None = None


class PowerTable(Said):
    """One evaluation."""

    evaluation: str
    words: str
    """examples, draws and runs"""
    rows: list[PowerRow]
    costs: list[Cost]
    reason: str | None = None
    """why nothing can be said of the whole evaluation"""


class Power(Said):
    """What an audit of one results file could detect."""

    path: str
    sha256: str
    title: str
    tests: int
    """in the family of the file, over which Holm is taken"""
    level: float
    power: float
    margin: float
    """materiality of accuracies, points: what a risk-limiting audit confirms"""
    assumptions: list[str]
    tables: list[PowerTable]
