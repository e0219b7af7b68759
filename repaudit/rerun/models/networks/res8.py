"""The residual keyword spotter res8 and its narrow form, as trained by the Honk project.

References
    [TL18]  Tang and Lin, Deep residual learning for small-footprint keyword spotting, ICASSP
            2018: 3x3 convolutions without bias, ReLU before a BatchNorm without affine
            parameters, a shortcut round every second convolution, average pooling (4, 3) after
            the first one. 45 feature maps; the narrow form has 19.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from repaudit.rerun.models.networks.options import require_size

LAYERS = 6
SCALED = (1, 3, 5)
"""layers whose BatchNorm is followed by a learned factor per map in the published res8"""


class Scale(nn.Module):
    """Multiply each feature map by its own learned factor."""

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(maps))

    def forward(self, x: Tensor) -> Tensor:
        """Return the maps (batch, maps, frames, coefficients), scaled."""
        return x * self.scale[:, None, None]


class Res8(nn.Module):
    """MFCC (batch, 1, coefficients, frames), 40 x 101 as published, to logits (batch, classes)."""

    def __init__(self, maps: int = 45, classes: int = 12, scaled: bool = True) -> None:
        super().__init__()
        require_size("maps", maps)
        require_size("classes", classes)
        if not isinstance(scaled, bool):
            raise ValueError("scaled true or false")
        self.conv0 = _conv(1, maps)
        self.pool = nn.AvgPool2d((4, 3))
        for layer in range(1, LAYERS + 1):
            self.add_module(f"conv{layer}", _conv(maps, maps))
            self.add_module(f"bn{layer}", nn.BatchNorm2d(maps, affine=False))
            if scaled and layer in SCALED:
                self.add_module(f"scale{layer}", Scale(maps))
        self.output = nn.Linear(maps, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits."""
        x = x.transpose(2, 3)  # it was trained on frames x coefficients
        x = shortcut = self.pool(functional.relu(self.conv0(x)))
        layers = dict(self.named_children())
        for layer in range(1, LAYERS + 1):
            x = functional.relu(layers[f"conv{layer}"](x))
            if layer % 2 == 0:
                x = shortcut = x + shortcut
            x = layers[f"bn{layer}"](x)
            if f"scale{layer}" in layers:
                x = layers[f"scale{layer}"](x)
        logits: Tensor = self.output(x.mean(dim=(2, 3)))
        return logits


def _conv(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=False)
