"""SNR and geometry rules: known numbers of a paper, honest simulated reports, planted lies."""

import json
import re
from math import log10, sqrt

import numpy as np
import pytest

from repaudit.rules import run_rules
from repaudit.rules._near_miss import crest_factor
from repaudit.rules._registry import registry
from repaudit.rules._rms_law import rms_law
from repaudit.statistics.certificate import z_lattice
from tests.oracles.smoothing import normal_cdf, population, run

FAMILY = {
    code: entry
    for code, entry in registry().items()
    if re.fullmatch(r"RA(4\d\d|5\d\d|041|043|047)", code)
}
GEOMETRY = "/evaluations/geometry/claims"


@pytest.fixture
def made(patched):
    """patch in Python numbers -> the case of the starting file with it."""
    return lambda patch: patched(json.dumps(patch))


def found(case):
    """(code, severity, pointer) of the family's errors and warnings."""
    findings, _ = run_rules(case, FAMILY)
    return {(f.code, str(f.severity), f.pointer) for f in findings if f.severity != "note"}


# --- the closed form of a gain back to the clean RMS


def test_the_closed_form_is_that_of_four_million_draws():
    # Chords of the sphere, drawn as (noise along the clip, noise across it); table 3 prints
    # 3.38e-5 and 8.75e-6 from 5074 and 2000 clips, .999985 and .999996.
    for samples, d_geom, median in ((16_000, 3.372e-5, 0.999985), (80_000, 8.82e-6, 0.999996)):
        law = rms_law(0.0025, samples)
        assert law.d_geom == pytest.approx(d_geom, abs=5e-9)
        assert round(law.median_ratio, 6) == median


@pytest.mark.parametrize(("relative", "samples"), [(0.0025, 16_000), (0.02, 80_000), (0.05, 1000)])
def test_the_closed_form_agrees_with_simulated_chords(relative, samples):
    rng = np.random.default_rng(samples)
    along, across = rng.standard_normal(400_000), rng.chisquare(samples - 1, 400_000)
    parallel = sqrt(samples) + relative * along
    norm = np.hypot(parallel, relative * np.sqrt(across))
    chord = np.sqrt(2 * samples * relative**2 * across / (norm * (norm + parallel)))
    ratio = chord / (relative * np.sqrt(along**2 + across))
    law = rms_law(relative, samples)
    noise = 4 * law.deviation / sqrt(ratio.size)
    assert abs(np.mean(np.abs(ratio - 1)) - law.d_geom) < noise + law.remainder
    assert abs(np.mean(ratio) - law.mean_ratio) < noise + law.remainder
    assert abs(np.median(ratio) - law.median_ratio) < 2 * noise + law.remainder


def test_printed_ratios_imply_the_crest_factors_of_the_known_answers():
    # (1 - 1 / P) / sigma = 351.03 and 350.61 at sigma = .0025
    assert round(crest_factor(351.03, 0.0025), 2) == 8.17
    assert round(crest_factor(350.61, 0.0025), 2) == 8.10


# --- honest reports


def snr_report(made, rng, draw):
    """A certification as an honest author prints it, every choice at random."""
    n, alpha = [(100, 0.05), (1000, 0.001), (10_000, 0.001)][draw % 3]
    size = int(rng.choice([50, 100, 401, 1000]))
    sigma = float(rng.choice([0.0025, 0.02, 0.25, 1.0]))
    samples = int(rng.choice([1000, 16_000, 80_000]))
    hit_rates = normal_cdf(population(str(rng.choice(["SC", "ESC", "HARD", "EXACT1"])), size, rng))
    ran = run(hit_rates, 100, n, z_lattice(n, alpha), rng)
    over = str(rng.choice(["all", "certified"]))
    radii = sigma * ran.radius * ran.right
    radii = radii if over == "all" else sigma * ran.radius[ran.radius > 0]
    with np.errstate(divide="ignore"):
        snrs = 20 * np.log10(sqrt(samples) / radii)
    claims = [
        {"metric": metric, "statistic": "median", "population": over, **printed(values, rng)}
        for metric, values in (("certified_radius", radii), ("certified_snr", snrs))
    ]
    if any(claim["value"] is None for claim in claims):
        return None
    crop = {"step": "crop_pad", "length_samples": samples, "anchor": "start", "pad": "zero"}
    return made(
        {
            "data": {"test-set": {"examples": size}},
            "pipelines": {"keyword-spotter": [MIX, crop, GAIN]},
            "sampling": {"monte-carlo": {"n": n, "alpha": alpha}},
            "evaluations": {"spoken-words": {"sigma": sigma, "claims": claims}},
        }
    )


