"""The process that compiles a network first: ``python -m … PROGRAM.pt2``, a file that we wrote."""

import sys
from pathlib import Path

from repaudit.rerun.execution.child import end_with_parent
from repaudit.rerun.execution.compiled import compiled_program, said_by


def main(path: Path) -> str | None:
    """Compile a program; return why it failed."""
    try:
        compiled_program(path)
    except Exception as error:
        return said_by(error)
    return None


if __name__ == "__main__":
    end_with_parent(int(sys.argv[2]))
    sys.exit(main(Path(sys.argv[1])))
