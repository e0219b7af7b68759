"""Each contradicted copy of the example ends with 1, and the first lines name its lie."""

import pytest

from repaudit.audit.audit import Audit
from repaudit.check import CheckOptions, check
from repaudit.report.causes import causes
from repaudit.report.formats import render_audit
from tests.studies import EXAMPLE

FOLDER = EXAMPLE.parent / "contradicted"
ACCURACY = "positive-radius accuracy (waveform-high): declared 75.00 %, recomputed 72.9167 %"
SIGMA = "released counts against the re-run (waveform-high): "
CLIP = "released counts against the re-run (waveform-low): "


def audited(name: str, *, static: bool = False) -> Audit:
    options = CheckOptions(device="cpu", static=static, nonce="5" * 32, roots={"example": EXAMPLE})
    return check(FOLDER / name / "results.json", options)


def errors(audit: Audit) -> list[str]:
    """What the report lists first, as far as it is no consequence of a line before it."""
    named = causes(audit)
    counts = {c.item.evaluation for c in named if c.text.startswith("released counts")}  # type: ignore[union-attr]
    return [
        cause.text
        for cause in named
        if cause.text.startswith("released counts") or cause.item.evaluation not in counts  # type: ignore[union-attr]
    ]


def test_inflated_accuracy_is_refuted_by_its_own_counts_without_a_run() -> None:
    audit = audited("inflated-accuracy", static=True)
    assert audit.exit_code == 1
    assert len(errors(audit)) == 1
    assert errors(audit)[0].startswith(ACCURACY)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("inflated-accuracy", [(ACCURACY, "")]),
        ("mislabelled-sigma", [(SIGMA, "fit a run with sigma 0.85 ")]),
        ("undeclared-clip", [(CLIP, "fit a run with a clip to [-1, 1] after the noise")]),
        (
            "all-three",
            [
                (CLIP, "fit a run with a clip to [-1, 1] after the noise"),
                ("released counts against the re-run (log-mel): ", "sigma 3 "),
                (ACCURACY, ""),
            ],
        ),
    ],
)
def test_the_first_lines_name_exactly_the_planted_lies(
    name: str, expected: list[tuple[str, str]]
) -> None:
    audit = audited(name)
    found = errors(audit)
    assert audit.exit_code == 1
    assert len(expected) == len(found)
    for (start, cause), text in zip(expected, found, strict=True):
        assert text.startswith(start)
        assert cause in text
    first_screen = render_audit(audit, "text").split("Evidence")[0]
    assert all(start[:40] in first_screen.replace("\n", " ") for start, _ in expected)


def test_every_copy_declares_only_what_is_there() -> None:
    """The lie is in the numbers: files, hashes and references are in order."""
    for path in sorted(FOLDER.glob("*/results.json")):
        assert not audited(path.parent.name, static=True).findings, path
