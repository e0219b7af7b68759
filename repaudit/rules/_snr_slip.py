"""Which slip of the pen would explain an SNR that its norm and radius do not give.

Units
    SNR in dB; every slip is a factor in the logarithm, or another one in front of it.
"""

from collections.abc import Iterator
from math import log, log10

from repaudit.rules._quantity import interval_of
from repaudit.rules._snr import FLOAT_DB, Row, db, floats

Slip = tuple[str, float, float]
"""What was done, smallest and largest SNR that it gives, dB."""


def slip_of(row: Row) -> str | None:
    """Return the first slip that gives the printed digits; None when none does."""
    printed = interval_of(row.snr.claim)
    if printed is None:
        return None
    low, high = floats(printed)
    for words, least, most in _slips(row):
        if low <= most + FLOAT_DB and high >= least - FLOAT_DB:
            return words
    return None


def _slips(row: Row) -> Iterator[Slip]:
    """Yield what each slip would print, for the radius of the row or else its ceiling."""
    norm, sigma = row.level.norm, float(row.evaluation.sigma)
    assert norm is not None
    right = _snrs(row, norm)
    if right is not None:
        least, most = right
        per_sample = 20 * log10(norm / row.level.rms)
        natural = log(10)
        yield "10 log10 of an amplitude ratio instead of 20 log10", least / 2, most / 2
        yield _shifted("the RMS for the norm, but the whole radius", right, -per_sample)
        yield _shifted("the radius per sample, but the whole norm", right, per_sample)
        yield "the radius over the norm (the sign)", -most, -least
        yield "the natural logarithm", least * natural, most * natural
        yield _shifted("two channels for one", right, 10 * log10(2))
        yield _shifted("one channel for two", right, -10 * log10(2))
    for words, reference in (("the norm over sigma", norm), ("the RMS over sigma", row.level.rms)):
        yield words + " instead of the radius", db(reference, sigma), db(reference, sigma)


def _shifted(words: str, right: tuple[float, float], by: float) -> Slip:
    return words, right[0] + by, right[1] + by


def _snrs(row: Row, norm: float) -> tuple[float, float] | None:
    """Return the SNRs that the printed median radius means."""
    printed = None if row.radius is None else interval_of(row.radius.claim)
    if printed is None:
        return None
    low, high = floats(printed)
    return (db(norm, high), db(norm, low)) if low > 0 else None
