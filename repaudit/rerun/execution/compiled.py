"""Compile a network for blocks of one shape, within a time, or say why that did not work.

A compiler over anybody's network may fail, hang or crash, so another process compiles first and
fills torch's cache; only what it compiled is compiled here, mostly from that cache.
"""

import logging
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from repaudit.rerun.device import one_thread
from repaudit.rerun.execution.child import ChildFailed, run_child
from repaudit.rerun.models.prepare import PreparedNetwork

Forward = Callable[[Tensor], Tensor]
COMPILER = "repaudit.rerun.execution.compiler"


class NotCompiled(Exception):
    """The network runs uncompiled; the text says why."""


@dataclass(frozen=True)
class Compiled:
    """A network compiled for blocks of one shape."""

    run: Forward
    shape: torch.Size

    def takes(self, x: Tensor) -> bool:
        """Whether a block is of that shape; any other would be compiled anew."""
        return x.shape == self.shape

    @torch.inference_mode()
    def __call__(self, x: Tensor) -> Tensor:
        """Return the network's output for a block, as `PreparedNetwork` does."""
        return self.run(x)


def compile_network(prepared: PreparedNetwork, x: Tensor, seconds: float) -> Compiled:
    """Return a network compiled for blocks like ``x``, float[rows, ...].

    Nothing is compiled in part: a network with Python that torch cannot follow stays as it is.
    Raises ``NotCompiled`` when there is no compiler, when it fails, or when it takes longer than
    ``seconds``.
    """
    with _quiet(), tempfile.TemporaryDirectory(prefix="repaudit-") as folder:
        path = Path(folder) / "network.pt2"
        try:
            with torch.inference_mode(False):
                example = prepared.arranged(x).clone()
            program = torch.export.export(prepared.network, (example,))
            torch.export.save(program, path)
            run_child(COMPILER, path, seconds)
            forward = compiled_program(path)
        # Anybody's network, and a compiler that calls other programs: it may fail in any way.
        except Exception as error:
            raise NotCompiled(said_by(error)) from None
    return Compiled(lambda block: prepared.output(block, forward), x.shape)


def compiled_program(path: Path) -> Forward:
    """Return an exported program that we wrote, compiled for its own example, and run once.

    For threads that compute one operation each; another number of threads is another program.
    """
    program = torch.export.load(path)
    assert program.example_inputs is not None
    (x,), _ = program.example_inputs
    module = torch.compile(program.module(), dynamic=False, fullgraph=True)
    with one_thread(), torch.inference_mode():
        module(x)
    return module


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what torch says about its own parts from the user."""
    logging.getLogger("torch.utils.cpp_extension").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def said_by(error: Exception) -> str:
    """Return what went wrong in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    kind = "" if isinstance(error, ChildFailed) else f"{type(error).__name__}: "
    return f"{kind}{lines[0] if lines else 'no reason given'}"[:200]
