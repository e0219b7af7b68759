"""``repaudit init``: a filled-in starting file that validates."""

from pathlib import Path
from typing import Annotated

import typer

from repaudit.cli.output import write


def init(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")] = Path(
        "results.json"
    ),
) -> None:
    """Write a filled-in results file to start from."""
    from repaudit._core.errors import InputError
    from repaudit._core.resources import data_dir

    text = (data_dir("templates") / "results.json").read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise InputError(str(path), "a new file", "one that exists", "another name") from None
    except OSError as error:
        raise InputError(str(path), "a writable place", str(error.strerror).lower()) from None
    write(f"wrote {path}; fill in your study, then: repaudit check {path} --static\n")
