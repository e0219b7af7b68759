"""Bring a loaded network to a device in the arithmetic it was declared to have.

An execution says how: BatchNorm folded into convolutions, weights and images channels last.
Everything runs in inference mode. TF32 is off unless it was declared.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import torch
from torch import Tensor, nn

from repaudit._core.errors import MissingPart
from repaudit.contract.model import Dtype
from repaudit.rerun.device import allow_tf32
from repaudit.rerun.execution.execution import USUAL, Execution
from repaudit.rerun.models.copied import copied
from repaudit.rerun.models.fold import fold_batch_norms

ARITHMETIC: dict[str, torch.dtype] = {
    "float64": torch.float64,
    "float32": torch.float32,
    "tf32": torch.float32,
    "bfloat16": torch.bfloat16,
    "float16": torch.float16,
    "bfloat16_autocast": torch.float32,
    "float16_autocast": torch.float32,
}
"""type of weights and inputs for a declared dtype"""
AUTOCAST = {"bfloat16_autocast": torch.bfloat16, "float16_autocast": torch.float16}
FOLDED = ("float64", "float32")
"""where folding moves logits by float32 rounding at most; in a narrower type it would move votes"""
PRECISIONS: dict[str, Dtype] = {"bf16": "bfloat16", "tf32": "tf32"}
"""what another precision than the declared one computes like"""


class PreparedNetwork(nn.Module):
    """A network with the arithmetic it was declared to have."""

    def __init__(
        self, network: nn.Module, device: torch.device, dtype: Dtype, execution: Execution
    ) -> None:
        super().__init__()
        self.declared, self.device = dtype, device
        self.dtype: Dtype = PRECISIONS.get(execution.precision, dtype)
        self.network = copied(network)
        is_folded = execution.folded and dtype in FOLDED
        self.folded = fold_batch_norms(self.network) if is_folded else 0
        has_images = any(isinstance(layer, nn.Conv2d) for layer in network.modules())
        self.channels_last = execution.channels_last and has_images
        self.network.to(device, ARITHMETIC[self.dtype])
        if self.channels_last:
            # torch takes this alone too, but its annotations do not say so.
            self.network.to(  # type: ignore[call-overload]
                device, ARITHMETIC[self.dtype], memory_format=torch.channels_last
            )

    @torch.inference_mode()
    def forward(self, x: Tensor) -> Tensor:
        """Return the network's output for a batch, as float32, or float64 when that is declared.

        ``x`` is float[batch, ...] on any device.
        """
        return self.output(x)

    def output(self, x: Tensor, run: Callable[[Tensor], Tensor] | None = None) -> Tensor:
        """Return what `forward` returns, as a part of the graph that ``x`` is in.

        ``run`` is the network in another form, compiled for blocks like ``x``.
        """
        x = self.arranged(x)
        with self._tf32(), self._arithmetic():
            output: Tensor = (self.network if run is None else run)(x)
        return output.to(torch.float64 if self.declared == "float64" else torch.float32)

    def arranged(self, x: Tensor) -> Tensor:
        """Return a batch on the device, in the network's arithmetic and layout."""
        x = x.to(self.device, ARITHMETIC[self.dtype])
        is_image = self.channels_last and x.ndim == 4
        return x.contiguous(memory_format=torch.channels_last) if is_image else x

    @property
    def plan(self) -> str:
        """The execution plan in words, for the report."""
        layout = ", channels last" if self.channels_last else ""
        return f"{self.dtype} on {self.device}, {self.folded} BatchNorms folded{layout}"

    def _arithmetic(self) -> AbstractContextManager[object]:
        if self.dtype in AUTOCAST:
            return torch.autocast(self.device.type, AUTOCAST[self.dtype])
        return contextlib.nullcontext()

    @contextlib.contextmanager
    def _tf32(self) -> Iterator[None]:
        """Have TF32 as this network wants it, and afterwards as the task declares it.

        The switch is of the whole process: where the two differ one block runs at a time.
        """
        if self.device.type == "cuda":
            allow_tf32(self.dtype == "tf32")
        try:
            yield
        finally:
            if self.device.type == "cuda":
                allow_tf32(self.declared == "tf32")


def prepare(
    module: nn.Module, device: torch.device, dtype: Dtype, execution: Execution = USUAL
) -> PreparedNetwork:
    """Return the network on the device, in eval mode, with the declared arithmetic.

    A network that was exported for the CPU runs there; elsewhere its own constants may lie on
    the wrong device, which fails loudly at the first batch.

    Raises ``MissingPart`` for TF32 without a CUDA device: other hardware cannot round like it.
    """
    if "tf32" in (dtype, execution.precision) and device.type != "cuda":
        raise MissingPart("a CUDA device", "TF32 arithmetic", "--device cuda")
    nn.Module.train(module, False)
    prepared = PreparedNetwork(module, device, dtype, execution)
    return prepared.requires_grad_(False)
