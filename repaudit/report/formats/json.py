"""The audit as JSON: ``audit.json``, in the order of the models, valid against its schema."""

import json

from repaudit.audit.audit import Audit


def render(audit: Audit) -> str:
    """Return the document, with a final line end.

    Raises ``ValueError`` for a number that is not finite: JSON has none, and a null in its place
    would hide the fault that made it.
    """
    document = audit.model_dump(mode="json", by_alias=True)
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
