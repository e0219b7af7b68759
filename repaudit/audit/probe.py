"""A probe: one question put to a pipeline and its network before its certificates are believed."""

from typing import Literal

from repaudit.audit.base import Said

JUDGED_BY = ("RA611", "RA614", "RA618", "RA710", "RA711", "RA715", "RA716", "RA91", "RA92")
"""Beginnings of the codes of the rules that judge what was measured, and nothing else."""


class Probe(Said):
    """What a probe measured; a rule judges the numbers."""

    name: str
    """what was asked, such as ``batch_dependence``; the file name of the probe"""
    evaluation: str
    checkpoint: str | None
    """null for a question that no network is part of"""
    status: Literal["asked", "not_checked"]
    reason: str | None = None
    """why it was not asked"""
    numbers: dict[str, float | int | str | bool | None] = {}
    """what was measured, by name"""
    forwards: int = 0
