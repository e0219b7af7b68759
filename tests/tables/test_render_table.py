"""The compliant table: what the author selected, and what nobody can leave out."""

import copy
import re
from itertools import pairwise
from typing import Any

import pytest
from markdown_it import MarkdownIt

from repaudit._core.errors import InputError
from repaudit.contract.results import Results
from repaudit.tables.render import render_table

NORMALIZE = {
    "step": "normalize",
    "measure": "rms",
    "target": 1.0,
    "measured_on": "clean",
    "includes_padding": True,
    "zero_energy": "leave",
}
LOG_MEL = {
    "step": "log_mel",
    "n_fft": 1024,
    "win_length": 400,
    "hop_length": 160,
    "window": "hann",
    "center": True,
    "pad_mode": "reflect",
    "power": 2,
    "n_mels": 64,
    "f_min_hz": 0,
    "f_max_hz": 8000,
    "mel_scale": "htk",
    "filter_norm": "none",
    "log": "ln",
    "floor": "1e-6",
    "floor_mode": "add",
    "top_db": None,
}
ACCURACY = {"metric": "certified_accuracy", "at_radius": 0, "unit": "percent"}
RADIUS = {"metric": "certified_radius", "statistic": "median", "population": "all"}
SNR = {"metric": "certified_snr", "statistic": "median", "population": "certified"}


def contract(object: str, location: str, transform: list[Any]) -> dict[str, Any]:
    return {
        "pipeline": "kws",
        "object": object,
        "perturbation": {
            "law": "gaussian",
            "norm": "l2",
            "location": location,
            "dtype": "float32",
        },
        "transform": transform,
        "scale": ["certified_radius"],
    }


def certification(contract: str, sigma: str, accuracy: str, radius: str, snr: str | None) -> Any:
    claims: list[dict[str, Any]] = [
        {**ACCURACY, "value": accuracy},
        {**RADIUS, "value": radius, "rounding": "floor"},
    ]
    if snr is not None:
        claims.append({**SNR, "value": snr, "rounding": "ceil"})
    return {
        "kind": "certification",
        "data": "test",
        "model": "cnn",
        "contract": contract,
        "sigma": sigma,
        "sampling": "mc",
        "claims": claims,
    }


BASE: dict[str, Any] = {
    "$schema": "urn:repaudit:results:1",
    "study": {"title": "made up", "kind": "original"},
    "data": {"test": {"kind": "audio", "examples": 48, "classes": 2, "subset": {"rule": "all"}}},
    "pipelines": {"kws": [NORMALIZE, LOG_MEL]},
    "models": {"cnn": {"output": "logits", "dtype": "float32", "checkpoints": [{"id": "a"}]}},
    "contracts": {
        "wave": contract("waveform", "normalize", []),
        "clip": contract("waveform", "normalize", [{"step": "clip", "low": -1, "high": 1}]),
        "mel": contract("feature", "log_mel", []),
    },
    "sampling": {
        "mc": {
            "n0": 50,
            "n": 500,
            "alpha": 0.001,
            "bound": "clopper_pearson_one_sided",
            "selection": "independent",
        }
    },
    "evaluations": {
        "low": certification("wave", "0.0025", "91.67", ".005812", "86.62"),
        "high": certification("wave", "0.01", "60.42", ".01731", "77.10"),
        "clip": certification("clip", "0.0025", "79.17", ".004410", "88.91"),
        "mel": certification("mel", "0.5", "89.58", "1.2214", None),
    },
}
ACC = {"label": "acc", "select": {"metric": "certified_accuracy", "at_radius": 0}}
MEDIAN = {"label": "radius", "select": {"metric": "certified_radius"}}
WAVE = {"evaluation": ["low", "high", "clip"]}


def row(*evaluations: str, **more: str) -> dict[str, Any]:
    return {"label": " ".join(evaluations), "select": {"evaluation": list(evaluations)}, **more}


