"""A small convolutional network on waveforms.

Blocks of a strided one-dimensional convolution (padding half the kernel, no bias), BatchNorm and
ReLU, then the mean over time and one linear layer. Its only front end is the stride itself.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from repaudit.rerun.models.networks.options import require_size


class WaveformCnn(nn.Module):
    """Waveforms (batch, samples) or (batch, 1, samples) to logits (batch, classes)."""

    def __init__(
        self,
        widths: Sequence[int] = (32, 64, 128, 128),
        kernels: Sequence[int] = (64, 8, 8, 8),
        strides: Sequence[int] = (8, 4, 4, 4),
        classes: int = 12,
    ) -> None:
        super().__init__()
        require_size("classes", classes)
        named = {"widths": widths, "kernels": kernels, "strides": strides}
        for name, values in named.items():
            if not isinstance(values, Sequence) or not 1 <= len(values) == len(widths):
                raise ValueError(f"{name} a list with one number per block")
            for value in values:
                require_size(f"{name} each", value)
        inputs = (1, *widths[:-1])
        self.blocks = nn.Sequential(*map(_block, inputs, widths, kernels, strides))
        self.output = nn.Linear(widths[-1], classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits."""
        waveform = x.unsqueeze(1) if x.dim() == 2 else x
        logits: Tensor = self.output(self.blocks(waveform).mean(dim=2))
        return logits


def _block(inputs: int, outputs: int, kernel: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv1d(inputs, outputs, kernel, stride=stride, padding=kernel // 2, bias=False),
        nn.BatchNorm1d(outputs),
        nn.ReLU(),
    )
