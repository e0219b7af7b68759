"""Radii and released counts: known answers, honest reports, planted lies."""

import json
from pathlib import Path

import numpy as np
import pytest

from repaudit.evidence.tables import CertificationRecords
from repaudit.rules import run_rules
from repaudit.rules._registry import registry
from repaudit.rules._rule import Case
from repaudit.statistics.bounds import bound_lattice
from repaudit.statistics.quantile import sample_quantile

EXACT = "clopper_pearson_one_sided"
CODES = [f"RA{number}" for number in (101, 102, 103, 104, 105, 106, 107, 109, 110, 111, 112)]
CODES += ["RA113", "RA114", "RA115", "RA850", "RA851", "RA852", "RA853", "RA904"]
NEEDED = ("RA041", "RA043", "RA044", "RA047")


def found(case):
    entries = {code: registry()[code] for code in (*CODES, *NEEDED)}
    return run_rules(case, entries)[0]


def of(case, *severities):
    return [(f.code, f.pointer) for f in found(case) if f.severity in severities]


def radius(value, statistic="median", population="all", **more):
    return {
        "metric": "certified_radius",
        "statistic": statistic,
        "population": population,
        "value": value,
        **more,
    }


def rows(sampling=None, study="original", examples=400, model=None, **claims_by_sigma):
    """Evaluations by name: ``s0025=[claims]`` has sigma .0025; one budget for all."""
    evaluations = {
        name: {
            "kind": "certification",
            "data": "test-set",
            "model": "keyword-cnn",
            "contract": "waveform",
            "sigma": f"0.{name[1:]}",
            "sampling": "monte-carlo",
            "claims": claims,
        }
        for name, claims in claims_by_sigma.items()
    }
    return {
        "study": {"kind": study},
        "data": {"test-set": {"examples": examples}},
        "models": {"keyword-cnn": model or {}},
        "contracts": {"waveform": {"scale": ["certified_radius"]}},
        "sampling": {"monte-carlo": sampling or {}},
        "evaluations": {"spoken-words": None, **evaluations},
    }


SEEDS = {"checkpoints": [{"id": f"seed{i}", "seed": i} for i in range(3)]}
PAPER = {"s0025": ".007996", "s005": ".015993", "s01": ".031986", "s02": ".063972"}
"""Median radii of the representation paper's table 1, n = 10 000, alpha = .001."""


@pytest.mark.parametrize("across", ["mean", "unstated", "pooled"])
def test_every_median_of_the_papers_first_table_is_the_ceiling(patched, across):
    claims = {name: [radius(value, across=across)] for name, value in PAPER.items()}
    case = patched(rows(study="transcription", examples=5074, model=SEEDS, **claims))
    notes = [f for f in found(case) if f.code == "RA102"]
    assert [f.pointer for f in notes] == [f"/evaluations/{name}/claims/0" for name in PAPER]
    assert {str(f.severity) for f in found(case)} == {"note"}


@pytest.mark.parametrize(
    ("bound", "n", "alpha", "code"),
    [
        (EXACT, 10_000, 0.0005, "RA110"),
        (EXACT, 10_000, 0.002, "RA110"),
        (EXACT, 10_000, 0.05, "RA104"),
        (EXACT, 10_000, 0.01 / 10, None),  # alpha = .001: the declared setting itself
        (EXACT, 100_000, 0.001, "RA104"),
        (EXACT, 10_100, 0.001, "RA904"),
        ("wilson", 10_000, 0.001, "RA104"),
        ("jeffreys", 10_000, 0.001, "RA104"),
        ("hoeffding", 10_000, 0.001, "RA104"),
    ],
)
def test_ceilings_of_another_setting_are_named_in_every_row(patched, bound, n, alpha, code):
    z = bound_lattice(n, alpha, bound)[-1]
    sigmas = {"s0025": 0.0025, "s005": 0.005, "s01": 0.01, "s02": 0.02}
    claims = {
        name: [radius(f"{z * sigma:.8f}", interpolation="lower")] for name, sigma in sigmas.items()
    }
    errors = of(patched(rows(**claims)), "error")
    named = set() if code is None else {(code, f"/evaluations/{name}/claims/0") for name in sigmas}
    assert set(errors) == named


