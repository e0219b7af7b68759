"""Released logs of radii: the published ones, honest made-up ones, and tampered ones."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from repaudit._core.errors import InputError
from repaudit.audit.finding import Certainty, Severity
from repaudit.contract.files import Places
from repaudit.contract.results import Results
from repaudit.evidence.importers.document import Settings
from repaudit.evidence.importers.make import import_files
from repaudit.evidence.load import load_evidence
from repaudit.rules import Case, run_rules
from repaudit.statistics.bounds import bound_lattice

DATA = os.environ.get("REPAUDIT_REAL_DATA")
EXACT = "clopper_pearson_one_sided"
N, ALPHA = 100_000, "0.001"
"""As the repositories of the published logs document."""
LOCUSLAB = "locuslab+smoothing/data/certify"
needs_data = pytest.mark.skipif(DATA is None, reason="REPAUDIT_REAL_DATA is not set")

# lattices of alpha = .001 and .01, counted with an independent program (scipy.stats.binomtest)
# when the known answers of these logs were written down: positive radii off the first one
OFF_GRID = {
    "cifar10/resnet110/noise_0.25/test/sigma_0.25": (457, 107),
    "cifar10/resnet110/noise_0.50/test/sigma_0.50": (417, 15),
    "cifar10/resnet110/noise_1.00/test/sigma_1.00": (355, 5),
    "imagenet/resnet50/noise_0.25/test/sigma_0.25": (389, 155),
    "imagenet/resnet50/noise_0.25/test/sigma_0.50": (412, 10),
    "imagenet/resnet50/noise_0.50/test/sigma_0.50": (418, 95),
    "imagenet/resnet50/noise_0.50/train/sigma_0.50": (417, 96),
    "imagenet/resnet50/noise_1.00/test/sigma_0.50": (429, 54),
    "imagenet/resnet50/noise_1.00/test/sigma_1.00": (352, 50),
}
UNDECIDED = "cifar10/resnet110/noise_0.12/test/sigma_0.50"


def findings_of(*paths, bound=EXACT, examples=None, sigma=None, n=N, alpha=ALPHA):
    """What the rules find in a results file made of some logs, but for what nobody stated."""
    settings = Settings(100, n, alpha, bound, examples)
    folder = Path(os.path.commonpath([path.parent for path in paths]))
    made = import_files(
        paths, "smoothing_tsv", settings, sigma=sigma, output=folder / "r.json", copy=False
    )
    results = Results.model_validate(made.document)
    places = Places(folder, {})
    released = {name: load_evidence(results, name, places) for name in results.evaluations}
    found, _ = run_rules(Case(results, made.document, places, released))
    return [f for f in found if f.code != "RA042"]


def published(*folders):
    root = Path(DATA) / "certlogs"
    paths = sorted(p for f in folders for p in (root / f).rglob("*") if p.is_file())
    assert paths
    return paths


@needs_data
def test_nine_of_thirteen_published_logs_are_inconsistent_and_explained_by_another_alpha():
    root = Path(DATA) / "certlogs" / LOCUSLAB
    logs = published(LOCUSLAB)
    assert len(logs) == 13
    for path in logs:
        found = [f for f in findings_of(path, sigma=path.name[6:]) if f.code != "RA850"]
        name = path.relative_to(root).as_posix()
        if name in OFF_GRID:
            (one,) = found
            assert (one.code, one.certainty) == ("RA103", Certainty.PROVED)
            assert (one.evidence["radii"], one.evidence["off_grid"]) == OFF_GRID[name]
            assert one.evidence["explained_by"] == "alpha = 0.01"
            assert one.evidence["chance"] < 0.01
            # five radii of one log are possible where digits are cut off instead of rounded
            assert (one.severity is Severity.WARNING) == (OFF_GRID[name][1] == 5)
        else:
            told = [(f.code, f.severity) for f in found]
            assert told == ([("RA104", Severity.NOTE)] if name == UNDECIDED else [])
    note = next(f for f in findings_of(root / UNDECIDED, sigma="0.5") if f.code == "RA104")
    assert "alpha = 0.01" in note.message


@needs_data
def test_an_inconsistency_that_rests_on_an_inferred_setting_is_a_likely_warning():
    path = Path(DATA) / "certlogs" / LOCUSLAB / "cifar10/resnet110/noise_0.25/test/sigma_0.25"
    for given in ({"bound": None, "sigma": "0.25"}, {"bound": EXACT, "sigma": None}):
        found = next(f for f in findings_of(path, **given) if f.code == "RA103")
        assert (found.severity, found.certainty) == (Severity.WARNING, Certainty.LIKELY)


@needs_data
def test_the_log_of_427_rows_is_noticed():
    folder = Path(DATA) / "certlogs" / LOCUSLAB / "imagenet/resnet50"
    short = folder / "noise_0.25/test/sigma_0.25"
    alone = next(f for f in findings_of(short) if f.code == "RA850")
    assert alone.severity is Severity.NOTE
    assert "427 rows, every 100th example: all of a set of 42601 to 42700" in alone.message
    declared = next(f for f in findings_of(short, examples=500) if f.code == "RA850")
    assert (declared.severity, declared.message) == (
        Severity.ERROR,
        "expected 500 examples, found 427",
    )
    beside = findings_of(short, folder / "noise_0.25/test/sigma_0.50")
    warned = [f.message for f in beside if (f.code, f.severity) == ("RA850", Severity.WARNING)]
    assert warned == ["expected 500 rows, as another of its logs has, found 427"]


@needs_data
def test_twenty_other_published_logs_have_no_error_or_warning():
    logs = published("Hadisalman+smoothing-adversarial", "jh-jeong+smoothing-consistency")
    assert len(logs) == 20
    for path in logs:
        assert [f for f in findings_of(path) if f.severity is not Severity.NOTE] == []


@needs_data
def test_logs_of_other_certificates_are_refused_by_line_or_header():
    refused = []
    other = "AI-secure+semantic-randomized-smoothing"
    for path in published(other, "ubc-systopia+adaptive-randomized-smoothing"):
        try:
            findings_of(path, sigma="0.5")
        except InputError as error:
            refused.append(str(error))
    assert len(refused) == 6
    assert sum(": column radius: expected the radius of an L2 ball" in t for t in refused) == 5
    assert sum(':1: expected the column radius, found "linf_radius"' in t for t in refused) == 1


def a_log(folder, *, alpha=0.001, n=10_000, form="{:.3}", seed=0, size=200, tamper=None):
    """The log of a made-up network at sigma 1/2."""
    rng = np.random.default_rng(seed)
    lattice = 0.5 * bound_lattice(n, alpha, EXACT)
    place = (rng.beta(3.0, 0.5, size) * (len(lattice) + 500)).astype(int) - 500
    radii = np.where(place >= 0, lattice[np.clip(place, 0, None)], 0.0)
    if tamper is not None:
        radii = tamper(radii)
    lines = ["idx\tlabel\tpredict\tradius\tcorrect\ttime"]
    for index, radius in enumerate(radii.tolist()):
        said = -1 if radius == 0.0 else 1
        lines.append(f"{index}\t1\t{said}\t{form.format(radius)}\t{int(said == 1)}\t0.5")
    path = folder / "sigma_0.5"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("form", ["{:.3}", "{:.4}", "{:.5}", "{:.3f}", "{:.4f}", "{}"])
@pytest.mark.parametrize(("n", "alpha"), [(100, 0.05), (1000, 0.01), (10_000, 0.001), (N, 0.001)])
def test_an_honest_log_is_never_accused(form, n, alpha, tmp_path):
    for seed in range(4):
        path = a_log(tmp_path, n=n, alpha=alpha, form=form, seed=seed)
        found = findings_of(path, n=n, alpha=str(alpha), sigma="0.5")
        assert [f for f in found if f.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("form", ["{:.3}", "{:.4f}"])
@pytest.mark.parametrize("alpha", [0.01, 0.0005])
def test_a_log_of_another_alpha_is_caught_and_explained(alpha, form, tmp_path):
    path = a_log(tmp_path, alpha=alpha, form=form)
    (found,) = findings_of(path, n=10_000, sigma="0.5")
    assert (found.code, found.severity) == ("RA103", Severity.ERROR)
    assert f"{alpha:g}" in found.evidence["explained_by"]


def test_a_log_of_another_sigma_is_caught(tmp_path):
    (found,) = findings_of(a_log(tmp_path), n=10_000, sigma="0.25")
    assert (found.code, found.severity) == ("RA103", Severity.ERROR)
    assert "sigma times 2" in found.evidence["explained_by"]


def test_one_radius_between_two_counts_is_caught_with_its_line(tmp_path):
    # the two largest radii of 10 000 draws at sigma 1/2 are 1.5993 and 1.5568: 1.58 is neither
    def tamper(radii):
        return np.where(np.arange(len(radii)) == 6, 1.58, radii)

    (found,) = findings_of(a_log(tmp_path, tamper=tamper), n=10_000, sigma="0.5")
    assert (found.code, found.evidence["off_grid"], found.evidence["line"]) == ("RA103", 1, 8)


def test_a_log_that_fits_few_draws_is_no_log_of_many(tmp_path):
    # nearly any number below the ceiling is a radius of 100 000 draws; all are those of 100
    path = a_log(tmp_path, n=100, form="{:.3f}")
    (found,) = findings_of(path, n=N, sigma="0.5")
    assert (found.code, found.severity) == ("RA104", Severity.WARNING)
    assert found.evidence["explained_by"] == "n = 100"


def test_codes_of_abstentions_and_certificates_that_contradict_are_errors(tmp_path):
    path = a_log(tmp_path)
    path.write_text(path.read_text() + "900\t1\t-1\t0.5\t0\t0.5\n901\t1\t1\t0.0\t1\t0.5\n")
    found = [f for f in findings_of(path, n=10_000, sigma="0.5") if f.code == "RA111"]
    assert sorted(f.evidence["line"] for f in found) == [202, 203]
    assert {f.severity for f in found} == {Severity.ERROR}


def test_a_log_without_a_budget_is_not_accused(tmp_path):
    assert findings_of(a_log(tmp_path), n=None, alpha=None, sigma="0.5") == []


def test_rules_take_a_fraction_of_a_second_over_a_long_log(tmp_path):
    path = a_log(tmp_path, n=N, size=10_000)
    bound_lattice.cache_clear()
    started = time.perf_counter()
    findings_of(path, sigma="0.5")
    assert time.perf_counter() - started < 1.5
