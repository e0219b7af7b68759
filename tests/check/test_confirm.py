"""A second audit of one file: when it confirms the first, and when it cannot."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from repaudit._core.errors import InputError
from repaudit.audit.audit import Audit, Level
from repaudit.check import CheckOptions, check
from repaudit.check.confirm import confirm
from repaudit.check.outputs import write_outputs
from repaudit.contract.files import Places, sha256_of
from repaudit.contract.load import load_results
from repaudit.evidence.load import load_evidence
from repaudit.evidence.tables import Records
from repaudit.measure import measure
from repaudit.verdicts.confirmed import DEPENDENT
from repaudit.verdicts.levels import rung
from tests.builders import some_clean_records
from tests.studies import sha256, some_plan, write_json

FIRST, SECOND = "0" * 32, "1" * 32
WIDE = {"accuracy": "60", "rate": "60", "radius": "900%", "snr": "90", "geometry": "90%"}
AGREES = rung("L3", "passed", "by hand")


def audited(path: Path, nonce: str, out: Path) -> Audit:
    audit = check(path, CheckOptions(device="cpu", nonce=nonce, mode="full", margins=WIDE, out=out))
    write_outputs(audit, out)
    return audit


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Audit, Audit]:
    """One study, and two audits of it in its folder, of which the second is the newer."""
    folder = tmp_path_factory.mktemp("confirmed")
    plan = some_plan(folder)
    plan["evaluations"]["waveform-high"]["sigma"] = "0.7"
    path = write_json(folder / "plan.json", plan)
    measure(path, folder / "results.json", seed=1, options=CheckOptions(device="cpu"))
    first = audited(folder / "results.json", FIRST, folder / "first")
    return folder, first, audited(folder / "results.json", SECOND, folder / "second")


@pytest.fixture
def folder(audits: tuple[Path, Audit, Audit]) -> Path:
    return audits[0]


@pytest.fixture
def second(audits: tuple[Path, Audit, Audit]) -> Audit:
    return audits[2]


@pytest.fixture
def earlier(folder: Path, tmp_path: Path) -> Callable[[Callable[[dict[str, Any]], None]], Path]:
    """Write the first audit with a change, its evidence beside it; return its path."""
    (tmp_path / "evidence").mkdir()
    for file in (folder / "first" / "evidence").iterdir():
        (tmp_path / "evidence" / file.name).write_bytes(file.read_bytes())

    def change(edit: Callable[[dict[str, Any]], None]) -> Path:
        document = json.loads((folder / "first" / "audit.json").read_text(encoding="utf-8"))
        edit(document)
        return write_json(tmp_path / "audit.json", document)

    return change


def elsewhere(document: dict[str, Any]) -> None:
    document["environment"]["platform"] = "Plan9-4.0"


def level(
    path: Path,
    folder: Path,
    audit: Audit,
    party: str | None = None,
    rerun: Level | None = None,
    measured: dict[str, Records] | None = None,
) -> Level:
    results, document = load_results(folder / "results.json")
    ours = measured or {name: ours_of(folder, audit, name) for name in results.evaluations}
    l3 = rerun or next(one for one in audit.levels if one.id == "L3")
    return confirm(path, results, document, audit.nonce, audit.environment, party, l3, ours)


def ours_of(folder: Path, audit: Audit, name: str) -> Records:
    """Return the second audit's own counts, read back."""
    results, _ = load_results(folder / "results.json")
    found = next(m for m in audit.measurements if m.evaluation == name)
    assert found.evidence_path is not None
    file = (
        results.evaluations[name]
        .evidence[0]
        .model_copy(update={"path": found.evidence_path, "sha256": found.evidence_sha256})
    )
    changed = results.evaluations[name].model_copy(update={"evidence": [file]})
    results = results.model_copy(update={"evaluations": {name: changed}})
    records = load_evidence(results, name, Places(folder / "second", {}))
    assert records is not None
    return records


def test_an_audit_on_another_machine_confirms(earlier: Any, folder: Path, second: Audit) -> None:
    found = level(earlier(elsewhere), folder, second)
    assert (found.id, found.status) == ("L4", "passed"), found.reason
    assert found.reason == "2 evaluations agree with the earlier re-run (other machine)"


def test_an_audit_by_another_party_confirms(earlier: Any, folder: Path, second: Audit) -> None:
    def by_author(document: dict[str, Any]) -> None:
        document["options"]["party"] = "the author"

    found = level(earlier(by_author), folder, second, party="a reviewer")
    assert found.status == "passed"
    assert "a reviewer" in found.reason
    same = level(earlier(by_author), folder, second, party="the author")
    assert (same.status, same.reason) == ("not_checked", DEPENDENT)