def test_rounded_arithmetic_is_named_by_its_ceiling(patched):
    # float16: Phi^-1(0.99951171875) = 3.29719, the half-precision number next to .001 ** .0001
    claims = {"s25": [radius(".82430")], "s5": [radius("1.6486")]}
    assert {code for code, _ in of(patched(rows(**claims)), "error")} == {"RA114"}


def test_a_common_other_sigma_explains_what_no_budget_does(patched):
    # sigma / 255 forgotten: every radius 255 times too large, k = 10000, 9990, 9900 at .0025
    z = bound_lattice(10_000, 0.001, EXACT)[[-1, -11, -101]] * 255
    claims = {"s0025": [radius(f"{z[0] * 0.0025:.6f}", "max", "certified")]}
    claims["s005"] = [radius(f"{z[1] * 0.005:.6f}", interpolation="lower")]
    claims["s01"] = [radius(f"{z[2] * 0.01:.6f}", interpolation="lower")]
    (first, *_) = (f for f in found(patched(rows(**claims))) if f.severity == "error")
    assert first.evidence["explained_by"].startswith("sigma times 255")
    assert first.evidence["chance"] < 1e-3


def test_one_mistyped_digit_is_an_error_of_its_own_row(patched):
    claims = {name: [radius(value)] for name, value in PAPER.items()}
    claims["s01"] = [radius(".031968")]
    errors = of(patched(rows(examples=401, **claims)), "error")
    assert errors == [("RA103", "/evaluations/s01/claims/0")]


def test_a_hundredth_of_a_percent_above_the_ceiling_is_an_error(patched):
    case = patched(rows(s0025=[radius(".0079975")]))  # ceiling .00799644
    assert of(case, "error") == [("RA101", "/evaluations/s0025/claims/0")]


def test_a_threshold_that_is_the_rounded_ceiling_is_a_warning(patched):
    accuracy = {"metric": "certified_accuracy", "value": "10.00", "unit": "percent"}
    for at, severity in ((".007996", None), (".007997", "warning"), (".0081", "error")):
        case = patched(rows(s0025=[{**accuracy, "at_radius": at}, radius(".0070")]))
        severities = [str(f.severity) for f in found(case) if f.code == "RA101"]
        assert severities == ([] if severity is None else [severity])


def test_an_undeclared_truncation_is_a_warning(patched):
    # k = 9999 gives .00778491: .007784 is its truncation, not its rounding
    case = patched(rows(s0025=[radius(".007784", interpolation="lower")]))
    assert of(case, "error") == []
    assert of(case, "warning") == [("RA103", "/evaluations/s0025/claims/0")]


@pytest.mark.parametrize(
    ("value", "severity"),
    [(".0000003", "error"), (".0000005", "error"), (".000000", "warning"), (".0000000", "error")],
)
def test_the_smallest_certified_radius_may_be_truncated(patched, value, severity):
    # the smallest radius is 6.26e-7: six decimals truncate it to 0, seven to .0000006
    case = patched(rows(s0025=[radius(value, "min", "certified")]))
    assert [str(f.severity) for f in found(case)] == [severity]


def test_what_rests_on_an_inferred_budget_is_a_likely_warning(patched):
    patch = rows(study="transcription", s0025=[radius(".008100")])
    patch["annotations"] = [{"pointer": "/sampling/monte-carlo/n", "kind": "inferred", "text": "?"}]
    (finding,) = (f for f in found(patched(patch)) if f.code == "RA101")
    assert (str(finding.severity), str(finding.certainty)) == ("warning", "likely")


