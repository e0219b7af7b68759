"""Every claim and every file of released counts of a results file, each with its verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from repaudit.audit.comparison import Comparison, Verdict
from repaudit.contract.base import UnstatedError
from repaudit.contract.claim import Claim
from repaudit.contract.coordinates import UnknownLocation
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results
from repaudit.evidence.tables import CertificationRecords, RadiusRecords, Records
from repaudit.metrics.context import Context, context_of
from repaudit.metrics.words import label_of, label_with_attack, unit_of_claim
from repaudit.statistics.multiplicity import holm
from repaudit.verdicts.case import Case, case_of, untested
from repaudit.verdicts.judge import Surroundings, judge
from repaudit.verdicts.margins import Margins
from repaudit.verdicts.released import LEVEL, Released, answer_released, judge_released
from repaudit.verdicts.sampling.judge import Sampled, judge_sampled, judge_sampled_records

NO_RERUN, NO_COUNTS = "no re-run", "the released counts were not read"
HOPELESS = 0.1
"""A p-value above which half the variance cannot bring it below 1 %: 2 Phi(sqrt 2 z) > .01."""
_NONE: Mapping[str, str] = MappingProxyType({})
LEADS_NOWHERE = "a name that the evaluation refers to leads nowhere"
RECORDS_LABEL = "released counts against the re-run"


@dataclass(frozen=True)
class _Counts:
    """Records, or why there are none."""

    records: Records | None
    reason: str


@dataclass(frozen=True)
class _Item:
    """A claim or a file of released counts on its way to a verdict."""

    evaluation: str
    pointer: str
    context: Context | str
    """a text when the evaluation does not say enough to have one"""
    case: Case | None = None
    released: Released | None = None
    sampled: Sampled | None = None
    """instead of a full re-run"""

    @property
    def p_value(self) -> float | None:
        source = self.case if self.case is not None else self.released
        return None if source is None else source.p_value


def compare(
    results: Results,
    *,
    recomputed: Mapping[str, Records],
    measured: Mapping[str, Records],
    margins: Margins,
    no_counts: Mapping[str, str] = _NONE,
    no_rerun: Mapping[str, str] = _NONE,
    contradicted: Mapping[str, str] = _NONE,
    sampled: Mapping[str, Sampled] = MappingProxyType({}),
    seed: int = 0,
    only: str | None = None,
) -> list[Comparison]:
    """Return one comparison per claim, and one per evaluation with released certification counts.

    They come in the order of the file, without line and column.

    ``recomputed``, ``measured``  the author's released counts and our own, by evaluation
    ``no_counts``, ``no_rerun``   why an evaluation has none of either
    ``contradicted``              by claim's pointer: a proved error of the file's own numbers
    ``sampled``                   by evaluation: the sample that stands for a full re-run
    ``seed``                      moves only simulated p-values

    ``only``                      one evaluation alone, while others are still measured

    All tests of the file are one family (Holm at 1 %); those of ``only`` one evaluation are a
    smaller one, so that their verdicts are provisional.
    """
    items = [
        item
        for number, name in enumerate(results.evaluations)
        if only is None or name == only
        for item in _items(
            results,
            name,
            _Counts(recomputed.get(name), no_counts.get(name, NO_COUNTS)),
            _Counts(measured.get(name), no_rerun.get(name, NO_RERUN)),
            sampled.get(name),
            seed + number,
        )
    ]
    adjusted = _adjusted([item.p_value for item in items])
    verdicts = {
        item.evaluation: judge_released(item.released, p)
        for item, p in zip(items, adjusted, strict=True)
        if item.released is not None
    }
    rejected = {
        name
        for name, (verdict, _) in verdicts.items()
        if verdict not in (Verdict.REPRODUCED, Verdict.NOT_CHECKED)
    }
    settled = _settled(items)
    return [
        _of_records(item, p, *verdicts[item.evaluation])
        if item.case is None
        else _of_claim(
            item,
            item.case,
            Surroundings(p, second, item.evaluation in rejected, contradicted.get(item.pointer)),
            margins,
        )
        for item, p, second in zip(items, adjusted, settled, strict=True)
    ]


def _items(
    results: Results,
    name: str,
    author: _Counts,
    ours: _Counts,
    sampled: Sampled | None,
    seed: int,
) -> list[_Item]:
    declared = results.evaluations[name]
    try:
        context: Context | str = context_of(results, name)
    except UnstatedError as error:
        context = str(error)
    except (KeyError, UnknownLocation):
        context = LEADS_NOWHERE
    items = [
        _Item(
            name,
            pointer_of(["evaluations", name, "claims", index]),
            context,
            _case(claim, context, author, ours, sampled),
            sampled=sampled,
        )
        for index, claim in enumerate(declared.claims)
    ]
    if declared.kind == "certification" and declared.evidence and isinstance(context, Context):
        pointer = pointer_of(["evaluations", name, "evidence"])
        released = _released(author, ours, context, seed)
        items.append(_Item(name, pointer, context, released=released, sampled=sampled))
    return items


def _case(
    claim: Claim, context: Context | str, author: _Counts, ours: _Counts, sampled: Sampled | None
) -> Case:
    if isinstance(context, str):
        return untested(claim, context)
    if sampled is not None and claim.metric == "clean_accuracy" and claim.classifier == "base":
        empirical = replace(context, kind="empirical")
        measured = case_of(claim, empirical, None, sampled.clean, ours.reason)
        released = case_of(claim, context, author.records, None, ours.reason)
        return replace(measured, recomputation=released.recomputation)
    return case_of(claim, context, author.records, ours.records, ours.reason)


def _released(author: _Counts, ours: _Counts, context: Context, seed: int) -> Released:
    if isinstance(author.records, RadiusRecords):
        return Released(None, "no counts: the released log has radii only")
    if not isinstance(author.records, CertificationRecords):
        return Released(None, author.reason)
    if not isinstance(ours.records, CertificationRecords):
        return Released(None, ours.reason)
    return answer_released(author.records, ours.records, context, seed)


def _adjusted(p_values: Sequence[float | None]) -> list[float | None]:
    """Return Holm's adjustment of the p-values that exist, in their places."""
    adjusted = iter(holm([p for p in p_values if p is not None]).tolist())
    return [None if p is None else next(adjusted) for p in p_values]