MIX = {"step": "mix_down", "method": "mean"}
GAIN = {
    "step": "normalize",
    "measure": "rms",
    "target": 1,
    "measured_on": "clean",
    "includes_padding": True,
    "zero_energy": "leave",
}


def printed(values, rng):
    """A median as printed: numpy's name of the way, half or directed rounding, 2 to 6 digits."""
    ways = {
        "lower": "lower",
        "midpoint": "midpoint",
        "upper": "higher",
        "linear": "linear",
        None: "midpoint",
    }
    way = [None, "lower", "midpoint", "upper", "linear"][rng.integers(5)]
    with np.errstate(invalid="ignore"):
        value = float(np.quantile(values, 0.5, method=ways[way])) if len(values) else 0.0
    if not np.isfinite(value) or value == 0:
        return {"value": None}
    digits = int(rng.integers(2, 7)) - int(np.floor(log10(abs(value)))) - 1
    digits = max(digits, 0)
    rounding = str(rng.choice(["half", "floor", "ceil"]))
    round_to = {"half": np.rint, "floor": np.floor, "ceil": np.ceil}[rounding]
    said = {} if way is None else {"interpolation": way}
    return {
        "value": f"{round_to(value * 10**digits) / 10**digits:.{digits}f}",
        "rounding": rounding,
        **said,
    }


def test_honest_snrs_give_no_error_and_no_warning(made):
    rng = np.random.default_rng(3)
    checked = 0
    for draw in range(300):
        case = snr_report(made, rng, draw)
        if case is not None:
            checked += 1
            assert found(case) == set(), case.document["evaluations"]["spoken-words"]
    assert checked > 250


POLICIES = {
    "rms": lambda noisy, clean: noisy * np.sqrt(np.mean(clean**2) / np.mean(noisy**2)),
    "clip": lambda noisy, _: np.clip(noisy, -1, 1),
    "peak_to": lambda noisy, _: noisy / np.max(np.abs(noisy)),
    "peak_match": lambda noisy, clean: noisy * np.max(np.abs(clean)) / np.max(np.abs(noisy)),
    "identity": lambda noisy, _: noisy,
}
LEVEL = {
    "step": "normalize",
    "measured_on": "input",
    "includes_padding": True,
    "zero_energy": "leave",
}
TRANSFORMS = {
    "rms": [{**LEVEL, "measure": "rms", "target": 1}],
    "clip": [{"step": "clip", "low": -1, "high": 1}],
    "peak_to": [{**LEVEL, "measure": "peak", "target": 1}],
    "peak_match": [{**LEVEL, "measure": "peak", "target": "clean"}],
    "identity": [],
}
SAMPLES = 2000


def clips(rng, count=60):
    """Clips at RMS 1 with the peaks of audio (Laplace: crest factors around 7) and pure tones."""
    made = rng.laplace(size=(count, SAMPLES))
    made[::7] = np.sin(np.arange(SAMPLES) * rng.uniform(0.01, 1, (len(made[::7]), 1)))
    return made / np.sqrt(np.mean(made**2, axis=1, keepdims=True))


def measured(policy, batch, sigma, rng, dtype=np.float32):
    """Norm ratios and clean biases of two draws per clip."""
    ratios, biases = [], []
    for clean in batch.astype(dtype):
        for _ in range(2):
            noise = (sigma * rng.standard_normal(clean.size)).astype(dtype)
            norm = np.linalg.norm(noise.astype(float))
            moved = POLICIES[policy](clean + noise, clean).astype(float) - clean
            ratios.append(np.linalg.norm(moved) / norm)
            biases.append(
                np.linalg.norm(POLICIES[policy](clean, clean).astype(float) - clean) / norm
            )
    return np.array(ratios), np.array(biases)