@pytest.mark.parametrize("field", ["n", "alpha", "bound"])
def test_an_unstated_budget_accuses_nobody(patched, field):
    case = patched(rows({field: "unstated"}, "transcription", s0025=[radius(".0095")]))
    assert of(case, "error", "warning") == []


def test_a_mean_over_runs_may_lie_off_the_grid(patched):
    # (.007785 + .007785 + .007996) / 3 is no radius and no midpoint
    claim = radius(".007855", interpolation="lower", across="mean")
    assert of(patched(rows(model=SEEDS, examples=401, s0025=[claim])), "error") == []
    alone = {**claim, "checkpoint": "seed1"}
    del alone["across"]
    errors = of(patched(rows(model=SEEDS, examples=401, s0025=[alone])), "error")
    assert errors == [("RA103", "/evaluations/s0025/claims/0")]


def test_the_certified_population_may_be_even_when_all_are_odd(patched):
    # (.007785 + .007996) / 2 = .007891: half-way between two radii
    odd = rows(examples=401, s0025=[radius(".007891")])
    assert of(patched(odd), "error") == [("RA103", "/evaluations/s0025/claims/0")]
    certified = rows(examples=401, s0025=[radius(".007891", population="certified")])
    assert of(patched(certified), "error") == []


def test_pooled_runs_of_odd_size_may_be_even_together(patched):
    two = {"checkpoints": SEEDS["checkpoints"][:2]}
    pooled = radius(".007891", across="pooled")
    assert of(patched(rows(examples=401, model=two, s0025=[pooled])), "error") == []
    assert of(patched(rows(examples=401, model=SEEDS, s0025=[pooled])), "error") != []


@pytest.mark.parametrize(
    ("sigmas", "severity"),
    [({"s25": 0.25, "s5": 0.5}, "warning"), ({"s25": 0.25, "s5": 0.5, "s12": 0.12}, "error")],
)
def test_possible_medians_that_are_all_another_ceiling_are_named(patched, sigmas, severity):
    # the Hoeffding ceiling is 2.08390 sigma, where midpoints of exact radii lie everywhere
    z = bound_lattice(10_000, 0.001, "hoeffding")[-1]
    claims = {name: [radius(f"{z * sigma:.6f}")] for name, sigma in sigmas.items()}
    case = patched(rows(**claims))
    named = {("RA104", f"/evaluations/{name}/claims/0") for name in sigmas}
    assert set(of(case, severity)) == named
    coarse = {name: [radius(f"{z * sigma:.3g}")] for name, sigma in sigmas.items()}
    assert of(patched(rows(**coarse)), "error") == []


def an_honest_report(rng):
    """Budget, size, seeds and claims of one network that tells the truth."""
    n = int(rng.choice([100, 1000, 10_000, 100_000]))
    alpha = float(rng.choice([0.05, 0.01, 0.001, 0.0001]))
    bound = str(rng.choice([EXACT, "clopper_pearson_two_sided", "hoeffding", "wilson", "jeffreys"]))
    size = int(rng.choice([50, 100, 400, 401, 1000, 5074]))
    runs = int(rng.integers(1, 4))
    sigmas = {"s0025": 0.0025, "s01": 0.01, "s12": 0.12, "s25": 0.25, "s5": 0.5}
    lattice = bound_lattice(n, alpha, bound)
    claims = {}
    for name in rng.choice(list(sigmas), 3, replace=False):
        p = rng.beta(rng.uniform(0.5, 12.0), rng.uniform(0.05, 1.5), (runs, size))
        hits = rng.binomial(n, p)
        z = np.concatenate([np.zeros(n + 1 - len(lattice)), lattice])[hits]
        right = rng.random((runs, size)) < 0.9
        claims[str(name)] = _claims(rng, sigmas[str(name)] * z, right, runs)
    return n, alpha, bound, size, runs, claims


