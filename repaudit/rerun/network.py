"""A declared network on a device: rows in, votes out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from repaudit.contract.base import stated
from repaudit.contract.files import Places
from repaudit.contract.model import Checkpoint, Dtype, Model
from repaudit.rerun.execution.compiled import Compiled
from repaudit.rerun.execution.execution import USUAL, Execution
from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.load import load_model
from repaudit.rerun.models.prepare import PreparedNetwork
from repaudit.rerun.pool import is_out_of_memory
from repaudit.rerun.votes import Output, margins_of, votes_of


@dataclass(frozen=True)
class Network:
    """One trained network in its declared arithmetic; safe to call from several threads."""

    module: Callable[[Tensor], Tensor]
    output: str
    """what the module returns, as declared"""
    classes: int | None = None
    """number of classes, ``None`` when it is not declared"""
    batch: int | None = None
    """the only number of rows it takes; ``None`` = any"""
    execution: Execution = USUAL
    """how it is carried out"""
    fast: Compiled | None = None
    """the same for blocks of one shape, compiled"""
    describe: str = ""
    """what was loaded and how it runs, in words"""

    def __call__(self, x: Tensor) -> Output:
        """Return the output for [rows, ...], on the CPU.

        Raises ``ModelError`` for whatever the network raises, except when memory runs out.
        """
        try:
            run = self.fast if self.fast is not None and self.fast.takes(x) else self.module
            return run(x).cpu().numpy()
        # The network may be anybody's code; its failure is a finding, not a fault of ours.
        except Exception as error:
            if is_out_of_memory(error):
                raise
            reason = str(error).strip().partition("\n")[0]
            raise ModelError(
                "network", f"an output for an input {list(x.shape)}", reason or repr(error)
            ) from error

    def output_of(self, x: Tensor) -> Tensor:
        """Return the output as a part of the graph that ``x`` is in; raises what it raises."""
        prepared = self.module
        return prepared.output(x) if isinstance(prepared, PreparedNetwork) else prepared(x)

    def votes(self, output: Output) -> NDArray[np.int32]:
        """Return the class that each row votes for, -1 for none."""
        return votes_of(output, self.output, self.classes)

    def margins(self, output: Output) -> NDArray[np.float64]:
        """Return the relative margin of each row's vote, nan where there is none."""
        return margins_of(output, self.output)


@dataclass(frozen=True)
class DeclaredNetwork:
    """One trained network as it was loaded, on no device yet."""

    module: nn.Module
    dtype: Dtype
    output: str
    classes: int | None
    batch: int | None
    describe: str

    def on(
        self, prepared: PreparedNetwork, execution: Execution, fast: Compiled | None = None
    ) -> Network:
        """Return the network as it was prepared, and maybe compiled, for a device."""
        compiled = "not compiled" if fast is None else "compiled"
        words = f"{self.describe}; {prepared.plan}, {compiled}"
        return Network(prepared, self.output, self.classes, self.batch, execution, fast, words)


def load_network(
    model: Model, checkpoint: Checkpoint, classes: int | None, places: Places, *, allow_code: bool
) -> DeclaredNetwork:
    """Return the network of a checkpoint.

    Raises ``ModelError``, ``FileFault``, or ``UnstatedError`` for an open dtype or output.
    """
    output = stated(model.output, "output")
    dtype: Dtype = stated(model.dtype, "dtype")
    if checkpoint.file is None:
        raise ModelError(f"checkpoint {checkpoint.id}", "a file with its weights", "none declared")
    path = places.verified(checkpoint.file)
    loaded = load_model(model, path, allow_code=allow_code, folder=places.folder)
    return DeclaredNetwork(loaded.module, dtype, output, classes, loaded.batch, loaded.describe)
