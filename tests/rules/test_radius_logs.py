"""Published certification logs: which alpha made them; needs the data, else skipped."""

import math
import os
import time
from pathlib import Path

import numpy as np
import pytest

from repaudit.rules._explain_radius import explain_radii, fitting, rows_of
from repaudit.rules._hypotheses import Setting
from repaudit.statistics.bounds import bound_lattice

DATA = os.environ.get("REPAUDIT_REAL_DATA")
LOGS = "certlogs/locuslab+smoothing/data/certify"
N, ALPHA = 100_000, 0.001
EXACT = "clopper_pearson_one_sided"

# positive radii, on the lattice of alpha = .001, on that of .01: counted with an independent
# program (scipy.stats.binomtest) when the known answers of these logs were written down
COUNTS = {
    "cifar10/resnet110/noise_0.12/test/sigma_0.12": (481, 481, 297),
    "cifar10/resnet110/noise_0.12/test/sigma_0.50": (439, 439, 439),
    "cifar10/resnet110/noise_0.25/test/sigma_0.25": (457, 350, 457),
    "cifar10/resnet110/noise_0.25/test/sigma_0.50": (358, 358, 354),
    "cifar10/resnet110/noise_0.50/test/sigma_0.50": (417, 402, 417),
    "cifar10/resnet110/noise_1.00/test/sigma_0.50": (452, 452, 442),
    "cifar10/resnet110/noise_1.00/test/sigma_1.00": (355, 350, 355),
    "imagenet/resnet50/noise_0.25/test/sigma_0.25": (389, 234, 389),
    "imagenet/resnet50/noise_0.25/test/sigma_0.50": (412, 402, 412),
    "imagenet/resnet50/noise_0.50/test/sigma_0.50": (418, 323, 418),
    "imagenet/resnet50/noise_0.50/train/sigma_0.50": (417, 321, 417),
    "imagenet/resnet50/noise_1.00/test/sigma_0.50": (429, 375, 429),
    "imagenet/resnet50/noise_1.00/test/sigma_1.00": (352, 302, 352),
}
DECIDES = 0.1
"""Chance above which a setting that fits says nothing."""


def printed(value):
    """What a radius printed with three significant digits may be."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 2)
    return value - unit / 2, value + unit / 2


def radii_of(path):
    lines = path.read_text().splitlines()
    column = lines[0].split("\t").index("radius")
    values = [float(line.split("\t")[column]) for line in lines[1:]]
    return [printed(value) for value in values if value > 0.0]


def judged(sigma, values):
    """The declared setting, the alpha that explains the log instead, or that none is decided."""
    found = explain_radii(sigma, N, ALPHA, values)
    strong = [e for e in found if e.chance < DECIDES]
    if found and found[0].changed == "nothing":
        return "consistent" if strong else "undecidable"
    return strong[0].by if strong else "unexplained"


@pytest.mark.skipif(DATA is None, reason="REPAUDIT_REAL_DATA is not set")
def test_nine_of_thirteen_published_logs_were_made_with_another_alpha():
    verdicts = {}
    for name, (positive, on_001, on_01) in COUNTS.items():
        sigma = float(name.rpartition("_")[2])
        values = radii_of(Path(DATA) / LOGS / name)
        rows = rows_of(sigma, values)
        fits = [int(fitting(Setting(N, alpha), rows).sum()) for alpha in (0.001, 0.01)]
        assert (len(values), *fits) == (positive, on_001, on_01), name
        verdicts[name] = judged(sigma, values)
    counted = sorted(verdicts.values())
    assert counted == ["alpha = 0.01"] * 9 + ["consistent"] * 3 + ["undecidable"]
    assert verdicts["cifar10/resnet110/noise_0.12/test/sigma_0.50"] == "undecidable"


@pytest.mark.skipif(DATA is None, reason="REPAUDIT_REAL_DATA is not set")
def test_twelve_logs_with_four_decimals_are_consistent():
    folder = Path(DATA) / "certlogs/Hadisalman+smoothing-adversarial"
    logs = [path for path in folder.rglob("sigma_*") if path.is_file()]
    assert len(logs) == 12
    for path in logs:
        lines = path.read_text().splitlines()
        column = lines[0].split("\t").index("radius")
        values = [float(line.split("\t")[column]) for line in lines[1:]]
        intervals = [(value - 5e-5, value + 5e-5) for value in values if value > 0.0]
        sigma = float(path.name.removeprefix("sigma_"))
        assert judged(sigma, intervals) == "consistent"


def a_log(size, alpha, digits, seed):
    """Radii of a made-up network, printed with some significant digits."""
    lattice = 0.5 * bound_lattice(N, alpha, EXACT)
    hits = np.random.default_rng(seed).beta(8.0, 0.7, size)
    chosen = lattice[(hits * len(lattice)).astype(int)]
    unit = 10.0 ** (np.floor(np.log10(chosen)) - digits + 1)
    value = np.round(chosen / unit) * unit
    return list(zip(value - unit / 2, value + unit / 2, strict=True))


@pytest.mark.parametrize("digits", [3, 4, 5])
def test_a_long_log_is_explained_by_its_own_alpha_in_a_second(digits):
    bound_lattice.cache_clear()
    started = time.perf_counter()
    found = explain_radii(0.5, N, ALPHA, a_log(10_000, 0.01, digits, 5), n0=100, examples=10_000)
    seconds = time.perf_counter() - started
    assert [e.by for e in found[:1]] == ["alpha = 0.01"]
    assert found[0].chance < 1e-6
    assert seconds < 1.0


@pytest.mark.parametrize("digits", [3, 4, 5])
@pytest.mark.parametrize("alpha", [0.05, 0.01, 0.001])
def test_an_honest_log_is_always_consistent(digits, alpha):
    values = a_log(2000, alpha, digits, 6)
    assert explain_radii(0.5, N, alpha, values)[0].changed == "nothing"


def test_a_log_of_pooled_draws_is_explained_by_them():
    # 1100 draws: the ceiling 2.49713 sigma against 2.46326 of the declared 1000
    lattice = bound_lattice(1100, 0.001, EXACT)
    values = [(z - 5e-5, z + 5e-5) for z in lattice[[-1, -2, -5, -9]]]
    found = explain_radii(1.0, 1000, 0.001, values, n0=100)
    assert found[0].changed == "pooled"


def test_a_log_without_positive_radii_has_no_explanation():
    assert explain_radii(0.5, N, ALPHA, [(0.0, 0.0)]) == []