def results(table: dict[str, Any] | None = None, **patch: Any) -> Results:
    document = {**copy.deepcopy(BASE), **patch}
    if table is not None:
        document["tables"] = {"t": {"caption": "Certificates", **table}}
    return Results.model_validate(document)


def cells(rendered: str) -> list[list[str]]:
    """Return the cells of a Markdown table as a reader sees them."""
    tokens = MarkdownIt("commonmark").enable("table").parse(rendered)
    rows: list[list[str]] = []
    for before, token in pairwise(tokens):
        if before.type == "tr_open":
            rows.append([])
        if before.type in ("th_open", "td_open"):
            rows[-1].append("".join(part.content for part in token.children or []))
    return rows


def test_object_location_gain_function_sigma_radius_and_snr_are_forced() -> None:
    found = cells(render_table(results({"rows": [row("clip")], "columns": [ACC]}), "t", "markdown"))
    assert found == [
        [
            "",
            "certifies",
            "noise",
            "gain policy",
            "function",
            "sigma (full-scale amplitude)",
            "acc (%)",
            "R (full-scale amplitude)",
            "SNR (dB)",
        ],
        [
            "clip",
            "waveform",
            "after normalize",
            "RMS to 1, frozen from the clean clip",
            "f∘T, T = clip to [-1, 1]",
            "0.0025",
            "79.17",
            ".004410 (median over all)",
            "88.91 (median over certified)",
        ],
    ]


def test_a_radius_that_the_author_shows_is_not_repeated() -> None:
    columns = [ACC, {"label": "radius", "select": {"metric": "certified_radius"}}]
    table = {"rows": [row("low"), row("high")], "columns": columns}
    header = cells(render_table(results(table), "t", "markdown"))[0]
    assert header[6:] == ["acc (%)", "radius", "SNR (dB)"]


def test_a_radius_that_is_not_claimed_is_said_to_be_missing() -> None:
    evaluations = copy.deepcopy(BASE["evaluations"])
    del evaluations["low"]["claims"][1:]
    file = results({"rows": [row("low")], "columns": [ACC]}, evaluations=evaluations)
    assert cells(render_table(file, "t", "markdown"))[1][-2:] == ["not reported", "not reported"]


def test_a_feature_table_has_no_snr_and_says_what_it_does_not_certify() -> None:
    rendered = render_table(results({"rows": [row("mel")], "columns": [ACC]}), "t", "markdown")
    assert cells(rendered)[0][-1] == "R (ln)"
    assert "SNR" not in rendered
    assert "It certifies the feature, not the recording." in rendered


def test_the_footnote_says_alpha_budget_bound_population_rounding_and_expected_failures() -> None:
    columns = [ACC, {"label": "R", "select": {"metric": "certified_radius"}}]
    rendered = render_table(results({"rows": [row("low")], "columns": columns}), "t", "markdown")
    assert (
        "n0 = 50, n = 500, alpha = 0.001 per example, one-sided Clopper-Pearson bound" in rendered
    )
    # by hand: 48 examples x 0.001
    assert "Of N = 48 certificates, N·alpha = 0.048" in rendered
    assert "population all: every example" in rendered
    assert "rounded: to the nearest (certified accuracy); down (R)." in rendered


def test_rows_of_quantities_get_the_forced_facts_above_and_below() -> None:
    table = {
        "rows": [{"label": "accuracy", "select": ACC["select"]}],
        "columns": [
            {"label": "low", "select": {"evaluation": "low"}},
            {"label": "high", "select": {"evaluation": "high"}},
        ],
    }
    # one row over two evaluations, one column each: facts are rows
    found = cells(render_table(results(table), "t", "markdown"))
    assert [line[0] for line in found] == [
        "",
        "certifies",
        "noise",
        "gain policy",
        "function",
        "sigma (full-scale amplitude)",
        "accuracy",
        "R (full-scale amplitude)",
        "SNR (dB)",
    ]
    assert found[5][1:] == ["0.0025", "0.01"]
    assert found[6][1:] == ["91.67", "60.42"]