def _claims(rng, radii, right, runs):
    claims = []
    across = str(rng.choice(["mean", "median", "pooled", "min", "max"]))
    for population in ("all", "certified", "certified_correct"):
        for statistic in ("median", "quantile", "mean", "min", "max"):
            way = str(rng.choice(["lower", "midpoint", "upper", "linear"]))
            parts = [_members(r, ok, population) for r, ok in zip(radii, right, strict=True)]
            if across == "pooled":
                parts = [np.concatenate(parts)]
            if any(part.size == 0 for part in parts):
                continue
            values = [_statistic(part, statistic, way) for part in parts]
            how = {"mean": np.mean, "median": np.median, "min": min, "max": max}
            value = float(how.get(across, min)(values))
            more = {"interpolation": way} if statistic in ("median", "quantile") else {}
            if statistic == "median" and rng.random() < 0.5:
                more = {}
            if statistic == "quantile":
                more["level"] = "0.25"
            if runs > 1:
                more["across"] = across
            text, rounding = _printed(rng, value)
            claims.append(radius(text, statistic, population, rounding=rounding, **more))
    return claims


def _members(radii, right, population):
    if population == "all":
        return np.where(right, radii, 0.0)
    keep = radii > 0.0
    return radii[keep & right] if population == "certified_correct" else radii[keep]


def _statistic(values, statistic, way):
    if statistic in ("median", "quantile"):
        return sample_quantile(values, 0.5 if statistic == "median" else 0.25, way)
    return float({"mean": np.mean, "min": np.min, "max": np.max}[statistic](values))


def _printed(rng, value):
    digits = int(rng.integers(2, 7))
    rounding = str(rng.choice(["half", "floor", "ceil"]))
    scaled = value * 10**digits
    whole = {"half": np.round, "floor": np.floor, "ceil": np.ceil}[rounding](scaled)
    return f"{whole / 10**digits:.{digits}f}", rounding


@pytest.mark.parametrize("reports", [60, pytest.param(2000, marks=pytest.mark.slow)])
def test_honest_reports_have_no_error(patched, reports):
    rng = np.random.default_rng(reports)
    for _ in range(reports):
        n, alpha, bound, size, runs, claims = an_honest_report(rng)
        budget = {"n": n, "alpha": str(alpha), "bound": bound, "n0": min(n, 100)}
        model = {"checkpoints": SEEDS["checkpoints"][:runs]}
        kind = "original" if bound == EXACT else "transcription"
        case = patched(rows(budget, kind, size, model, **claims))
        errors = [f for f in found(case) if f.severity == "error"]
        assert errors == [], (budget, [(f.code, f.message, f.evidence) for f in errors])


def test_planted_radii_are_caught_as_often_as_the_digits_allow(patched):
    # a number made up between two radii near the top, where most printed numbers are impossible
    rng = np.random.default_rng(21)
    lattice = 0.25 * bound_lattice(1000, 0.001, EXACT)
    caught = 0
    for _ in range(50):
        value = float(rng.uniform(lattice[-30], lattice[-1]))
        claim = radius(f"{value:.5f}", interpolation="lower")
        caught += bool(of(patched(rows({"n": 1000}, examples=401, s25=[claim])), "error"))
    possible = len({f"{z:.5f}" for z in lattice[-30:]})
    printed = (lattice[-1] - lattice[-30]) * 1e5
    assert caught >= 50 * (1 - possible / printed) - 12


def counts(patched, selected, label, hits, label_hits, *, n=10_000, budget=None, **more):
    size = len(hits)
    case = patched(rows({"n": n, **(budget or {})}, examples=size, s25=[]))
    table = CertificationRecords(
        example_id=np.array([f"clip-{i}" for i in range(size)]),
        label=np.asarray(label),
        selected_class=np.asarray(selected),
        hits=np.asarray(hits),
        label_hits=np.asarray(label_hits),
        draws=np.full(size, n),
        checkpoint=np.full(size, "seed0"),
        repeat=np.zeros(size, np.int64),
        **more,
    )
    return Case(case.results, case.document, None, {"s25": table})


