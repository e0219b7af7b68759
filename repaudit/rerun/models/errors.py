"""The one error of this room: a network that cannot be built or loaded as declared."""

from typing import ClassVar

from repaudit._core.errors import InputError


class ModelError(InputError):
    """A declared network cannot be run: its claims stay unchecked, the rest of the audit goes on.

    Shown as ``where: expected X, found Y`` with an optional second line that says what to try.
    """

    exit_code: ClassVar[int] = 3
