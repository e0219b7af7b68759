"""A small convolutional network on log-mel features.

Four blocks of Conv 3x3 (padding 1, no bias), BatchNorm, ReLU and MaxPool 2, then the mean over
mel bins and frames and one linear layer. The log-mel front end is a step of the pipeline, never
part of the network, so that noise can be added on either side of it.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from repaudit.rerun.models.networks.options import require_size

BLOCKS = 4


class LogMelCnn(nn.Module):
    """Log-mel (batch, 1, mel bins, frames), at least 16 of both, to logits (batch, classes)."""

    def __init__(self, widths: Sequence[int] = (32, 64, 128, 128), classes: int = 12) -> None:
        super().__init__()
        require_size("classes", classes)
        if not isinstance(widths, Sequence) or len(widths) != BLOCKS:
            raise ValueError(f"widths a list of {BLOCKS} numbers")
        for width in widths:
            require_size("widths each", width)
        inputs = (1, *widths[:-1])
        self.blocks = nn.Sequential(*map(_block, inputs, widths))
        self.output = nn.Linear(widths[-1], classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits."""
        logits: Tensor = self.output(self.blocks(x).mean(dim=(2, 3)))
        return logits


def _block(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
        nn.MaxPool2d(2),
    )