def test_the_best_sigma_is_picked_shown_and_said_to_be_chosen_on_the_test_set() -> None:
    table = {
        "rows": [row("low", "high", pick="max")],
        "columns": [ACC, {**ACC, "label": "best sigma", "show": "sigma"}],
    }
    rendered = render_table(results(table), "t", "markdown")
    header, line = cells(rendered)[:2]
    assert line[header.index("acc (%)")] == "91.67"
    assert line[header.index("best sigma")] == "0.0025"
    assert "chosen on the test set" in rendered


def test_percent_and_fraction_are_picked_on_one_scale() -> None:
    evaluations = copy.deepcopy(BASE["evaluations"])
    evaluations["high"]["claims"][0].update(value="0.95", unit="fraction")
    table = {"rows": [row("low", "high", pick="max")], "columns": [ACC]}
    assert "0.95" in render_table(results(table, evaluations=evaluations), "t", "markdown")


@pytest.mark.parametrize(
    ("table", "where", "found"),
    [
        (
            {"rows": [row("low", "high")], "columns": [ACC]},
            "tables/t, row low high, column acc",
            "2 (/evaluations/low/claims/0, /evaluations/high/claims/0)",
        ),
        (
            {"rows": [row("gone")], "columns": [ACC]},
            "tables/t, row gone, column acc",
            "none",
        ),
        (
            {"rows": [row("low", "high", pick="max")], "columns": [{**ACC, "pick": "min"}]},
            "tables/t, row low high, column acc",
            "max and min",
        ),
        (
            {"rows": [row("low", pick="max")], "columns": [{"label": "x", "select": {}}]},
            "tables/t, row low, column x",
            "certified_accuracy and certified_radius and certified_snr",
        ),
        (
            {"rows": [row("low"), row("mel")], "columns": [MEDIAN]},
            "tables/t, column radius",
            "waveform (full-scale amplitude) in row low and feature (ln) in row mel",
        ),
        (
            {"rows": [row("low"), row("mel")], "columns": [{**ACC, "show": "sigma"}]},
            "tables/t, column acc",
            "waveform (full-scale amplitude) in row low and feature (ln) in row mel",
        ),
        (
            {
                "rows": [{"label": "median", "select": MEDIAN["select"]}],
                "columns": [row("low"), row("mel")],
            },
            "tables/t, row median",
            "waveform (full-scale amplitude) in column low and feature (ln) in column mel",
        ),
        (
            {"caption": "Waveform robustness", "rows": [row("mel")], "columns": [ACC]},
            "tables/t",
            "Waveform robust",
        ),
    ],
)
def test_a_table_that_would_mislead_is_refused(
    table: dict[str, Any], where: str, found: str
) -> None:
    with pytest.raises(InputError) as caught:
        render_table(results(table), "t", "markdown")
    assert (where, found) == (caught.value.where, caught.value.found)


def test_shares_of_two_objects_stand_together_and_their_radii_apart() -> None:
    found = cells(
        render_table(results({"rows": [row("low"), row("mel")], "columns": [ACC]}), "t", "markdown")
    )
    both = ["waveform (full-scale amplitude)", "feature (ln)"]
    assert found[0][5:] == [
        *(f"sigma, {kind}" for kind in both),
        "acc (%)",
        f"R, {both[0]}",
        "SNR (dB)",
        f"R, {both[1]}",
    ]
    low, mel = (line[5:] for line in found[1:])
    medians = [".005812 (median over all)", "86.62 (median over certified)"]
    assert low == ["0.0025", "–", "91.67", *medians, "–"]
    assert mel == ["–", "0.5", "89.58", "–", "–", "1.2214 (median over all)"]


def test_a_table_of_two_objects_says_that_their_radii_do_not_compare() -> None:
    table = {"rows": [row("low"), row("mel")], "columns": [ACC]}
    rendered = render_table(results(table), "t", "html")
    assert "of different coordinates are not compared" in rendered
    assert "It certifies the feature, not the recording." in rendered


