"""JSON pointers into the parsed document."""

from typing import Any

from repaudit.contract.positions import tokens_of


def exists(document: Any, pointer: str) -> bool:
    """Return whether a JSON pointer leads to a value of the document.

    >>> exists({"a": [1]}, "/a/0"), exists({"a": [1]}, "/a/1"), exists({"a": [1]}, "a")
    (True, False, False)
    """
    try:
        tokens = tokens_of(pointer)
    except ValueError:
        return False
    value = document
    for token in tokens:
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and _is_index(token) and int(token) < len(value):
            value = value[int(token)]
        else:
            return False
    return True


def _is_index(token: str) -> bool:
    # Ten digits are more than any list holds; int() of a long string is slow or refused.
    return token.isascii() and token.isdecimal() and len(token) <= 10 and str(int(token)) == token


def is_at_or_below(pointer: str, above: str) -> bool:
    """Return whether ``pointer`` is ``above`` or leads into it.

    >>> is_at_or_below("/data/test", "/data"), is_at_or_below("/data2", "/data")
    (True, False)
    """
    return pointer == above or pointer.startswith(above + "/")
