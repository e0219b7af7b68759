"""Each contradicted copy of the example ends with 1, and the first lines name its lie."""

import pytest

from repaudit.audit.audit import Audit
from repaudit.audit.finding import Severity
from repaudit.check import CheckOptions, check
from repaudit.report.causes import causes
from tests.studies import EXAMPLE

FOLDER = EXAMPLE.parent / "contradicted"
ACCURACY = "/evaluations/waveform-high/claims/0"
HIGH, LOW, LOG_MEL = (
    f"/evaluations/{name}/evidence" for name in ("waveform-high", "waveform-low", "log-mel")
)
CLIP = "fit a run with a clip to [-1, 1] after the noise"


def audited(name: str, *, static: bool = False) -> Audit:
    options = CheckOptions(device="cpu", static=static, nonce="5" * 32, roots={"example": EXAMPLE})
    return check(FOLDER / name / "results.json", options)


def named(audit: Audit) -> list[tuple[str, str]]:
    """Return pointer and words of what the report lists first, less what follows from it.

    What is said of an evaluation's counts explains what is said of its numbers.
    """
    listed = [(cause.item.pointer, cause.text) for cause in causes(audit)]
    counts = [pointer for pointer, _ in listed if pointer.endswith("/evidence")]
    folders = tuple(pointer.removesuffix("evidence") for pointer in counts)
    return [(p, text) for p, text in listed if p in counts or not p.startswith(folders or ("-",))]


def test_inflated_accuracy_is_refuted_by_its_own_counts_without_a_run() -> None:
    audit = audited("inflated-accuracy", static=True)
    assert audit.exit_code == 1
    assert [pointer for pointer, _ in named(audit)] == [ACCURACY]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("inflated-accuracy", [(ACCURACY, "of the released counts, found 85.42")]),
        ("mislabelled-sigma", [(HIGH, "fit a run with sigma 0.85 ")]),
        ("undeclared-clip", [(LOW, CLIP)]),
        (
            "all-three",
            [(ACCURACY, "found 85.42"), (LOW, CLIP), (LOG_MEL, "sigma 3 ")],
        ),
    ],
)
def test_the_first_lines_name_exactly_the_planted_lies(
    name: str, expected: list[tuple[str, str]]
) -> None:
    audit = audited(name)
    found = named(audit)
    assert audit.exit_code == 1
    assert sorted(pointer for pointer, _ in expected) == sorted(pointer for pointer, _ in found)
    words = dict(found)
    assert all(cause in words[pointer] for pointer, cause in expected)
    assert [pointer for pointer, _ in found] == [
        cause.item.pointer for cause in causes(audit)[: len(found)]
    ]


def test_every_copy_declares_only_what_is_there() -> None:
    """The lie is in the numbers: files, hashes and references are in order."""
    for path in sorted(FOLDER.glob("*/results.json")):
        findings = audited(path.parent.name, static=True).findings
        errors = {f.code for f in findings if f.severity is not Severity.NOTE}
        inflated = path.parent.name in ("inflated-accuracy", "all-three")
        assert errors == ({"RA853"} if inflated else set()), path