def _settled(items: Sequence[_Item]) -> list[bool]:
    """Return which claims Holm would reject at the variance that a second re-run would show."""
    adjusted = _adjusted([_p_of_second_run(item) for item in items])
    return [p is not None and p < LEVEL for p in adjusted]


def _p_of_second_run(item: _Item) -> float | None:
    p, tested = item.p_value, item.case.tested if item.case is not None else None
    if p is None or tested is None or p > HOPELESS:
        return p
    return tested.p_of_second_run()


def _of_claim(item: _Item, case: Case, around: Surroundings, margins: Margins) -> Comparison:
    judgement, measured = judge(case, around, margins), case.measured
    if item.sampled is not None and case.tested is None:
        sample = item.sampled.sample
        judgement, measured = judge_sampled(
            case, item.pointer, around.contradiction, sample, margins
        )
    unit = case.claim.unit or ""
    return Comparison(
        kind="claim",
        pointer=item.pointer,
        evaluation=item.evaluation,
        label=_label(item, case.claim),
        metric=case.claim.metric,
        unit=unit_of_claim(case.claim, item.context) if isinstance(item.context, Context) else unit,
        declared=case.declared,
        recomputed=case.recomputation.estimate,
        measured=measured,
        p_value=case.p_value,
        p_adjusted=around.p_adjusted,
        margin=judgement.margin,
        margin_source=judgement.source.source if judgement.source is not None else None,
        verdict=judgement.verdict,
        reason=judgement.reason,
    )


def _label(item: _Item, claim: Claim) -> str:
    if isinstance(item.context, Context):
        return label_with_attack(claim, item.context)
    return label_of(claim)


def _of_records(item: _Item, p: float | None, verdict: Verdict, reason: str) -> Comparison:
    assert item.released is not None
    p_value = item.released.p_value
    if item.sampled is not None:
        verdict, reason, p_value = judge_sampled_records(item.sampled.sample)
    return Comparison(
        kind="records",
        pointer=item.pointer,
        evaluation=item.evaluation,
        label=RECORDS_LABEL,
        metric="records",
        unit="counts",
        declared=None,
        recomputed=None,
        measured=None,
        p_value=p_value,
        p_adjusted=p,
        margin=None,
        margin_source=None,
        verdict=verdict,
        reason=reason,
    )
