"""``repaudit aliasing``: what folds at every layer of a network."""

import json
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from repaudit.cli.arguments import (
    AllowCode,
    Device,
    Memory,
    NoColor,
    Roots,
    Silent,
    folders,
    memory,
)
from repaudit.cli.output import write

if TYPE_CHECKING:
    from repaudit.check.aliasing import Measured
    from repaudit.rerun.aliasing.rescale import Demonstration


class Nyquist(Enum):
    """What the alias-free spectrum has at the Nyquist frequency."""

    ZERO = "zero"
    ONE_SIDED = "one_sided"
    BOTH = "both"


class Window(Enum):
    """What the dense grid is multiplied by."""

    NONE = "none"
    HANN = "hann"


def aliasing(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A results file or plan: its aliasing evaluations, or the model, data and "
            "pipeline that it names.",
        ),
    ],
    evaluation: Annotated[
        str | None, typer.Option(metavar="ID", help="Measure this evaluation of the file alone.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="ID", help="Which model, where the file has several.")
    ] = None,
    data: Annotated[
        str | None, typer.Option(metavar="ID", help="Which data, where the file has several.")
    ] = None,
    pipeline: Annotated[
        str | None, typer.Option(metavar="ID", help="Which pipeline, where the file has several.")
    ] = None,
    nyquist: Annotated[
        Nyquist,
        typer.Option(metavar="zero|one_sided|both", help="Rule for an even map's Nyquist bin."),
    ] = Nyquist.ZERO,
    window: Annotated[
        Window, typer.Option(metavar="none|hann", help="Window on the dense grid.")
    ] = Window.NONE,
    float64: Annotated[
        bool, typer.Option("--float64", help="In double precision, whatever the file declares.")
    ] = False,
    rescale_demo: Annotated[
        bool,
        typer.Option(
            "--rescale-demo",
            help="Rescale a layer without changing the function, and show what AM makes of it.",
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            dir_okay=False,
            help="Write the evaluation as a block for the results file, with its evidence.",
        ),
    ] = None,
    device: Device = "auto",
    root: Roots = None,
    allow_code: AllowCode = False,
    max_memory: Memory = None,
    quiet: Silent = False,
    no_color: NoColor = False,
) -> None:
    """Measure what folds wherever the grid gets coarser."""
    from repaudit.check import CheckOptions
    from repaudit.check.aliasing import (
        Wanted,
        demonstrate_rescaling,
        measure_aliasing,
        refuse_elsewhere,
    )
    from repaudit.cli.progress import progress_bar
    from repaudit.report.layer_table import layer_table

    if output is not None:
        refuse_elsewhere(output, path)
    rule: Literal["zero", "one_sided", "both"] = nyquist.value
    wanted = Wanted(evaluation, model, data, pipeline, rule, window.value, float64)
    with progress_bar(quiet=quiet, no_color=no_color) as progress:
        options = CheckOptions(
            device=device,
            memory_bytes=memory(max_memory),
            allow_code=allow_code,
            roots=folders("--root", root),
            progress=progress,
        )
        if rescale_demo:
            write(_demonstration(demonstrate_rescaling(path, wanted, options)))
            return
        found = measure_aliasing(path, wanted, options)
    for measurement in (m for one in found for m in one.measurements):
        write(layer_table(measurement) + "\n")
    if output is not None:
        _write(found, output)


def _write(found: "list[Measured]", output: Path) -> None:
    from repaudit._core.errors import InputError
    from repaudit.check.aliasing import write_evidence
    from repaudit.check.outputs import write_text

    if len(found) != 1:
        names = ", ".join(one.name for one in found)
        raise InputError("--output", "one evaluation", names, f"--evaluation {found[0].name}")
    block = {found[0].name: write_evidence(found[0], output)}
    write_text(output, json.dumps(block, indent=1, ensure_ascii=False) + "\n")
    write(f"wrote {output} and {output.with_suffix('.csv')}: goes into the file's evaluations\n")


def _demonstration(found: "Demonstration") -> str:
    """Return the demonstration as text."""
    from repaudit.report.layer_table import columns

    rows = [("layer", "AM before", "AM after", "ratio", "relative AM before", "after")]
    rows += [
        (
            both.layer,
            f"{both.am[0]:.5g}",
            f"{both.am[1]:.5g}",
            f"{both.am[1] / both.am[0]:.5g}" if both.am[0] else "–",
            f"{both.am_relative[0]:.5g}",
            f"{both.am_relative[1]:.5g}",
        )
        for both in found.layers
    ]
    lines = [
        f"{', '.join(found.grown)} times {found.factor:g}, undone in {', '.join(found.undone)}:",
        f"on {found.examples} examples no output moves by more than {found.difference:.2g} of the "
        "largest, so this is the same network",
        *columns(rows),
        "AM follows the scale of the weights; it compares with the same layer of the same file of "
        "weights only. Relative AM does not move.",
    ]
    return "\n".join(lines) + "\n"
