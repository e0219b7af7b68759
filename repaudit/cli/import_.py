"""``repaudit import``: published logs and counts, made into a results file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repaudit.cli.output import write

if TYPE_CHECKING:
    from repaudit.evidence.importers.make import Format

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="The files.")]
Output = Annotated[
    Path,
    typer.Option(
        "-o", "--output", metavar="FILE", dir_okay=False, help="The results file to write."
    ),
]
Sigma = Annotated[
    str | None,
    typer.Option(metavar="S", help="Of the noise.  [default: as sigma_S in each file's name]"),
]
N0 = Annotated[int | None, typer.Option(min=0, metavar="N", help="Draws that select the class.")]
N = Annotated[int | None, typer.Option(min=1, metavar="N", help="Draws that certify it.")]
Alpha = Annotated[
    str | None, typer.Option(metavar="A", help="Probability that one certificate is wrong.")
]
Bound = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="Of the probability.  [default: clopper_pearson_one_sided, inferred]"
    ),
]
Examples = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="How many examples were evaluated.")
]
Copy = Annotated[
    bool, typer.Option("--copy", help="Copy files from elsewhere into evidence/ beside -o.")
]


@app.callback()
def _import() -> None:
    """Make a results file of published logs or counts."""


@app.command("smoothing-tsv")
def smoothing_tsv(
    files: Files,
    output: Output,
    sigma: Sigma = None,
    n0: N0 = None,
    n: N = None,
    alpha: Alpha = None,
    bound: Bound = None,
    examples: Examples = None,
    copy: Copy = False,
) -> None:
    """Import logs of idx, label, predict, radius, correct, time."""
    _make(files, "smoothing_tsv", output, sigma, (n0, n, alpha, bound, examples), copy=copy)


@app.command("counts-csv")
def counts_csv(
    files: Files,
    output: Output,
    sigma: Sigma = None,
    n0: N0 = None,
    n: N = None,
    alpha: Alpha = None,
    bound: Bound = None,
    examples: Examples = None,
    copy: Copy = False,
) -> None:
    """Import counts per example: hits, label_hits, draws."""
    _make(files, "records", output, sigma, (n0, n, alpha, bound, examples), copy=copy)


def _make(
    files: list[Path],
    form: "Format",
    output: Path,
    sigma: str | None,
    settings: tuple[int | None, int | None, str | None, str | None, int | None],
    *,
    copy: bool,
) -> None:
    import json

    from repaudit._core.errors import InputError
    from repaudit._core.text import count
    from repaudit.check.outputs import write_text
    from repaudit.evidence.importers.document import Settings
    from repaudit.evidence.importers.make import import_files

    if output.exists():
        raise InputError(str(output), "a new file", "one that exists", "another name")
    made = import_files(files, form, Settings(*settings), sigma=sigma, output=output, copy=copy)
    write_text(output, json.dumps(made.document, indent=1, ensure_ascii=False) + "\n")
    for sentence in made.said:
        typer.echo(sentence, err=True)
    write(f"wrote {output} from {count(len(files), 'file')}\n")
    write(f"  Try: repaudit check {output} --static\n")
