"""What an audit of a file could detect, and what it would cost: said before anything runs."""

from repaudit.check.power.analysis import power, tests_of

__all__ = ["power", "tests_of"]
