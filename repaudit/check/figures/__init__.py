"""What the report draws: curves, histograms and counts, from the records of an audit."""

from repaudit.check.figures.figures import figures

__all__ = ["figures"]
