"""Make a loaded network fast on a device without changing what it computes.

BatchNorm is folded into convolutions, weights and images are laid out channels last, and
everything runs in inference mode. TF32 is off unless it was declared.
"""

import contextlib
from contextlib import AbstractContextManager

import torch
from torch import Tensor, nn

from repaudit._core.errors import MissingPart
from repaudit.contract.model import Dtype
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


class PreparedNetwork(nn.Module):
    """A network with the arithmetic it was declared to have."""

    def __init__(
        self, network: nn.Module, device: torch.device, dtype: Dtype, *, fold: bool = True
    ) -> None:
        super().__init__()
        self.dtype = dtype
        self.device = device
        self.network = copied(network)
        self.folded = fold_batch_norms(self.network) if fold and dtype in FOLDED else 0
        self.channels_last = any(isinstance(layer, nn.Conv2d) for layer in network.modules())
        self.network.to(device, ARITHMETIC[dtype])
        if self.channels_last:
            # torch takes this alone too, but its annotations do not say so.
            self.network.to(device, ARITHMETIC[dtype], memory_format=torch.channels_last)  # type: ignore[call-overload]

    @torch.inference_mode()
    def forward(self, x: Tensor) -> Tensor:
        """Return the network's output for a batch, as float32, or float64 when that is declared.

        ``x`` is float[batch, ...] on any device.
        """
        return self.output(x)

    def output(self, x: Tensor) -> Tensor:
        """Return what `forward` returns, as a part of the graph that ``x`` is in."""
        x = x.to(self.device, ARITHMETIC[self.dtype])
        if self.channels_last and x.ndim == 4:
            x = x.contiguous(memory_format=torch.channels_last)
        with self._arithmetic():
            output: Tensor = self.network(x)
        return output.to(torch.float64 if self.dtype == "float64" else torch.float32)

    @property
    def plan(self) -> str:
        """The execution plan in words, for the report."""
        layout = ", channels last" if self.channels_last else ""
        return f"{self.dtype} on {self.device}, {self.folded} BatchNorms folded{layout}"

    def _arithmetic(self) -> AbstractContextManager[object]:
        if self.device.type == "cuda":
            _allow_tf32(self.dtype == "tf32")
        if self.dtype in AUTOCAST:
            return torch.autocast(self.device.type, AUTOCAST[self.dtype])
        return contextlib.nullcontext()


def prepare(
    module: nn.Module, device: torch.device, dtype: Dtype, *, fold: bool = True
) -> PreparedNetwork:
    """Return the network on the device, in eval mode, with the declared arithmetic.

    A network that was exported for the CPU runs there; elsewhere its own constants may lie on
    the wrong device, which fails loudly at the first batch. Without ``fold`` every module stays
    as it was declared, for a measurement that looks inside.

    Raises ``MissingPart`` for TF32 without a CUDA device: other hardware cannot round like it.
    """
    if dtype == "tf32" and device.type != "cuda":
        raise MissingPart("a CUDA device", "TF32 arithmetic", "--device cuda")
    nn.Module.train(module, False)
    prepared = PreparedNetwork(module, device, dtype, fold=fold)
    return prepared.requires_grad_(False)


def _allow_tf32(allowed: bool) -> None:
    """Switch TF32 for products and convolutions; cuDNN's is on unless somebody turns it off."""
    torch.backends.cuda.matmul.allow_tf32 = allowed
    torch.backends.cudnn.allow_tf32 = allowed
