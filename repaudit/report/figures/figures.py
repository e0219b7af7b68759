"""All figures of an audit, evaluation by evaluation."""

from dataclasses import dataclass

from repaudit.audit.audit import Audit
from repaudit.audit.figures import Figures
from repaudit.report.figures.curve import CurveView, curve_view
from repaudit.report.figures.histogram import HistogramView, histogram_view
from repaudit.report.figures.votes import VotesView, votes_view


@dataclass(frozen=True)
class FigureView:
    """What is drawn of one certification."""

    evaluation: str
    reason: str | None
    curve: CurveView | None
    histogram: HistogramView | None
    votes: VotesView | None


def figure_views(audit: Audit) -> list[FigureView]:
    """Return the figures of every certification that has counts."""
    return [_view(audit, figures) for figures in audit.figures]


def _view(audit: Audit, figures: Figures) -> FigureView:
    return FigureView(
        evaluation=figures.evaluation,
        reason=figures.reason,
        curve=curve_view(audit, figures),
        histogram=histogram_view(figures),
        votes=votes_view(figures),
    )
