"""Networks saved by ``torch.export.save`` (.pt2), read without running anything from the file.

``torch.export.load`` trusts its file: it unpickles, evaluates shape expressions and compiles
guards. So the archive it reads is one that ``pt2_archive`` wrote from checked members.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import nn

from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.limits import require_size_below_cap
from repaudit.rerun.models.pt2_archive import rewrite_archive

FORCE_WEIGHTS_ONLY = "TORCH_FORCE_WEIGHTS_ONLY_LOAD"
"""makes ``torch.load`` refuse code even where ``torch.export`` asks it to fall back"""


def read_exported_program(checkpoint: Path) -> tuple[nn.Module, int | None]:
    """Return the network and the batch size it was exported for, None when that is dynamic.

    Raises ``ModelError`` when the archive holds anything but one graph of ATen operators from
    one tensor to one tensor and its weights, or when torch cannot read it.
    """
    require_size_below_cap(checkpoint)
    archive = rewrite_archive(checkpoint)
    try:
        with _weights_only(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's own, about read-only buffers
            program = torch.export.load(archive)
            return program.module(), _static_batch(program)
    # The graph is a foreign document that torch validates in many places, each in its own way.
    except Exception as error:
        found = f"one that torch {torch.__version__} cannot load ({type(error).__name__})"
        hint = "export it again with this version of torch, or declare safetensors weights"
        raise ModelError(str(checkpoint), "an exported program", found, hint) from error


def _static_batch(program: torch.export.ExportedProgram) -> int | None:
    """Return the first size of the one user input, None when it is symbolic."""
    names = set(program.graph_signature.user_inputs)
    for node in program.graph.nodes:
        if node.op == "placeholder" and node.name in names:
            size = node.meta["val"].shape[0]
            return size if isinstance(size, int) else None
    raise ValueError("the graph lacks its input")


@contextmanager
def _weights_only() -> Iterator[None]:
    saved = os.environ.get(FORCE_WEIGHTS_ONLY)
    os.environ[FORCE_WEIGHTS_ONLY] = "1"
    try:
        yield
    finally:
        if saved is None:
            del os.environ[FORCE_WEIGHTS_ONLY]
        else:
            os.environ[FORCE_WEIGHTS_ONLY] = saved
