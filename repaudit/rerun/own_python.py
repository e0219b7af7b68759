"""Another Python that runs this very installation, and nothing that lies about."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
"""the folder that repaudit is imported from"""


def own_python(*arguments: str) -> list[str]:
    """Return the command line of a Python with some arguments.

    ``-P``: nothing is imported from the folder that the user stands in, which may be an author's.
    """
    return [sys.executable, "-P", *arguments]


def own_environment() -> dict[str, str]:
    """Return this process's environment, with this installation before any other."""
    path = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path}
