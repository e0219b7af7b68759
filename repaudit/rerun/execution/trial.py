"""Choose how to compute a network: hold each way against the declared one, and time it."""

import time
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from repaudit.rerun.execution.agreement import is_same
from repaudit.rerun.execution.compiled import Compiled, Forward, NotCompiled, compile_network
from repaudit.rerun.execution.execution import CANDIDATES, DECLARED, Execution
from repaudit.rerun.models.prepare import PreparedNetwork, prepare
from repaudit.rerun.network import DeclaredNetwork
from repaudit.rerun.votes import Output

ROUNDS = 9
"""of timed forwards of a block, one of each way in turn, so that other work of the machine meets
all of them; the fastest one counts"""
CLEARLY = 1.5
"""times faster than the usual way, from where on another one is taken: chance must not choose"""
WORTH = 1.05
"""times faster that a compiled network has to be"""


class Trial:
    """One network on a block of its own noisy inputs."""

    def __init__(self, network: DeclaredNetwork, device: torch.device, x: Tensor) -> None:
        """``x`` is float[rows, ...], a block as the measurement makes it. Raises ``ModelError``."""
        self._network, self._device, self._x = network, device, x
        self.declared = self.prepared(DECLARED)
        before = {name: buffer.clone() for name, buffer in self.declared.named_buffers()}
        self._reference, again = (network.on(self.declared, DECLARED)(x) for _ in range(2))
        after = dict(self.declared.named_buffers())
        self.is_repeatable = np.array_equal(self._reference, again, equal_nan=True) and all(
            torch.equal(buffer, after[name]) for name, buffer in before.items()
        )
        """whether one block gives one output, and the network stays as it is; otherwise nothing
        can be held against anything"""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the block."""
        return tuple(self._x.shape)

    def prepared(self, execution: Execution) -> PreparedNetwork:
        """Return the network carried out in another way, not compiled."""
        return prepare(self._network.module, self._device, self._network.dtype, execution)

    def holds(self, run: Forward) -> bool:
        """Whether a network computes what the declared one does, but for rounding."""
        try:
            output = output_of(run, self._x)
        # Anybody's network may refuse another layout in any way, and memory may end.
        except Exception:
            return False
        return self.is_repeatable and is_same(self._reference, output, self._network.dtype)

    def best(self) -> Execution:
        """Return the usual way, or one that holds and is clearly faster."""
        runs: dict[Execution, Forward] = {}
        for execution in CANDIDATES:
            run = self.declared if execution == DECLARED else self.prepared(execution)
            if run is self.declared or self.holds(run):
                runs[execution] = run
        times = dict(zip(runs, self.seconds(*runs.values()), strict=True))
        first, *others = times
        best = min(others, key=times.__getitem__, default=first)
        return best if times[best] * CLEARLY < times[first] else first

    def compiled(self, run: PreparedNetwork, seconds: float) -> Compiled:
        """Return a compiled network that computes what ``run`` does; raises ``NotCompiled``."""
        compiled = compile_network(run, self._x, seconds)
        if not is_same(output_of(run, self._x), output_of(compiled, self._x), run.dtype):
            raise NotCompiled("the compiled network gives other outputs")
        return compiled

    def is_worth(self, compiled: Compiled, run: PreparedNetwork) -> bool:
        """Whether a compiled network is faster."""
        fast, usual = self.seconds(compiled, run)
        return fast * WORTH < usual

    def seconds(self, *runs: Forward) -> list[float]:
        """Return the time of a block for each way, the fastest of a few."""
        return [
            min(times) for times in zip(*(self._round(runs) for _ in range(ROUNDS)), strict=True)
        ]

    def _round(self, runs: Sequence[Forward]) -> list[float]:
        times = []
        for run in runs:
            started = time.perf_counter()
            output_of(run, self._x)
            times.append(time.perf_counter() - started)
        return times

    @property
    def operations(self) -> float:
        """Floating-point operations of one row in products and convolutions."""
        counter = FlopCounterMode(display=False)
        with torch.inference_mode(), counter:
            self.declared.output(self._x)
        return counter.get_total_flops() / len(self._x)


def output_of(run: Forward, x: Tensor) -> Output:
    """Return the output of a block on the CPU."""
    with torch.inference_mode():
        return run(x).cpu().numpy()
