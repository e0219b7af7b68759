"""A baseline: who runs the gate accepts for a time, and what is accepted stays said."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from repaudit._core.errors import ContractError, InputError
from repaudit.audit.audit import Audit
from repaudit.audit.comparison import Verdict
from repaudit.check import CheckOptions, check
from repaudit.check.baseline import accept
from repaudit.check.baseline_file import SCHEMA_ID, baseline_of, load_baseline
from repaudit.contract.load import load_results

EXAMPLES = Path(__file__).parents[2] / "examples"
INFLATED = EXAMPLES / "contradicted" / "inflated-accuracy" / "results.json"
DAY = date(2027, 3, 31)


@pytest.fixture(scope="module")
def audited() -> Audit:
    """A static audit of a file whose accuracy its own counts refute."""
    audit = check(INFLATED, CheckOptions(static=True))
    assert audit.exit_code == 1
    return audit


Accepting = Callable[..., Audit]


@pytest.fixture
def accepting(audited: Audit, tmp_path: Path) -> Accepting:
    """Apply a baseline of some entries to that audit."""

    def apply(entries: list[dict[str, Any]], today: date = DAY, **patch: Any) -> Audit:
        path = tmp_path / "baseline.json"
        path.write_text(json.dumps({"$schema": SCHEMA_ID, "accepted": entries}), encoding="utf-8")
        options = audited.options.model_copy(update=patch)
        audit = audited.model_copy(update={"options": options})
        return accept(audit, load_results(INFLATED)[0], load_baseline(path), today)

    return apply


def entries_of(audit: Audit, day: date = DAY) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = baseline_of(audit, "erratum sent", day)["accepted"]
    return found


def test_a_baseline_of_the_audit_lets_it_pass_and_takes_nothing_back(
    audited: Audit, accepting: Accepting
) -> None:
    passed = accepting(entries_of(audited))
    assert passed.exit_code == 0
    assert passed.level == audited.level
    assert [c.verdict for c in passed.comparisons] == [c.verdict for c in audited.comparisons]
    assert [f.message for f in passed.findings] == [f.message for f in audited.findings]
    refuted = [c for c in passed.comparisons if c.verdict is Verdict.REFUTED]
    assert refuted
    assert {c.accepted for c in refuted} == {"erratum sent, until 2027-03-31"}
    assert f"{len(entries_of(audited))} accepted" in passed.exit_reason


def test_one_error_that_is_not_accepted_fails(audited: Audit, accepting: Accepting) -> None:
    first, *rest = entries_of(audited)
    assert rest
    assert accepting([first]).exit_code == 1


def test_an_entry_counts_on_its_last_day_and_not_after(
    audited: Audit, accepting: Accepting
) -> None:
    entries = entries_of(audited)
    assert accepting(entries, date(2027, 3, 31)).exit_code == 0
    late = accepting(entries, date(2027, 4, 1))
    assert late.exit_code == 1
    assert late.baseline is not None
    assert {entry.status for entry in late.baseline.entries} == {"expired"}
    assert f"{len(entries)} expired" in late.exit_reason


def test_an_entry_for_another_results_file_does_not_count(
    audited: Audit, accepting: Accepting
) -> None:
    entries = [entry | {"sha256": "0" * 64} for entry in entries_of(audited)]
    other = accepting(entries)
    assert (other.exit_code, "for another file" in other.exit_reason) == (1, True)


def test_an_entry_without_a_hash_counts_for_any_file(audited: Audit, accepting: Accepting) -> None:
    entries = [{k: v for k, v in e.items() if k != "sha256"} for e in entries_of(audited)]
    assert accepting(entries).exit_code == 0


def test_errors_are_accepted_in_this_file_alone_unless_that_is_deleted(audited: Audit) -> None:
    assert {entry["sha256"] for entry in entries_of(audited)} == {audited.subject.sha256}


def test_an_entry_that_meets_nothing_is_said(audited: Audit, accepting: Accepting) -> None:
    extra = {"code": "RA101", "pointer": "/nowhere", "reason": "x", "expires": "2027-03-31"}
    found = accepting([*entries_of(audited), extra])
    assert found.baseline is not None
    assert [e.status for e in found.baseline.entries][-1] == "unused"
    assert "1 unused" in found.exit_reason


def test_what_is_accepted_does_not_stop_a_required_level(
    audited: Audit, accepting: Accepting
) -> None:
    # the refuted claim is all that keeps the file from L2
    assert accepting(entries_of(audited), require="L2").exit_code == 0
    # a re-run is still missing, and no baseline makes one
    assert accepting(entries_of(audited), require="L3").exit_code == 3


def test_the_author_cannot_accept_an_error_in_the_results_file(tmp_path: Path) -> None:
    document = json.loads(INFLATED.read_text(encoding="utf-8"))
    audit = check(INFLATED, CheckOptions(static=True))
    document["suppressions"] = [
        {"code": f.code, "pointer": f.pointer, "reason": "mine"} for f in audit.findings
    ]
    for name in ("evidence", "audio"):
        source = INFLATED.parent / name
        if source.exists():
            (tmp_path / name).symlink_to(source)
    path = tmp_path / "results.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert check(path, CheckOptions(static=True)).exit_code == 1


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"expires": "2027-02-30"}, "a day such as"),
        ({"expires": "soon"}, "/accepted/0/expires"),
        ({"code": "RA1"}, "/accepted/0/code"),
        ({"code": "reproduced"}, "/accepted/0/code"),
        ({"reason": ""}, "/accepted/0/reason"),
        ({"until": "2027-01-01"}, "/accepted/0/until"),
    ],
)
def test_a_malformed_baseline_is_refused_with_its_place(
    tmp_path: Path, entry: dict[str, str], said: str
) -> None:
    good = {"code": "RA101", "pointer": "/x", "reason": "y", "expires": "2027-01-01"}
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps({"$schema": SCHEMA_ID, "accepted": [good | entry]}))
    with pytest.raises((ContractError, InputError)) as caught:
        load_baseline(path)
    assert said in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_an_entry_without_an_expiry_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    entry = {"code": "RA101", "pointer": "/x", "reason": "y"}
    path.write_text(json.dumps({"$schema": SCHEMA_ID, "accepted": [entry]}))
    with pytest.raises(ContractError, match="expires"):
        load_baseline(path)
