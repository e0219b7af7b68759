"""A lie planted in an honest report is noticed, by the rule that is there for it."""

from copy import deepcopy
from decimal import Decimal

import pytest

from repaudit.rules import run_rules
from tests.simulations.honest_reports import case_of, find_claim, honest_reports

REPORTS = 40
AT_ZERO = {"metric": "certified_accuracy", "at_radius": "0"}


def _moved(claim, points):
    """Move a share by percentage points, keeping its decimals; False where it leaves 0..100."""
    if claim is None or "value" not in claim:
        return False
    factor = Decimal(1) if claim["unit"] == "percent" else Decimal("0.01")
    value = Decimal(claim["value"]) + Decimal(points) * factor
    claim["value"] = f"{value:f}"
    return 0 <= value <= 100 * factor


def points_off_the_grid(document, setting):
    """A third of one example of all runs more."""
    claim = find_claim(document, **AT_ZERO)
    step = Decimal(100) / (3 * setting.examples * setting.runs)
    is_resolved = Decimal(1).scaleb(-setting.decimals) * 3 < step
    is_mean = claim.get("across") in (None, "mean") and not setting.has_folds
    return is_resolved and is_mean and _moved(claim, step.quantize(Decimal("1e-9")))


def accuracy_above_all(document, setting):
    return not _moved(find_claim(document, metric="noisy_accuracy"), 100)


def curve_that_rises(document, setting):
    zero, claims = find_claim(document, **AT_ZERO), document["evaluations"]["words"]["claims"]
    later = next(c for c in claims if c.get("at_radius", "0") != "0")
    later["value"] = zero["value"]
    return _moved(later, 10)


def smoothed_below_certified(document, setting):
    zero = find_claim(document, **AT_ZERO)
    smoothed = find_claim(document, metric="clean_accuracy", classifier="smoothed")
    smoothed["value"] = zero["value"]
    return _moved(smoothed, -10)


def rates_above_one(document, setting):
    is_sum = find_claim(document, **AT_ZERO).get("across") in (None, "mean", "pooled")
    return _moved(find_claim(document, metric="abstention_rate"), 10) and is_sum


def mean_radius_inflated(document, setting):
    claim = find_claim(document, metric="certified_radius", statistic="mean", population="all")
    zero = find_claim(document, **AT_ZERO)
    share = Decimal(zero["value"]) / (100 if zero["unit"] == "percent" else 1)
    is_mean = zero.get("across") in (None, "mean", "pooled") and not setting.has_folds
    if claim is None or share > Decimal("0.8") or not is_mean:
        return False
    top = max(
        Decimal(c["at_radius"])
        for c in document["evaluations"]["words"]["claims"]
        if "at_radius" in c
    )
    claim["value"] = f"{top * (share + Decimal('0.15')):.9f}"
    return True


def dispersion_of_everything(document, setting):
    claims = document["evaluations"]["words"]["claims"]
    spread = next((c["spread"] for c in claims if "value" in c.get("spread", {})), None)
    if spread is not None:
        unit = next(c["unit"] for c in claims if c.get("spread") is spread)
        spread["value"] = "95.00" if unit == "percent" else "0.9500"
    return spread is not None


def half_certified_is_denied(document, setting):
    median = find_claim(document, metric="certified_radius", statistic="median", population="all")
    claims = document["evaluations"]["words"]["claims"]
    early = next(c for c in claims if c.get("at_radius", "0") != "0")
    if median is None or Decimal(median["value"]) < 2 * Decimal(early["at_radius"]):
        return False
    if median.get("across") == "mean" or early.get("across") in ("median", "max"):
        return False
    early["value"] = "20.0" if early["unit"] == "percent" else ".200"
    return not setting.has_folds


def one_run_beside_its_mean(document, setting):
    part = next((c for c in _shares(document) if "checkpoint" in c), None)
    if part is None or setting.has_folds:
        return False
    same = {
        key: value for key, value in part.items() if key in ("metric", "at_radius", "at_snr_db")
    }
    whole = find_claim(document, **same, classifier=part.get("classifier"))
    return whole.get("across") in ("mean", "pooled") and (_moved(part, 9) or _moved(part, -18))


def deviation_between_two_counts(document, setting):
    claim = next((c for c in _shares(document) if c.get("spread", {}).get("ddof") == 1), None)
    if claim is None or setting.examples > 401 or setting.decimals < 4 or setting.has_folds:
        return False
    if claim["across"] not in ("mean", "pooled") or claim["spread"]["statistic"] != "std":
        return False
    factor = Decimal(1) if claim["unit"] == "percent" else Decimal("0.01")
    example = Decimal(100) / setting.examples * factor
    # Two counts deviate by whole multiples of 1 / sqrt(2), three by sqrt(k / 3): never by .05.
    claim["spread"]["value"] = f"{example * Decimal('0.05'):.8f}"
    return True


def _shares(document):
    return (c for c in document["evaluations"]["words"]["claims"] if "unit" in c)


def quote_of_another_table(document, setting):
    quoted = document["statements"][0]["asserts"][0]
    return _moved(quoted, 3)


def bound_above_the_table(document, setting):
    bound = document["statements"][0]["asserts"][1]
    return _moved(bound, 7)


TAMPERS = {
    points_off_the_grid: {"RA201"},
    accuracy_above_all: {"RA202"},
    curve_that_rises: {"RA203"},
    smoothed_below_certified: {"RA204"},
    rates_above_one: {"RA205"},
    mean_radius_inflated: {"RA207"},
    half_certified_is_denied: {"RA206"},
    one_run_beside_its_mean: {"RA209"},
    dispersion_of_everything: {"RA302"},
    deviation_between_two_counts: {"RA303"},
    quote_of_another_table: {"RA802", "RA803"},
    bound_above_the_table: {"RA804"},
}


@pytest.fixture(scope="module")
def originals():
    made = list(honest_reports(2 * REPORTS, seed=4))
    usable = [one for one in made if not one[0].is_transcription and one[0].rounding != "ceil"]
    return usable[:REPORTS]


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_the_lie_is_an_error_of_its_rule_wherever_it_can_be_planted(tamper, originals):
    planted = missed = 0
    for setting, document in originals:
        changed = deepcopy(document)
        if not tamper(changed, setting):
            continue
        planted += 1
        errors = {f.code for f in run_rules(case_of(changed))[0] if f.severity == "error"}
        missed += not errors & TAMPERS[tamper]
    assert planted >= 3
    assert missed == 0