def test_words_for_a_waveform_stand_beside_a_waveform_alone() -> None:
    low, mel = row("low"), row("mel")
    named = {"rows": [{**low, "label": "Waveform certificate"}, mel], "columns": [ACC]}
    assert "Waveform certificate" in render_table(results(named), "t", "markdown")
    named["rows"][1] = {**mel, "label": "Waveform certificate"}
    with pytest.raises(InputError, match="words for a feature certificate"):
        render_table(results(named), "t", "markdown")


def test_waveform_robustness_may_be_said_of_a_waveform() -> None:
    table = {"caption": "Waveform robustness", "rows": [row("low")], "columns": [ACC]}
    assert "Waveform robustness" in render_table(results(table), "t", "latex")


def test_a_plan_has_no_values_to_show() -> None:
    evaluations = copy.deepcopy(BASE["evaluations"])
    for claim in evaluations["low"]["claims"]:
        del claim["value"]
    with pytest.raises(InputError, match="a plan"):
        render_table(results(evaluations={"low": evaluations["low"]}), None, "markdown")


def test_sigma_of_an_evaluation_without_noise_is_refused() -> None:
    clean = {
        "kind": "empirical",
        "data": "test",
        "model": "cnn",
        "pipeline": "kws",
        "attacks": [],
        "claims": [{"metric": "clean_accuracy", "classifier": "base", "value": "9", "unit": "s"}],
    }
    column = {"label": "sigma", "select": {"metric": "clean_accuracy"}, "show": "sigma"}
    file = results({"rows": [row("clean")], "columns": [column]}, evaluations={"clean": clean})
    with pytest.raises(InputError, match="an evaluation with a sigma"):
        render_table(file, "t", "markdown")


def test_a_file_without_tables_gets_one_per_certified_object() -> None:
    rendered = render_table(results(), None, "markdown")
    captions = re.findall(r"^\*\*(.*)\*\*$", rendered, re.M)
    assert captions == ["Certificates of the waveform", "Certificates of the feature"]
    # header, three waveform evaluations, header, one feature evaluation
    assert [line[0] for line in cells(rendered)] == [
        "evaluation",
        "low",
        "high",
        "clip",
        "evaluation",
        "mel",
    ]


def test_all_declared_tables_are_rendered_when_none_is_named() -> None:
    table = {"caption": "Certificates", "rows": [row("low")], "columns": [ACC]}
    file = results(tables={"one": table, "two": {**table, "rows": [row("mel")]}})
    assert render_table(file, None, "markdown").count("**Certificates**") == 2


def test_claims_of_one_checkpoint_have_a_row_of_their_own() -> None:
    evaluations = {"low": copy.deepcopy(BASE["evaluations"]["low"])}
    evaluations["low"]["claims"].append({**ACCURACY, "value": "93.75", "checkpoint": "a"})
    rendered = render_table(results(evaluations=evaluations), None, "markdown")
    assert [line[0] for line in cells(rendered)] == ["evaluation", "low", "low, a"]


def test_spread_and_the_way_runs_were_combined_are_said() -> None:
    evaluations = {"low": copy.deepcopy(BASE["evaluations"]["low"])}
    spread = {"value": "0.35", "statistic": "std", "over": "seeds", "ddof": 1}
    evaluations["low"]["claims"][0].update(across="mean", spread=spread)
    interval = {"low": ".0057", "high": ".0059", "statistic": "interval", "over": "runs"}
    evaluations["low"]["claims"][1].update(across="median", spread={**interval, "level": 0.95})
    rendered = render_table(results(evaluations=evaluations), None, "markdown")
    assert "91.67 ± 0.35" in cells(rendered)[1]
    assert ".005812 [.0057, .0059]" in cells(rendered)[1]
    assert "across runs: mean (certified accuracy); median (R)." in rendered
    assert "±: std over seeds, ddof 1." in rendered
    assert "interval over runs, level 0.95." in rendered


