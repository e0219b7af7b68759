"""What one attacked evaluation measured beyond its evidence: numbers, and answers for the rules."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from repaudit.audit.probe import Probe
from repaudit.evidence.join import take
from repaudit.evidence.tables import EmpiricalRecords
from repaudit.metrics.attacked import Outcomes, outcomes_of
from repaudit.rerun.attacks.block import Setup
from repaudit.rerun.attacks.sanity import NOT_ASKED, VARIATIONS
from repaudit.rerun.attacks.settings import Settings
from repaudit.rerun.journal import Columns
from repaudit.statistics.binomial import clopper_pearson_two_sided

CONFIDENCE = 0.95
Numbers = dict[str, float | None]
Answers = dict[str, float | int | str | bool | None]


def numbers_of(columns: Columns, records: EmpiricalRecords, setup: Setup) -> Numbers:
    """Return means over the repeats, by name; None where a number does not exist.

    Accuracies are shares of all examples; the worst case is over all attacks and, once one of
    them saw the defence, over the clean input too.
    """
    found: Numbers = {}
    if setup.defence is not None:
        found |= _cost(columns, setup)
        found["domains disagree, clean"] = float(np.mean(columns["disagree_clean"]))
    if not setup.panel:
        return found
    for settings in setup.panel:
        found |= _of_attack(columns, records, settings, setup)
    sees = any(settings.target == "defended" for settings in setup.panel)
    found |= _together(records, setup, sees)
    return found | _seen_by_ours(columns)


def _seen_by_ours(columns: Columns) -> Numbers:
    """Return what our own attack on the defence leaves of the few examples it was put to."""
    survived = columns["adaptive"][columns["adaptive"] != NOT_ASKED]
    if not survived.size:
        return {}
    name = f"defended accuracy under our EOT-PGD (adaptive), first {survived.size} examples"
    return {name: float(np.mean(survived))}


def _cost(columns: Columns, setup: Setup) -> Numbers:
    assert setup.defence is not None  # the caller has one
    plain, averaged = float(np.sum(columns["plain_s"])), float(np.sum(columns["averaged_s"]))
    return {
        "forwards per defended prediction": float(setup.defence.points),
        "time of a defended prediction, in plain ones": averaged / plain if plain > 0 else None,
    }


def _of_attack(
    columns: Columns, records: EmpiricalRecords, settings: Settings, setup: Setup
) -> Numbers:
    mine = columns["attack"] == settings.id
    kept = columns["kept"][mine]
    part = take(records, mine)
    sees = settings.target == "defended"
    found: Numbers = {
        f"{settings.id}: base accuracy": _mean(part, sees, lambda o: o.base_attacked),
    }
    if setup.defence is not None:
        found[f"{settings.id}: defended accuracy"] = _mean(
            part, sees, lambda o: o.defended_attacked
        )
        found[f"{settings.id}: domains disagree, attacked"] = _share(
            columns["disagree_attacked"][mine], kept
        )
    if settings.epsilon > 0:
        lengths = columns["length"][mine][kept] / settings.epsilon
        found[f"{settings.id}: median length / epsilon"] = _median(lengths)
    with np.errstate(divide="ignore"):
        snr = 20 * np.log10(columns["norm"][mine][kept] / columns["moved_l2"][mine][kept])
    found[f"{settings.id}: median SNR, dB"] = _median(snr[np.isfinite(snr)])
    unconfirmed = columns["claimed"][mine] & ~kept
    found[f"{settings.id}: claimed and dropped"] = float(np.sum(unconfirmed)) / _repeats(records)
    return found


def _together(records: EmpiricalRecords, setup: Setup, sees: bool) -> Numbers:
    """Return the counts of the whole panel; the defence rate with its interval."""
    found: Numbers = {"adversarial examples": _mean(records, sees, lambda o: o.adversarial, np.sum)}
    if setup.defence is None:
        return found
    found["defended accuracy, worst case"] = _mean(records, sees, lambda o: o.defended_attacked)
    runs = [outcomes_of(run, sees_defence=sees) for run in _runs(records)]
    count = sum(int(run.adversarial.sum()) for run in runs)
    hits = sum(int((run.adversarial & run.attacked_of("defended")).sum()) for run in runs)
    names = ("defence rate", "defence rate, 95 % low", "defence rate, 95 % high")
    if not count:
        return found | dict.fromkeys(names)
    # One run's count: repeats share their examples and make no interval narrower.
    size = round(count / len(runs))
    low, high = clopper_pearson_two_sided(min(size, round(hits / len(runs))), size, CONFIDENCE)
    return found | dict(zip(names, (hits / count, float(low), float(high)), strict=True))


def probes_of(
    columns: Columns, records: EmpiricalRecords, setup: Setup, probed: int | None
) -> list[Probe]:
    """Return what the rules judge about the attacks of one evaluation."""
    return list(_probes(columns, records, setup, probed))


def _probes(
    columns: Columns, records: EmpiricalRecords, setup: Setup, probed: int | None
) -> Iterator[Probe]:
    def probe(name: str, numbers: Answers) -> Probe:
        return Probe(
            name=name,
            evaluation=setup.task.evaluation,
            checkpoint=setup.task.checkpoint.id,
            status="asked",
            numbers=numbers,
        )

    for settings in setup.panel:
        mine = columns["attack"] == settings.id
        asked = columns["no_gradient"][mine]
        said: Answers = {
            "attack": settings.id,
            "claimed": int(np.sum(columns["claimed"][mine])),
            "confirmed": int(np.sum(columns["claimed"][mine] & columns["kept"][mine])),
            "unchanged": int(np.sum(columns["zero"][mine])),
            "outside_epsilon": int(np.sum(columns["outside"][mine])),
        }
        yield probe("reevaluation", said)
        if np.any(asked != NOT_ASKED):
            examples, none = int(np.sum(asked != NOT_ASKED)), int(np.sum(asked == 1))
            yield probe("gradients", {"attack": settings.id, "examples": examples, "none": none})
    if probed is not None:
        yield probe("attack_strength", _strength(columns, setup.panel[probed]))
    if len(setup.panel) > 1:
        yield probe("attack_panel", _panel(records, setup))


def _strength(columns: Columns, settings: Settings) -> Answers:
    """Return how many of the asked examples are still right, as declared and in variations."""
    mine = (columns["attack"] == settings.id) & (columns["repeat"] == 0)
    asked = columns["half"][mine] != NOT_ASKED
    found: Answers = {
        "attack": settings.id,
        "examples": int(asked.sum()),
        "declared": int(np.sum(~columns["kept"][mine][asked])),
    }
    for name in VARIATIONS:
        answers = columns[name][mine][asked]
        found[name] = None if np.any(answers == NOT_ASKED) else int(answers.sum())
    return found


def _panel(records: EmpiricalRecords, setup: Setup) -> Answers:
    """Return what each attack leaves of the network it is about, as mean count over repeats."""
    found: Answers = {
        "examples": len(set(records.example_id.tolist())),
        "repeats": _repeats(records),
        "classifier": "base" if setup.defence is None else "defended",
    }
    for settings in setup.panel:
        assert records.attack is not None  # these records are of a panel
        part, sees = take(records, records.attack == settings.id), settings.target == "defended"
        right = _mean(part, sees, lambda o: o.attacked_of(str(found["classifier"])), np.sum)
        kind = "control" if settings.directions == "fixed" else settings.target
        found[f"{settings.id}: kind"] = f"{settings.name} {kind}"
        found[f"{settings.id}: right"] = right
    return found


def _runs(records: EmpiricalRecords) -> list[EmpiricalRecords]:
    return [take(records, records.repeat == repeat) for repeat in np.unique(records.repeat)]


def _repeats(records: EmpiricalRecords) -> int:
    return len(np.unique(records.repeat))


def _mean(
    records: EmpiricalRecords,
    sees: bool,
    pick: Callable[[Outcomes], NDArray[np.bool_] | None],
    each: Callable[[NDArray[np.bool_]], float] = np.mean,
) -> float | None:
    picked = [pick(outcomes_of(run, sees_defence=sees)) for run in _runs(records)]
    values = [float(each(mask)) for mask in picked if mask is not None]
    return float(np.mean(values)) if values else None


def _share(mask: NDArray[np.bool_], of: NDArray[np.bool_]) -> float | None:
    return float(np.mean(mask[of])) if of.any() else None


def _median(values: NDArray[np.float64]) -> float | None:
    return float(np.median(values)) if values.size else None
