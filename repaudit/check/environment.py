"""The machine and the libraries that an audit ran with."""

import platform
from importlib import metadata

from repaudit import __version__
from repaudit.audit.run import Environment

MOVE_NUMBERS = ("numpy", "scipy", "torch", "torchaudio", "soundfile", "safetensors", "foolbox")


def environment(device: str | None, plan: str | None) -> Environment:
    """Return what could move a number of this audit."""
    return Environment(
        repaudit=__version__,
        python=platform.python_version(),
        platform=platform.platform(),
        libraries={name: version for name in MOVE_NUMBERS if (version := _version(name))},
        device=device,
        plan=plan,
    )


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
