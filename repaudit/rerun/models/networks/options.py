"""Checks on the options of built-in networks; they come from a JSON file, so from anybody."""

MAX_SIZE = 65_536
"""widest layer and most classes that a built-in is asked for; keeps a typo from eating memory"""


def require_size(option: str, value: object) -> None:
    """Raise ``ValueError`` unless the value is a whole number from 1 to ``MAX_SIZE``."""
    if type(value) is not int or not 1 <= value <= MAX_SIZE:
        raise ValueError(f"{option} a whole number from 1 to {MAX_SIZE}")
