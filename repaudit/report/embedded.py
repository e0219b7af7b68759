"""The audit as data inside the page, for a machine that has only the page."""

import json
from typing import Final

from markupsafe import Markup

from repaudit.audit.audit import Audit

MOST_CHARACTERS: Final = 1_000_000
"""A longer audit would make the page too heavy; it lies beside it anyway."""


def embedded(audit: Audit) -> Markup | None:
    """Return the audit as JSON that no parser of HTML can leave, None when it is too long.

    ASCII alone, and no ``<``, ``>`` or ``&``: the text cannot end its element or begin a comment.
    """
    document = audit.model_dump(mode="json", by_alias=True)
    text = json.dumps(document, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    # The escapes above leave nothing that markup could be made of.
    return None if len(text) > MOST_CHARACTERS else Markup(text)
