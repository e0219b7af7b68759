"""The aliasing section: what folds, what was not measured, and no number without its kind."""

import re
from xml.etree import ElementTree

import pytest

from repaudit.audit.aliasing import DownsamplingLayer
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Estimate
from repaudit.audit.run import Measurement
from repaudit.report.aliasing import HEIGHT, WIDTH, aliasing, operation_of
from repaudit.report.formats import html, markdown
from repaudit.report.gaps import gaps
from repaudit.report.layer_table import layer_table
from repaudit.report.robustness import robustness
from tests.report import audits


def estimate(value: float | None) -> Estimate:
    ends = (None, None) if value is None else (0.9 * value, 1.1 * value)
    return Estimate(value=value, low=ends[0], high=ends[1], draws=48, method="over examples")


def layer(name: str = "blocks.0.3", **patch: object) -> DownsamplingLayer:
    fields: dict[str, object] = {
        "layer": name,
        "operation": "max_pool2d",
        "status": "measured",
        "maps": 8,
        "strides": [2, 1],
        "sizes": [16, 9],
        "extension": [1, 0],
        "am": estimate(2.25),
        "am_per_bin": estimate(0.015625),
        "am_relative": estimate(0.125),
        "alias_energy": estimate(0.25),
        "alias_db": estimate(-6.0),
        "axis_energy": [0.25, None],
        "white_noise": 0.53125,
        "hann_energy": 0.2,
        "decimation_error": 0.0,
        "folding_error": 1e-7,
        "before": [0.05] * 15 + [0.0] + [0.25] + [0.0] * 15,
        "after": [0.05] * 15 + [0.0],
        "folded": [0.25] + [0.0] * 15,
    }
    return DownsamplingLayer.model_validate(fields | patch)


def missing(name: str, reason: str) -> DownsamplingLayer:
    return DownsamplingLayer(layer=name, operation="index", status="not_measured", reason=reason)


def audit(*layers: DownsamplingLayer) -> Audit:
    measurement = Measurement(
        evaluation="folds", checkpoint="seed0", status="measured", examples=48, layers=list(layers)
    )
    base = audits.honest()
    return base.model_copy(update={"measurements": [*base.measurements, measurement]})


def test_without_a_layer_there_is_no_section() -> None:
    assert "Aliasing" not in html.render(audits.honest())
    assert "Aliasing" not in markdown.render(audits.honest())


@pytest.mark.parametrize("render", [html.render, markdown.render])
def test_every_layer_is_there_measured_or_not_with_its_reason(render: object) -> None:
    page = render(audit(layer(), missing("head", "no twin of index")))  # type: ignore[operator]
    assert "blocks.0.3" in page
    assert "no twin of index" in page
    assert "0.531" in page
    assert "not shown to cause" in page


def test_an_operation_is_said_with_grid_stride_and_extension() -> None:
    expected = "max_pool2d, stride 2 × 1, 32 × 9 to 16 × 9, 8 maps, input extended by 1 × 0"
    assert operation_of(layer()) == expected
    assert operation_of(layer(shortcut=True)).endswith(", shortcut")


def test_the_bar_ends_at_the_alias_energy_beside_white_noise() -> None:
    ((view,),) = [section.measured for section in aliasing(audit(layer()))]
    assert (view.bar, view.white) == (25.0, 53.125)
    ((full,),) = [s.measured for s in aliasing(audit(layer(alias_energy=estimate(1.75))))]
    assert full.bar == 100.0


def test_a_spectrum_stands_in_decibels_and_what_folds_lies_on_the_right() -> None:
    """A quarter of the energy is -6.02 dB of 60: nine tenths of the height; 0 is on the axis."""
    ((view,),) = [section.measured for section in aliasing(audit(layer()))]
    assert view.before is not None
    assert view.after is not None
    points = re.findall(r"L ([\d.]+) ([\d.]+)", view.before.above)
    assert [float(x) for x, _ in points[:2]] == [WIDTH / 2, WIDTH / 2 + WIDTH / 32]
    assert float(points[0][1]) == pytest.approx(HEIGHT * 6.02 / 60, abs=0.1)
    assert {float(y) for _, y in points[2:]} == {HEIGHT}
    assert float(re.findall(r"L ([\d.]+)", view.after.above)[0]) == 0.0


def test_the_page_is_well_formed_also_with_hostile_names_and_dead_layers() -> None:
    hostile = '</title><script>alert("x")</script>'
    undefined = dict.fromkeys(("am_relative", "alias_energy", "alias_db"), estimate(None))
    dead = layer("dead", before=[], after=[], folded=[], **undefined)
    page = html.render(audit(layer(hostile), dead, missing(hostile, hostile)))
    assert ElementTree.fromstring(page.replace("<!DOCTYPE html>", "")).tag == "html"
    assert "<script>alert" not in page
    assert "every map is 0" in page


def with_attacks(*accuracies: tuple[str, float]) -> Audit:
    """An audit that measured aliasing and an attack for each network."""
    base, energies = audits.honest(), {"one": 0.1, "two": 0.4}
    measurements = [
        Measurement(
            evaluation=f"{kind}-{model}",
            checkpoint="seed0",
            model=model,
            status="measured",
            layers=[layer(alias_energy=estimate(energies[model]))] if kind == "folds" else [],
        )
        for model, _ in accuracies
        for kind in ("folds", "pgd")
    ]
    comparisons = [
        audits.comparison(
            evaluation=f"pgd-{model}",
            metric="attacked_accuracy",
            label="attacked accuracy",
            measured=audits.measured(accuracy, accuracy, accuracy),
        )
        for model, accuracy in accuracies
    ]
    return base.model_copy(update={"measurements": measurements, "comparisons": comparisons})


def test_robustness_stands_against_aliasing_where_two_networks_have_both() -> None:
    """The network with most alias energy stands on the right edge, half way up for 50 %."""
    found = with_attacks(("one", 100.0), ("two", 50.0))
    one, two = robustness(found)
    assert (one.model, one.energy, one.accuracy) == ("one", 0.1, 100.0)
    assert (two.x, two.y) == (348.0, 100.0)
    assert one.x == 12.0 + 336.0 / 4
    assert "Robust accuracy against aliasing" in html.render(found)
    assert "| two | pgd-two | 50.0" in markdown.render(found).replace("\\", "")


def test_one_network_shows_nothing_about_robustness() -> None:
    found = with_attacks(("two", 50.0))
    assert robustness(found) == []
    assert "Robust accuracy" not in html.render(found)


def test_the_table_lists_every_layer_under_one_header() -> None:
    text = layer_table(audit(layer(), missing("head", "no twin")).measurements[-1])
    lines = text.splitlines()
    assert lines[0] == "folds, checkpoint seed0: 48 examples, 1 layer measured, 1 not"
    assert lines[2].split("  ")[1] == "blocks.0.3"
    assert lines[3] == "  not measured: head (index): no twin"


def test_a_layer_that_was_not_measured_is_a_gap_of_the_audit() -> None:
    found = gaps(audit(layer(), missing("head", "no twin of index")))
    assert ("head: no twin of index", "1 layer") in [(gap.reason, gap.what) for gap in found]