def geometry_of(policy, sigma, claims):
    contract = {
        "pipeline": "keyword-spotter",
        "object": "waveform",
        "perturbation": {
            "law": "gaussian",
            "norm": "l2",
            "location": "normalize",
            "dtype": "float32",
        },
        "scale": ["certified_radius"],
        "transform": TRANSFORMS[policy],
    }
    crop = {"step": "crop_pad", "length_samples": SAMPLES, "anchor": "start", "pad": "zero"}
    evaluation = {
        "kind": "geometry",
        "data": "test-set",
        "contract": "changed",
        "sigma": sigma,
        "draws": 2,
    }
    return {
        "data": {"test-set": {"examples": 60}},
        "pipelines": {"keyword-spotter": [MIX, crop, GAIN]},
        "contracts": {"changed": contract},
        "evaluations": {"geometry": {**evaluation, "claims": claims}, "spoken-words": None},
    }


def claimed(ratios, biases, digits=6):
    """D_geom, mean, median and clean bias, printed to some significant digits."""

    def text(value):
        return f"{value:.{digits - 1}e}"

    return [
        {"metric": "d_geom", "value": text(np.mean(np.abs(ratios - 1)))},
        {"metric": "norm_ratio", "statistic": "mean", "value": text(np.mean(ratios))},
        {"metric": "norm_ratio", "statistic": "median", "value": text(np.median(ratios))},
        {"metric": "clean_bias", "statistic": "mean", "value": text(np.mean(biases))},
    ]


@pytest.mark.parametrize("policy", TRANSFORMS)
@pytest.mark.parametrize("sigma", [0.0025, 0.01, 0.05])
def test_honest_geometry_gives_no_error_and_no_warning(policy, sigma, made):
    rng = np.random.default_rng(int(sigma * 1e4))
    claims = claimed(*measured(policy, clips(rng), sigma, rng))
    assert found(made(geometry_of(policy, sigma, claims))) == set()


def test_two_noise_levels_and_two_policies_on_the_same_clips_agree(made):
    rng = np.random.default_rng(11)
    batch, patch = clips(rng), geometry_of("clip", 0.0025, [])
    patch["contracts"]["peak"] = {
        **patch["contracts"]["changed"],
        "transform": TRANSFORMS["peak_to"],
    }
    base = patch["evaluations"].pop("geometry")
    for policy, contract in (("clip", "changed"), ("peak_to", "peak")):
        for sigma in (0.0025, 0.01, 0.05):
            claims = claimed(*measured(policy, batch, sigma, rng))
            one = {**base, "contract": contract, "sigma": sigma, "claims": claims}
            patch["evaluations"][f"{policy}-{sigma}"] = one
    assert found(made(patch)) == set()


# --- planted lies


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("84.40", "RA401"),  # .1 dB stronger than the radius
        ("83.50", "RA402"),  # below the floor of 83.98 dB
        ("42.26", "RA403"),  # 10 log10 instead of 20 log10: 84.51 / 2
        ("42.47", "RA403"),  # the RMS for the norm: 84.51 - 42.04
        ("81.50", "RA403"),  # one channel for two: 84.51 - 3.01
    ],
)
def test_a_planted_snr_is_an_error_of_its_rule(value, code, made):
    claims = [
        {
            "metric": "certified_radius",
            "statistic": "median",
            "population": "all",
            "value": ".007525",
        },
        {"metric": "certified_snr", "statistic": "median", "population": "all", "value": value},
    ]
    for claim in claims:
        claim["interpolation"] = "lower"
    claims[1]["interpolation"] = "upper"
    case = made({"evaluations": {"spoken-words": {"claims": claims}}})
    assert found(case) == {(code, "error", "/evaluations/spoken-words/claims/1/value")}


