"""audit.json: valid against its schema, read back as it was written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from repaudit._core.errors import ContractError, InputError
from repaudit.audit.audit import Audit
from repaudit.audit.load import load_audit
from repaudit.audit.schema import audit_schema
from repaudit.report.formats import json as json_format
from tests.report import audits

AUDITS = [audits.honest, audits.contradicted, audits.nothing_checked, audits.hostile]
Make = Callable[[], Audit]


def test_the_schema_is_a_valid_one() -> None:
    Draft202012Validator.check_schema(audit_schema())
    assert audit_schema()["$id"] == "urn:repaudit:audit:1"


@pytest.mark.parametrize("make", AUDITS)
def test_the_document_is_valid_against_the_schema(make: Make) -> None:
    Draft202012Validator(audit_schema()).validate(json.loads(json_format.render(make())))


def test_the_schema_refuses_an_unknown_key() -> None:
    document = json.loads(json_format.render(audits.honest()))
    document["findings"][0]["confidence"] = "high"
    errors = list(Draft202012Validator(audit_schema()).iter_errors(document))
    assert len(errors) == 1


@pytest.mark.parametrize("make", AUDITS)
def test_a_written_audit_is_read_back_equal(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    path.write_text(json_format.render(make()), encoding="utf-8")
    assert make() == load_audit(path)
    assert json_format.render(load_audit(path)) == path.read_text(encoding="utf-8")


def test_keys_stand_in_the_order_of_the_models() -> None:
    assert list(json.loads(json_format.render(audits.honest())))[:4] == [
        "$schema",
        "subject",
        "options",
        "nonce",
    ]


def test_a_number_that_is_not_finite_is_refused_and_not_hidden() -> None:
    audit = audits.honest().model_copy(update={"seconds": float("nan")})
    with pytest.raises(ValueError, match=r"nan|Out of range"):
        json_format.render(audit)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('{"$schema": "urn:repaudit:results:1"}', "a results file"),
        ('{"$schema": "urn:repaudit:audit:2"}', '"urn:repaudit:audit:2"'),
        ("[1, 2]", "a list of 2 items"),
        ("{}", "an empty object"),
    ],
)
def test_another_document_is_refused_in_one_line(content: str, found: str, tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    path.write_text(content)
    with pytest.raises(InputError) as caught:
        load_audit(path)
    assert caught.value.found == found
    assert "\n" not in str(caught.value)


def test_a_field_of_the_wrong_type_is_named(tmp_path: Path) -> None:
    document = json.loads(json_format.render(audits.honest()))
    document["levels"][2]["status"] = "great"
    path = tmp_path / "audit.json"
    path.write_text(json.dumps(document))
    with pytest.raises(InputError) as caught:
        load_audit(path)
    assert caught.value.where == f"{path}: /levels/2/status"
    assert caught.value.found == '"great"'


def test_broken_json_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    path.write_text('{"$schema": NaN}')
    with pytest.raises(ContractError, match=r"audit\.json:1:13"):
        load_audit(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a file"):
        load_audit(tmp_path / "audit.json")
