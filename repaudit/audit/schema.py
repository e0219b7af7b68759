"""The published JSON Schema (2020-12) of ``audit.json``, generated from the models."""

from typing import Any

from repaudit.audit.audit import SCHEMA_ID, Audit
from repaudit.contract.schema import DIALECT, Untitled


def audit_schema() -> dict[str, Any]:
    """Return the JSON Schema of an audit as we write it: every key is there, null or not."""
    body = Audit.model_json_schema(schema_generator=Untitled, mode="serialization")
    return {"$schema": DIALECT, "$id": SCHEMA_ID, **body}