def test_an_snr_of_another_length_is_caught_where_the_radius_is_at_the_ceiling(made):
    # 20 log10(sqrt(80000) / .007996) = 90.97 dB in a file that declares 16 000 samples: too weak
    # an SNR, which clips without energy could explain, so a warning.
    claims = [
        {
            "metric": "certified_radius",
            "statistic": "median",
            "population": "all",
            "value": ".007996",
        },
        {"metric": "certified_snr", "statistic": "median", "population": "all", "value": "90.97"},
    ]
    case = made({"evaluations": {"spoken-words": {"claims": claims}}})
    assert {code for code, _, _ in found(case)} == {"RA401"}


@pytest.mark.parametrize("declared", TRANSFORMS)
@pytest.mark.parametrize("ran", TRANSFORMS)
def test_another_policy_than_the_declared_one_is_seen(declared, ran, made):
    # Clips of RMS 1 with crest factors above 1.4: clipping and a gain to peak 1 are the one pair
    # that only a comparison with the other can tell apart.
    rng = np.random.default_rng(5)
    claims = claimed(*measured(ran, clips(rng), 0.0025, rng))
    codes = {code for code, _, _ in found(made(geometry_of(declared, 0.0025, claims)))}
    same = declared == ran or {declared, ran} == {"clip", "peak_to"}
    near = {declared, ran} <= {"identity", "rms", "peak_match"} and declared == "peak_match"
    near = near or declared == "clip"  # a box may leave some clips as they are
    assert codes == set() if same or near else codes & {"RA503", "RA504", "RA508"}


def test_a_peak_gain_as_printed_is_named_as_a_gain_to_one(made):
    claims = [{"metric": "d_geom", "value": "346.01"}]
    findings, _ = run_rules(made(geometry_of("peak_match", 0.0025, claims)), FAMILY)
    (error,) = [f for f in findings if f.severity == "error"]
    assert (error.code, error.pointer) == ("RA504", f"{GEOMETRY}/0/value")
    assert "brings the peak of what arrives" in error.evidence["fits"]


def test_the_share_of_clean_distortion_is_that_of_the_known_answers(made):
    # (mean - 1) / mean >= 1 - 1 / (D - 1): .9962 and .9971 at the printed 264.27 and 346.01
    for policy, d_geom, share in (("clip", "264.27", 0.9962), ("peak_to", "346.01", 0.9971)):
        case = made(geometry_of(policy, 0.0025, [{"metric": "d_geom", "value": d_geom}]))
        (warning,) = run_rules(case, FAMILY)[0]
        assert warning.code == "RA505"
        assert warning.evidence["least_share"] == pytest.approx(share, abs=5e-5)


def test_the_ratios_of_the_paper_are_no_means_but_may_be_medians(made):
    for d_geom, ratio in (("264.27", "271.65"), ("238.81", "230.64"), ("346.01", "351.03")):
        for statistic, expected in (("mean", {"RA501"}), ("median", set())):
            claims = [
                {"metric": "d_geom", "value": d_geom},
                {"metric": "norm_ratio", "statistic": statistic, "value": ratio},
                {"metric": "clean_bias", "statistic": "mean", "value": d_geom},
            ]
            case = made(geometry_of("clip", 0.0025, claims))
            assert {code for code, _, _ in found(case)} == expected


@pytest.mark.parametrize("field", ["length_samples", "target", "includes_padding", "zero_energy"])
def test_an_unstated_level_accuses_nobody(field, made):
    crop = {"step": "crop_pad", "length_samples": 16_000, "anchor": "start", "pad": "zero"}
    gain = dict(GAIN)
    step = crop if field in crop else gain
    step[field] = "unstated"
    claims = [
        {
            "metric": "certified_radius",
            "statistic": "median",
            "population": "all",
            "value": ".007525",
        },
        {"metric": "certified_snr", "statistic": "median", "population": "all", "value": "60.00"},
    ]
    case = made(
        {
            "study": {"kind": "transcription"},
            "pipelines": {"keyword-spotter": [MIX, crop, gain]},
            "evaluations": {"spoken-words": {"claims": claims}},
        }
    )
    assert "error" not in {severity for _, severity, _ in found(case)}
