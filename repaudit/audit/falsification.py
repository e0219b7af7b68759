"""Falsification: the search for a point within a certificate's ball where the class changes."""

from typing import Literal

from repaudit.audit.base import Said


class Flip(Said):
    """A point within a certified ball where the class is confirmed to be another one."""

    example_id: str
    checkpoint: str
    repeat: int
    radius: float
    """of the certificate, coordinates of the noise"""
    distance: float
    """of the point from the certified vector, below the radius; same coordinates"""
    hits: int
    """of the certificate: votes for its class"""
    draws: int
    """of the certificate"""
    class_before: int
    """the certified class"""
    class_after: int
    """most frequent class at the point"""
    confirmation_hits: int
    """votes for the certified class at the point, on fresh noise"""
    confirmation_draws: int
    upper_bound: float
    """on the certified class's probability at the point; exact, one-sided, below 1/2"""
    p_value: float = 1.0
    """how likely the certificate's count was if its class has that little at that distance"""
    refutes: bool = False
    """whether the p-value times the family is below 1 %; else it is one that alpha allows"""


class Falsification(Said):
    """The attempts on the certificates of one evaluation, or the reason why there were none."""

    evaluation: str
    status: Literal["attempted", "not_checked"]
    reason: str | None = None
    """why there was no attempt; otherwise what a reader should know about the attempts"""
    counts: Literal["released", "re-run"] | None = None
    """whose counts the certificates come from"""
    search: Literal["gradient", "directions", "both"] | None = None
    """steps along the gradient, or, where there is none, along directions of the noise"""
    deployed: bool = False
    """whether a step behind the noise measures the clean signal: the classifier attacked is the
    deployed one, to which whatever arrives is the clean signal"""
    attempts: int = 0
    """searches, several for a certificate when there are more of them than certificates"""
    examples: int = 0
    """certificates that were attacked"""
    certified: int = 0
    """certificates that the attacked ones were drawn from"""
    rows: int = 0
    """examples times runs of the evaluation, abstentions too"""
    family: float = 0.0
    """tests that all attempts of the audit amount to"""
    draws: int = 0
    """noise draws behind one step of a search"""
    forwards: int = 0
    """network forwards of search and confirmation; a step along the gradient goes back too"""
    flips: list[Flip] = []
    """the nearest one of each certificate, in the order of the attempts"""
    table_p_value: float | None = None
    """how likely that many certificates of the table are wrong"""
    refuted: bool = False
    """whether a flip refutes its certificate, or there are more flips than alpha allows"""
