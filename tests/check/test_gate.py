"""The gate: a committed audit, looked at by a machine that cannot re-run it."""

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from repaudit._core.errors import InputError
from repaudit.check import CheckOptions, check
from repaudit.check.gate import Gated, GateOptions, gate
from repaudit.check.outputs import write_outputs

NOW = datetime.now(UTC)
Json = dict[str, Any]
Edit = Callable[[Json], None]


@pytest.fixture(scope="module")
def committed(measured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with the audit of a full re-run, and without weights and recordings."""
    folder = tmp_path_factory.mktemp("committed") / "study"
    shutil.copytree(measured, folder)
    out = folder / "audit"
    options = CheckOptions(device="cpu", mode="full", out=out, nonce="0" * 32)
    write_outputs(check(folder / "results.json", options), out)
    shutil.rmtree(folder / "audio")
    (folder / "model.safetensors").unlink()
    return folder


@pytest.fixture
def folder(committed: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return shutil.copytree(committed, tmp_path / "study")


def at_the_gate(folder: Path, **options: Any) -> Gated:
    return gate(
        folder / "audit" / "audit.json", folder / "results.json", GateOptions(**options), NOW
    )


def broken(gated: Gated) -> list[str]:
    return [seal.what for seal in gated.seals if seal.status == "failed"]


def edited(folder: Path, edit: Edit) -> Path:
    """Change the audit as somebody with an editor would."""
    path = folder / "audit" / "audit.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    edit(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_an_honest_audit_passes_and_the_gate_says_what_it_cannot_see(folder: Path) -> None:
    gated = at_the_gate(folder)
    assert (broken(gated), gated.audit.exit_code) == ([], 0)
    seals = {seal.what: seal for seal in gated.seals}
    assert seals["its own counts are the recorded ones"].status == "passed"
    assert seals["its measured numbers follow from its own counts"].status == "passed"
    open_seals = [seal.reason for seal in gated.seals if seal.status == "not_checked"]
    assert len(open_seals) == 1
    assert "can be forged" in open_seals[0]


def test_it_ends_as_the_audit_itself_with_the_same_level(folder: Path) -> None:
    recorded = json.loads((folder / "audit" / "audit.json").read_text(encoding="utf-8"))
    gated = at_the_gate(folder)
    assert (gated.audit.level, gated.audit.exit_code) == (recorded["level"], 0)
    assert recorded["level"] >= "L2"


def test_one_byte_more_in_the_results_file_is_another_file(folder: Path) -> None:
    with (folder / "results.json").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    gated = at_the_gate(folder)
    assert gated.audit.exit_code == 1
    # the seed follows from the file, so it is another one too
    assert broken(gated) == [
        "the results file is the audited one",
        "its noise follows from the file and the recorded nonce",
    ]


def test_a_hash_patched_into_the_audit_does_not_have_the_seed_of_the_file(folder: Path) -> None:
    path = folder / "results.json"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    edited(folder, lambda audit: audit["subject"].update(sha256=sha256))
    assert broken(at_the_gate(folder)) == ["its noise follows from the file and the recorded nonce"]


def raised_level(audit: Json) -> None:
    audit["level"] = "L3"
    for level in audit["levels"]:
        level["status"] = "passed"


def better_number(audit: Json) -> None:
    claim = next(c for c in audit["comparisons"] if c["measured"] is not None)
    claim["measured"]["value"] = claim["measured"]["value"] * 1.001 + 0.01


def left_out(audit: Json) -> None:
    del audit["comparisons"][0]


def wide_margins(audit: Json) -> None:
    audit["options"]["margins"] = {"radius": 1.0}


def large_risk(audit: Json) -> None:
    audit["options"]["risk"] = 0.2


def nameless(audit: Json) -> None:
    audit["environment"]["repaudit"] = "unknown"


def from_tomorrow(audit: Json) -> None:
    audit["started"] = (NOW + timedelta(days=1)).isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        (better_number, "its measured numbers follow from its own counts"),
        (left_out, "it speaks of every number of the file, as printed"),
        (wide_margins, "it was made with the margins of this gate"),
        (large_risk, "it was made with the margins of this gate"),
        (nameless, "it says what made it"),
        (from_tomorrow, "its age"),
        (
            lambda a: a.update(nonce="1" * 32),
            "its noise follows from the file and the recorded nonce",
        ),
        (lambda a: a.update(nonce="x"), "its noise follows from the file and the recorded nonce"),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_an_edited_audit_has_a_broken_seal(folder: Path, edit: Edit, what: str) -> None:
    gated = at_the_gate(edited(folder, edit))
    assert (broken(gated), gated.audit.exit_code) == ([what], 1)


def test_a_verdict_edited_to_reproduced_does_not_follow_from_the_counts(folder: Path) -> None:
    def flip(audit: Json) -> None:
        claim = next(c for c in audit["comparisons"] if c["measured"] is not None)
        is_good = claim["verdict"] == "reproduced"
        claim["verdict"] = "inconclusive" if is_good else "reproduced"

    found = broken(at_the_gate(edited(folder, flip)))
    assert found == ["its measured numbers follow from its own counts"]


def test_a_level_written_into_a_static_audit_is_not_reached(folder: Path) -> None:
    audit = check(folder / "results.json", CheckOptions(static=True))
    write_outputs(audit, folder / "audit")
    edited(folder, raised_level)
    gated = at_the_gate(folder, require="L3")
    assert (gated.audit.level, gated.audit.exit_code) == ("L2", 3)


def test_counts_of_the_re_run_that_changed_break_the_seal(folder: Path) -> None:
    path = next((folder / "audit" / "evidence").iterdir())
    path.write_text(path.read_text(encoding="utf-8").replace(",", ", ", 1), encoding="utf-8")
    assert broken(at_the_gate(folder)) == ["its own counts are the recorded ones"]


def test_counts_that_were_not_committed_are_said_and_not_failed(folder: Path) -> None:
    shutil.rmtree(folder / "audit" / "evidence")
    gated = at_the_gate(folder)
    assert (broken(gated), gated.audit.exit_code) == ([], 0)
    seals = {seal.what: seal.status for seal in gated.seals}
    assert seals["its own counts are the recorded ones"] == "not_checked"
    strict = at_the_gate(folder, fail_on=("error", "not_checked")).audit
    assert strict.exit_code == 1
    assert strict.exit_reason.startswith("not so: its own counts are the recorded ones: 2 of 2")


def test_released_counts_that_changed_since_are_found_by_the_static_part(folder: Path) -> None:
    path = next((folder / "evidence").iterdir())
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    gated = at_the_gate(folder)
    assert gated.audit.exit_code == 1
    assert "RA810" in {finding.code for finding in gated.audit.findings}


def test_released_counts_that_are_gone_leave_the_level_out_of_reach(folder: Path) -> None:
    shutil.rmtree(folder / "evidence")
    assert at_the_gate(folder, require="L2").audit.exit_code == 3


@pytest.mark.parametrize(("days", "exit_code"), [(90, 0), (89, 1)])
def test_an_audit_of_ninety_days_is_too_old_for_eighty_nine(
    folder: Path, days: int, exit_code: int
) -> None:
    started = (NOW - timedelta(days=90)).isoformat(timespec="seconds")
    edited(folder, lambda audit: audit.update(started=started))
    # a second is lost in writing the time to whole seconds
    options = GateOptions(max_age=timedelta(days=days))
    paths = (folder / "audit" / "audit.json", folder / "results.json")
    gated = gate(*paths, options, NOW - timedelta(seconds=1))
    assert gated.audit.exit_code == exit_code


def test_the_margins_of_the_audit_are_taken_when_the_gate_has_them_too(folder: Path) -> None:
    edited(folder, wide_margins)
    seals = at_the_gate(folder, margins={"radius": "100%"}).seals
    status = {seal.what: seal.status for seal in seals}
    assert status["it was made with the margins of this gate"] == "passed"


def test_a_results_file_is_no_audit(folder: Path) -> None:
    path = folder / "results.json"
    with pytest.raises(InputError, match="expected an audit"):
        gate(path, path, GateOptions(), NOW)


def test_a_stricter_gate_than_the_audit_had_is_applied(folder: Path) -> None:
    audit = at_the_gate(folder, fail_on=("error", "inconclusive", "not_checked")).audit
    has_open = any(c.verdict in ("inconclusive", "not_checked") for c in audit.comparisons)
    assert audit.exit_code == (1 if has_open else 0)
    assert audit.options.fail_on == ["error", "inconclusive", "not_checked"]
