"""How large a checkpoint may be, on disk and unpacked."""

from pathlib import Path

from repaudit.rerun.models.errors import ModelError

MAX_BYTES = 8 * 2**30
"""twice the float32 weights of a network of a billion parameters"""


def require_size_below_cap(checkpoint: Path) -> None:
    """Raise ``ModelError`` when the file is missing, no regular file, or larger than the cap."""
    if not checkpoint.is_file():
        raise ModelError(str(checkpoint), "a checkpoint file", "none")
    size = checkpoint.stat().st_size
    if size > MAX_BYTES:
        raise ModelError(str(checkpoint), f"at most {MAX_BYTES} bytes", f"{size}")
