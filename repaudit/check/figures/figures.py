"""The figures of every certification: ours where we ran all of it, else the released counts'."""

import numpy as np

from repaudit.audit.figures import Figures
from repaudit.check.figures.curve import curve_of
from repaudit.check.figures.histogram import histogram_of
from repaudit.check.figures.marks import marks_of
from repaudit.check.figures.vote_grid import vote_grid
from repaudit.check.find import Found
from repaudit.contract.base import UnstatedError
from repaudit.contract.evaluation import Certification
from repaudit.contract.results import Results
from repaudit.evidence.tables import CertificationRecords, RadiusRecords, Records
from repaudit.metrics.base import CannotEstimate
from repaudit.metrics.context import Context, context_of


def figures(results: Results, found: Found) -> list[Figures]:
    """Return the figures of every certification with counts, or why there are none.

    Evaluations without any counts are left out: that is said where they are listed as not run.
    """
    names = [n for n, e in results.evaluations.items() if isinstance(e, Certification)]
    drawn = (_of(results, name, found) for name in names)
    return [figure for figure in drawn if figure is not None]


def _of(results: Results, name: str, found: Found) -> Figures | None:
    ours, theirs = found.measured.get(name), found.recomputed.get(name)
    if ours is None and theirs is None:
        return None
    if ours is None and isinstance(theirs, RadiusRecords):
        return Figures(evaluation=name, reason="a log of radii holds no counts")
    try:
        context = context_of(results, name)
        mine = _complete(ours, context) if ours is not None else None
        released = _complete(theirs, context) if theirs is not None else None
        return _drawn(results, name, context, mine, released)
    except (CannotEstimate, UnstatedError) as reason:
        return Figures(evaluation=name, reason=str(reason))


def _drawn(
    results: Results,
    name: str,
    context: Context,
    ours: CertificationRecords | None,
    theirs: CertificationRecords | None,
) -> Figures:
    main = ours if ours is not None else theirs
    if main is None:
        raise CannotEstimate("the released log has radii and no counts")
    curve = curve_of(main, context, is_ours=ours is not None)
    beside = theirs if ours is not None else None
    return Figures(
        evaluation=name,
        curve=curve,
        released=None if beside is None else curve_of(beside, context, is_ours=False),
        marks=marks_of(results, name, curve.norm),
        histogram=histogram_of(main, context),
        votes=None if beside is None else vote_grid(beside, main),
    )


def _complete(records: Records, context: Context) -> CertificationRecords | None:
    """Return the counts of all examples and runs; None for a log that has none.

    Raises ``CannotEstimate`` when some are missing: a share of the examples that happen to be
    there is no share of N.
    """
    if not isinstance(records, CertificationRecords):
        return None
    sizes = [context.examples_of(checkpoint) for checkpoint in context.checkpoints]
    expected = [size * context.repeats for size in sizes if size is not None]
    total = sum(expected) if len(expected) == len(sizes) else len(records)
    if len(records) != total or not len(records):
        raise CannotEstimate(f"the records hold {len(records)} of {total} examples and runs")
    if np.any(records.draws < 1):
        raise CannotEstimate("the records hold examples without draws")
    return records
