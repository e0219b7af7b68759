"""The figures of every certification: ours where we ran all of it, else the released counts'."""

from collections.abc import Sequence

import numpy as np

from repaudit.audit.curve import Curve
from repaudit.audit.figures import Figures
from repaudit.check.figures.curve import curve_of
from repaudit.check.figures.histogram import histogram_of
from repaudit.check.figures.log import curve_of_log
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
    try:
        context = context_of(results, name)
        _check_complete([r for r in (ours, theirs) if r is not None], context)
        if isinstance(ours, CertificationRecords):
            return _of_our_run(results, name, context, ours, theirs)
        return _released(results, name, context, theirs)
    except (CannotEstimate, UnstatedError) as reason:
        return Figures(evaluation=name, reason=str(reason))


def _of_our_run(
    results: Results,
    name: str,
    context: Context,
    ours: CertificationRecords,
    theirs: Records | None,
) -> Figures:
    curve = curve_of(ours, context, is_ours=True)
    return Figures(
        evaluation=name,
        curve=curve,
        released=None if theirs is None else _released_curve(theirs, context),
        marks=marks_of(results, name, curve.norm),
        histogram=histogram_of(ours, context),
        votes=vote_grid(theirs, ours) if isinstance(theirs, CertificationRecords) else None,
    )


def _released(results: Results, name: str, context: Context, theirs: Records | None) -> Figures:
    curve = _released_curve(theirs, context)
    return Figures(
        evaluation=name,
        curve=curve,
        marks=marks_of(results, name, curve.norm),
        histogram=histogram_of(theirs, context)
        if isinstance(theirs, CertificationRecords)
        else None,
    )


def _released_curve(theirs: Records | None, context: Context) -> Curve:
    if isinstance(theirs, RadiusRecords):
        return curve_of_log(theirs, context)
    assert isinstance(theirs, CertificationRecords)  # the records of a certification
    return curve_of(theirs, context, is_ours=False)


def _check_complete(found: Sequence[Records], context: Context) -> None:
    """Refuse records that are not those of all examples and runs.

    A share of the examples that happen to be there is no share of N.
    """
    sizes = [context.examples_of(checkpoint) for checkpoint in context.checkpoints]
    known = [size * context.repeats for size in sizes if size is not None]
    for records in found:
        total = sum(known) if len(known) == len(sizes) else len(records)
        if len(records) != total or not len(records):
            raise CannotEstimate(f"the records hold {len(records)} of {total} examples and runs")
        if isinstance(records, CertificationRecords) and np.any(records.draws < 1):
            raise CannotEstimate("the records hold examples without draws")