def test_the_same_machine_and_party_only_redraw_the_noise(folder: Path, second: Audit) -> None:
    found = level(folder / "first" / "audit.json", folder, second)
    assert (found.status, found.reason) == ("not_checked", DEPENDENT)
    unnamed = level(folder / "first" / "audit.json", folder, second, party="a reviewer")
    assert unnamed.status == "not_checked"


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda d: d["subject"].update(sha256="0" * 64), "of another file"),
        (lambda d: d.update(nonce=SECOND), "the same nonce"),
        (lambda d: d.update(nonce="2" * 32), "does not follow"),
        (lambda d: d.update(nonce="no hexadecimal"), "does not follow"),
        (lambda d: d["levels"][3].update(status="failed", reason="x"), "did not reach L3: x"),
        (lambda d: d["measurements"].pop(), "only one of the two re-ran clip-geometry"),
        (
            lambda d: d["measurements"][0].update(status="not_checked"),
            "only one of the two re-ran waveform-high",
        ),
        (lambda d: d["measurements"][0].update(evidence_path=None), "none were kept"),
        (lambda d: d["measurements"][0].update(evidence_path="../x.csv"), "leaves the folder"),
        (lambda d: d["measurements"][0].update(evidence_path="evidence/x.csv"), "no such file"),
        (lambda d: d["measurements"][0].update(evidence_sha256="0" * 64), "declared sha256"),
    ],
)
def test_what_is_no_second_rerun_of_the_file_confirms_nothing(
    earlier: Any, folder: Path, second: Audit, edit: Any, reason: str
) -> None:
    def change(document: dict[str, Any]) -> None:
        elsewhere(document)
        edit(document)

    found = level(earlier(change), folder, second)
    assert found.status == "not_checked"
    assert reason in found.reason


def test_this_audit_must_have_reached_the_level_below(
    earlier: Any, folder: Path, second: Audit
) -> None:
    found = level(earlier(elsewhere), folder, second, rerun=rung("L3", "failed", "overstated"))
    assert found.reason == "this audit did not reach L3: overstated"


def test_samples_are_no_full_reruns(earlier: Any, folder: Path, second: Audit) -> None:
    sample = {
        "evaluation": "waveform-high",
        "outcome": "confirmed",
        "reason": "",
        "population": 6,
        "examples": 6,
        "shares": [],
        "records": None,
        "forwards": 100,
        "forwards_in_full": 10_000,
    }

    def by_sample(document: dict[str, Any]) -> None:
        elsewhere(document)
        document["samples"] = [sample]

    found = level(earlier(by_sample), folder, second)
    assert "the earlier audit re-ran waveform-high by sample" in found.reason
    clean = {
        "waveform-high": some_clean_records([True] * 6),
        "clip-geometry": ours_of(folder, second, "clip-geometry"),
    }
    found = level(earlier(elsewhere), folder, second, measured=clean)
    assert "this audit re-ran waveform-high by sample" in found.reason


def test_what_is_no_audit_is_refused(folder: Path, second: Audit) -> None:
    with pytest.raises(InputError, match="an audit"):
        level(folder / "results.json", folder, second)


def tampered(path: Path, edit: Callable[[list[dict[str, str]]], None]) -> None:
    """Change the earlier audit's counts, and the hash that it says of them."""
    document = json.loads(path.read_text(encoding="utf-8"))
    counts = path.parent / document["measurements"][0]["evidence_path"]
    with counts.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    edit(rows)
    with counts.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    document["measurements"][0]["evidence_sha256"] = sha256_of(counts)
    write_json(path, document)


def test_reruns_that_count_differently_fail_the_level(
    earlier: Any, folder: Path, second: Audit
) -> None:
    path = earlier(elsewhere)

    def forge(rows: list[dict[str, str]]) -> None:
        for row in rows:
            row.update(hits="20", label_hits="20", top_hits="40", void="0")

    tampered(path, forge)
    found = level(path, folder, second, rerun=AGREES)
    assert found.status == "failed"
    assert "waveform-high, their counts (p" in found.reason


def test_reruns_of_other_labels_fail_the_level(earlier: Any, folder: Path, second: Audit) -> None:
    path = earlier(elsewhere)

    def relabel(rows: list[dict[str, str]]) -> None:
        label = next(name for name in "012" if name not in (rows[0]["label"], rows[0]["top_class"]))
        rows[0].update(label=label, label_hits="0")

    tampered(path, relabel)
    found = level(path, folder, second)
    assert found.status == "failed"
    assert found.reason.endswith("waveform-high, their examples or labels are not the same")


def test_two_audits_write_evidence_of_different_noise(folder: Path) -> None:
    name = "evidence/waveform-high.csv"
    assert sha256(folder / "first" / name) != sha256(folder / "second" / name)
