"""The published JSON Schema (2020-12), generated from the models.

Three things are made plainer than pydantic writes them, because people read the errors: an absent
key is absent (no ``null``), a variant is chosen by ``if``/``then`` on its tag (one error, not one
per variant), and ``value`` is required of every claim unless the study is a plan.
"""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from repaudit.contract.described import described
from repaudit.contract.results import SCHEMA_ID, Results

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NULL = {"type": "null"}


class Untitled(GenerateJsonSchema):
    """Without a title on every field: its name and the string below it say enough."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        return False

    def model_schema(self, schema: Any) -> dict[str, Any]:
        """Return the schema of a model, every field with its description."""
        made = super().model_schema(schema)
        model = schema["cls"]
        for name, description in described(model).items():
            key = model.model_fields[name].alias or name
            made["properties"][key].setdefault("description", description)
        return made


def results_schema() -> dict[str, Any]:
    """Return the JSON Schema of a results file."""
    body = Results.model_json_schema(schema_generator=Untitled)
    plain: dict[str, Any] = _plainer(body)
    plain["allOf"] = [_values_unless_plan()]
    return {"$schema": DIALECT, "$id": SCHEMA_ID, **plain}


def _plainer(node: Any) -> Any:
    """Return the schema with absent instead of null, and variants chosen by their tag."""
    if isinstance(node, list):
        return [_plainer(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _plainer(value) for key, value in node.items()}
    if "patternProperties" in node and "properties" not in node and node.get("type") == "object":
        node = _named_by_pattern(node)
    if "discriminator" in node:
        node = _chosen_by_tag(node)
    if node.get("default", ...) is None and "anyOf" in node:
        node.pop("default")
        branches = [branch for branch in node.pop("anyOf") if branch != NULL]
        node = {**(branches[0] if len(branches) == 1 else {"anyOf": branches}), **node}
    return node


def _named_by_pattern(node: dict[str, Any]) -> dict[str, Any]:
    """Close a mapping: pydantic leaves keys that do not match their pattern free."""
    ((pattern, value),) = node.pop("patternProperties").items()
    return {
        **node,
        "propertyNames": {"pattern": pattern, "title": "Id"},
        "additionalProperties": value,
    }


def _chosen_by_tag(node: dict[str, Any]) -> dict[str, Any]:
    discriminator = node.pop("discriminator")
    node.pop("oneOf")
    tag, mapping = discriminator["propertyName"], discriminator["mapping"]
    variants = [
        {
            "if": {"properties": {tag: {"const": name}}, "required": [tag]},
            "then": {"$ref": reference},
        }
        for name, reference in mapping.items()
    ]
    return {
        **node,
        "type": "object",
        "required": [tag],
        "properties": {tag: {"enum": list(mapping)}},
        "allOf": variants,
    }


def _values_unless_plan() -> dict[str, Any]:
    claims = {"items": {"required": ["value"]}}
    evaluation = {"properties": {"claims": claims}}
    return {
        "if": {"properties": {"study": {"properties": {"kind": {"const": "plan"}}}}},
        "else": {"properties": {"evaluations": {"additionalProperties": evaluation}}},
    }
