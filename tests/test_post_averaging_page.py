"""The page of the measured table is made of the committed measurements."""

import json
from pathlib import Path

from benchmarks.post_averaging_page import page

ROOT = Path(__file__).parent.parent
MEASURED = ROOT / "benchmarks" / "post_averaging.json"


def test_the_page_is_fresh() -> None:
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    written = (ROOT / "docs" / "post-averaging.md").read_text(encoding="utf-8")

    assert written == page(found), "stale: python -m benchmarks.post_averaging_page"


def test_the_measured_table_is_the_paper_s_story_and_its_other_half() -> None:
    """Boundary-hugging examples are undone as often as printed; those that use epsilon are not."""
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    rate = {key: stage["defence rate"] for key, stage in found.items() if key.startswith("table/")}

    assert abs(rate["table/deepfool"] - 0.8872) < 0.06  # two standard errors of 171 examples
    assert rate["table/fgsm"] < 0.1
    assert rate["table/pgd"] < 0.1
    assert found["table/pgd"]["pgd: base accuracy"] < 0.02
    assert abs(found["clean/ResNet-56"]["clean"] - 0.934) < 0.015
    both = found["clean/ResNet-56 defended"]
    assert both["clean"] - both["defended clean"] <= 0.03 + 1e-9


def test_every_row_of_the_table_keeps_the_identities() -> None:
    """O = C - A and u, v in their ranges (RA601-RA604), in whole examples."""
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    for key, stage in found.items():
        if not key.startswith("table/"):
            continue
        n, name = stage["images"], key.removeprefix("table/").replace(" ", "-")
        c, a = round(stage["clean"] * n), round(stage["adversarial examples"])
        assert round(stage[f"{name}: base accuracy"] * n) == c - a
        d = round(stage["defence rate"] * a)
        u = round(stage[f"{name}: defended accuracy"] * n) - d
        v = round(stage["defended clean"] * n) - u
        assert 0 <= u <= n - a
        assert 0 <= v <= a
