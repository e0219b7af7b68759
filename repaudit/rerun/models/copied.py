"""A copy of a network that shares nothing with it."""

import copy
import warnings
from typing import TypeVar

Copied = TypeVar("Copied")


def copied(network: Copied) -> Copied:
    """Return a deep copy, of an exported program without torch's warnings about its own parts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return copy.deepcopy(network)