def test_an_unstated_setting_is_printed_as_unstated() -> None:
    sampling = {"mc": {**BASE["sampling"]["mc"], "alpha": "unstated", "bound": "unstated"}}
    study = {"title": "made up", "kind": "transcription"}
    rendered = render_table(results(sampling=sampling, study=study), None, "markdown")
    assert "alpha = unstated per example, bound unstated" in rendered
    assert "N or alpha is unstated" in rendered


def test_an_unknown_table_is_refused_with_the_nearest_name() -> None:
    file = results({"rows": [row("low")], "columns": [ACC]})
    with pytest.raises(InputError, match="found tt"):
        render_table(file, "tt", "markdown")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="found pdf"):
        render_table(results(), None, "pdf")


def test_a_file_without_claims_has_no_table() -> None:
    evaluations = {"low": {**BASE["evaluations"]["low"], "claims": []}}
    with pytest.raises(InputError, match="a claim to show"):
        render_table(results(evaluations=evaluations), None, "markdown")


HOSTILE = r"\input{/etc/passwd}%$#&_^~{}[*]|`<script>" + "\n\n| a | \x1b[31m\u202e"


@pytest.mark.parametrize("format", ["markdown", "latex"])
def test_hostile_words_of_an_author_stay_words(format: str) -> None:
    table = {
        "caption": HOSTILE,
        "rows": [{**row("low"), "label": HOSTILE}],
        "columns": [{**ACC, "label": HOSTILE}],
    }
    rendered = render_table(results(table), "t", format)
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", rendered)
    if format == "latex":
        assert "\\input{" not in rendered
        # a header and eight lines, turned to fit the page; nothing of the author's
        assert rendered.count(r"\\") == 9
    else:
        assert {len(line) for line in cells(rendered)} == {9}
        assert not re.search(r"(?<!\\)<script", rendered)


def test_latex_has_balanced_braces_and_as_many_columns_as_its_format() -> None:
    rendered = render_table(results(), None, "latex")
    assert rendered.replace(r"\{", "").count("{") == rendered.replace(r"\}", "").count("}")
    for block in rendered.split(r"\begin{tabular}")[1:]:
        columns = re.findall(r"[lr]|p\{[0-9.]+\\linewidth\}", block.splitlines()[0])
        assert columns
        body = block.split(r"\toprule")[1].split(r"\bottomrule")[0]
        lines = [line for line in body.splitlines() if line.endswith(r"\\")]
        assert lines
        for line in lines:
            assert len(re.findall(r"(?<!\\)&", line)) == len(columns) - 1


def test_latex_writes_its_own_signs_as_commands() -> None:
    rendered = render_table(results(), None, "latex")
    assert rendered.isascii()
    assert r"$f \circ T$" in rendered


def test_latex_labels_the_table_by_its_name() -> None:
    table = {"caption": "Certificates", "rows": [row("low")], "columns": [ACC]}
    rendered = render_table(results(tables={"low_sigma": table}), "low_sigma", "latex")
    assert r"\label{tab:low-sigma}" in rendered


def test_evaluations_without_certificates_have_plain_tables_of_their_own() -> None:
    geometry = {
        "kind": "geometry",
        "data": "test",
        "contract": "clip",
        "sigma": "0.0025",
        "draws": 16,
        "claims": [
            {"metric": "d_geom", "value": "264.27"},
            {"metric": "norm_ratio", "statistic": "quantile", "level": 0.9, "value": "271"},
        ],
    }
    rendered = render_table(results(evaluations={"clip": geometry}), None, "markdown")
    assert cells(rendered) == [
        ["evaluation", "D_geom", "quantile at 0.9 norm ratio"],
        ["clip", "264.27", "271"],
    ]
    assert "certificates" not in rendered
    table = {"rows": [row("clip")], "columns": [{"label": "D", "select": {"metric": "d_geom"}}]}
    file = results(table, evaluations={"clip": geometry})
    assert cells(render_table(file, "t", "markdown")) == [["", "D"], ["clip", "264.27"]]
