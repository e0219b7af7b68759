"""What every object of an audit has in common."""

from pydantic import BaseModel, ConfigDict


class Said(BaseModel):
    """One object of ``audit.json``."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
