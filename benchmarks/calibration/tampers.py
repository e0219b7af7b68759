"""Ways in which a table is untrue, each with how large the lie is."""

from dataclasses import dataclass

from benchmarks.calibration.reports import Conduct


@dataclass(frozen=True)
class Tamper:
    """One lie."""

    kind: str
    amount: str
    """how large it is, in words; empty where there is only one size"""
    conduct: Conduct

    @property
    def name(self) -> str:
        """The lie in words."""
        return f"{self.kind} {self.amount}".strip()


def _points(is_all: bool) -> list[Tamper]:
    kind = "every certified accuracy" if is_all else "positive-radius accuracy"
    return [
        Tamper(kind, f"+{points:g} points", Conduct(points=points, raises_all=is_all))
        for points in (0.2, 0.5, 1.0, 2.0, 5.0)
    ]


def _drifts(*sds: float) -> list[Tamper]:
    words = "every margin moved at random,"
    return [Tamper(words, f"sd {sd:g}", Conduct(drift=sd)) for sd in sds]


TAMPERS = (
    *_points(True),
    *_points(False),
    *(
        Tamper(
            "less noise than declared,", f"sigma / {1 + error:g}", Conduct(noise=1 / (1 + error))
        )
        for error in (0.01, 0.05, 0.1, 0.5)
    ),
    *(
        Tamper(
            "run at another sigma,",
            f"{100 * error:+g} %",
            Conduct(noise=1 + error, scale=1 + error),
        )
        for error in (-0.05, -0.01, 0.01, 0.05)
    ),
    Tamper("alpha .05, said .001", "", Conduct(alpha=0.05)),
    Tamper("n = 1000, said 10 000", "", Conduct(n=1000)),
    Tamper("n = 1000, counts times 10", "", Conduct(n=1000, times=10)),
    Tamper("abstentions counted as correct", "", Conduct(counts_abstentions=True)),
    *(
        Tamper(
            "another pipeline flips", f"{100 * share:g} % of the examples", Conduct(hidden=share)
        )
        for share in (0.002, 0.005, 0.01, 0.02, 0.05)
    ),
    Tamper("class selected on the certification draws", "", Conduct(reuses_n0=True)),
    Tamper("best of 20 noise seeds", "", Conduct(best_of=20)),
)
"""Lies about a table."""

RECORD_TAMPERS = (
    *(
        Tamper(
            "less noise than declared,", f"sigma / {1 + error:g}", Conduct(noise=1 / (1 + error))
        )
        for error in (0.01, 0.02, 0.05)
    ),
    Tamper("n = 1000, counts times 10", "", Conduct(n=1000, times=10)),
    Tamper("counts copied from the run that is compared with", "", Conduct(copies=True)),
    Tamper("counts of", "10 examples forged", Conduct(forged=10)),
    Tamper("another pipeline flips", "1 % of the examples", Conduct(hidden=0.01)),
    *_drifts(0.005, 0.02, 0.05),
    Tamper("class selected on the certification draws", "", Conduct(reuses_n0=True)),
)
"""Lies that released counts show, and drifts that other hardware may cause."""
DRIFTS = tuple(_drifts(0.005, 0.02))
"""What other hardware may do to an honest author."""
