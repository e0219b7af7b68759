"""What every step of a pipeline or of T declares."""

from repaudit.contract.base import Declared
from repaudit.contract.types import Id


class BaseStep(Declared):
    """One declared transformation; its parameters have no defaults."""

    id: Id | None = None
    """name of the location after this step; absent = the step's name"""

    @property
    def location(self) -> str:
        """The name under which the coordinates after this step are referred to."""
        return self.id if self.id is not None else str(getattr(self, "step"))  # noqa: B009