def a_vote(rng, size, n, n0, *, reused):
    """Three-class votes of borderline clips."""
    share = rng.uniform(0.44, 0.56, size)
    rest = rng.uniform(0.0, 0.04, size)
    p = np.stack([share, np.maximum(1 - share - rest, 0), rest], axis=1)
    p /= p.sum(axis=1, keepdims=True)
    votes = np.stack([rng.multinomial(n, row) for row in p])
    first = votes if reused else np.stack([rng.multinomial(n0, row) for row in p])
    chosen = first.argmax(axis=1)
    every = np.arange(size)
    label = rng.integers(0, 2, size)
    return {
        "selected": chosen,
        "label": label,
        "hits": votes[every, chosen],
        "label_hits": votes[every, label],
        "top_class": votes.argmax(axis=1),
        "top_hits": votes.max(axis=1),
    }


def test_reused_selection_draws_show_in_the_close_votes(patched):
    rng = np.random.default_rng(22)
    case = counts(patched, **a_vote(rng, 300, 10_000, 100, reused=True))
    assert ("RA904", "/evaluations/s25/evidence") in of(case, "error")


@pytest.mark.parametrize("n0", [20, 100, 1000])
def test_separate_selection_draws_are_never_called_reused(patched, n0):
    rng = np.random.default_rng(23)
    for _ in range(30):
        vote = a_vote(rng, 300, 10_000, n0, reused=False)
        assert of(counts(patched, **vote, budget={"n0": n0}), "error") == []


def test_multiplied_counts_share_their_divisor(patched):
    rng = np.random.default_rng(24)
    small = rng.binomial(1000, rng.uniform(0.6, 0.99, 200))
    same = np.zeros(200, np.int64)
    honest = rng.binomial(10_000, rng.uniform(0.6, 0.99, 200))
    for hits, codes in ((small * 10, ["RA852"]), (honest, [])):
        case = counts(patched, same, same, hits, hits)
        assert [code for code, _ in of(case, "error")] == codes


def test_few_different_counts_share_a_divisor_by_chance(patched):
    # 2 ** -4 is no evidence, and the same count many times is one count
    hits = np.repeat([9002, 9404, 9606, 9808], 50)
    same = np.zeros(200, np.int64)
    assert of(counts(patched, same, same, hits, hits), "error") == []


def test_an_abstention_with_a_radius_is_an_error(patched):
    hits, same = np.array([5155, 5156]), np.zeros(2, np.int64)  # k_min = 5156
    for first, codes in ((0.0, []), (np.nan, []), (0.1, ["RA111"])):
        case = counts(patched, same, same, hits, hits, recording_radius=np.array([first, 0.1]))
        assert [code for code, _ in of(case, "error")] == codes


def test_votes_for_no_class_are_an_error(patched):
    case = counts(patched, [-1, 0], [0, 0], [5, 9000], [7, 9000])
    assert ("RA111", "/evaluations/s25/evidence") in of(case, "error")


def test_swapped_budgets_and_too_few_draws_are_told_apart(patched):
    swapped = rows({"n0": 10_000, "n": 100}, s25=[radius("0.2", "mean")])
    assert of(patched(swapped), "error", "warning") == [("RA107", "/sampling/monte-carlo/n0")]
    few = rows({"n0": 5, "n": 9}, s25=[radius("0.2", "mean")])
    assert of(patched(few), "error") == [("RA107", "/sampling/monte-carlo/n")]


def test_the_embedded_example_has_no_error():
    path = Path(__file__).resolve().parents[2] / "examples" / "keyword-spotting" / "results.json"
    from repaudit.check.audit import check
    from repaudit.check.options import CheckOptions

    audit = check(path, CheckOptions(static=True))
    mine = [f for f in audit.findings if f.code in CODES and f.severity != "note"]
    assert mine == [], json.dumps([f.message for f in mine])
