"""Falsification: look within certified balls for a point where the class changes."""

from repaudit.rerun.falsify.attempt import Attempt, Certificate, Change, Effort
from repaudit.rerun.falsify.task import Target, falsify_task, looks_at_clean

__all__ = [
    "Attempt",
    "Certificate",
    "Change",
    "Effort",
    "Target",
    "falsify_task",
    "looks_at_clean",
]
