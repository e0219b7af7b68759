"""The published schema is generated, fresh, and says the same as the models."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from repaudit._core.resources import data_dir
from repaudit.audit.schema import audit_schema
from repaudit.contract.load import schema_errors
from repaudit.contract.results import Results
from repaudit.contract.schema import results_schema

VALID = sorted((Path(__file__).parent / "results" / "v1" / "valid").glob("*.json"))
SCHEMA = results_schema()


@pytest.mark.parametrize("name", ["results", "audit"])
def test_published_schema_is_what_the_models_generate(name: str) -> None:
    generated = {"results": results_schema, "audit": audit_schema}[name]()
    text = (data_dir("schemas") / f"{name}.v1.schema.json").read_text(encoding="utf-8")
    assert json.loads(text) == generated, "run `make generate` and read the diff"
    jsonschema.Draft202012Validator.check_schema(generated)


def test_every_number_is_described() -> None:
    bare = [
        f"{model}.{field}"
        for model, body in SCHEMA["$defs"].items()
        for field, node in body.get("properties", {}).items()
        if "description" not in node and node.get("type") in ("integer", "number")
    ]
    assert bare == []


@pytest.mark.parametrize("path", VALID, ids=lambda p: p.stem)
def test_valid_files_pass_schema_and_models_alike(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert list(schema_errors(document, SCHEMA)) == []
    Results.model_validate(document)


def places(node: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    children = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else []
    )
    for key, child in children:
        found += places(child, (*path, key))
    return found


HOSTILE = [None, True, -1, 0, 1.5, "", "unstated", "x", [], {}, ["x"], {"step": "clip"}, "92.1\n"]


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_mutated_file_that_the_schema_passes_is_accepted_by_the_models(
    data: st.DataObject,
) -> None:
    """The gate is never laxer than the types: no results file ends in a pydantic error.

    ``1.0`` for an integer and cross-field rules of ``Network`` are the known exceptions, and
    loading turns those into problems with a position.
    """
    document = copy.deepcopy(json.loads(VALID[0].read_text(encoding="utf-8")))
    path = data.draw(st.sampled_from(places(document)))
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = data.draw(st.sampled_from(HOSTILE))
    if any(schema_errors(document, SCHEMA)):
        return
    assert [fault for fault in faults_of_models(document) if "network" not in fault] == []


def faults_of_models(document: object) -> list[tuple[str | int, ...]]:
    """Where the typed models refuse a document."""
    try:
        Results.model_validate(document)
    except ValidationError as error:
        return [item["loc"] for item in error.errors()]
    return []
