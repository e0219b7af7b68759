"""Residual networks for 32 x 32 images with parameter-free shortcuts.

References
    [HZRS16]  He, Zhang, Ren and Sun, Deep residual learning for image recognition, CVPR 2016,
              section 4.2: three stages of 16, 32 and 64 maps, depth 6 n + 2; option A of section
              3.3, where a shortcut that changes shape takes every second pixel and pads the new
              maps with zeros, half of them on each side.
"""

from torch import Tensor, nn
from torch.nn import functional

from repaudit.rerun.models.networks.options import require_size


class BasicBlock(nn.Module):
    """Two 3x3 convolutions round an option-A shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride = stride
        self.new_maps = outputs - inputs

    def forward(self, x: Tensor) -> Tensor:
        """Return the maps (batch, outputs, height / stride, width / stride)."""
        shortcut = x
        if self.new_maps:
            side = self.new_maps // 2
            shortcut = functional.pad(
                x[..., :: self.stride, :: self.stride], (0, 0, 0, 0, side, side)
            )
        x = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(x)) + shortcut)


class CifarResNet(nn.Module):
    """Images (batch, 3, height, width), 32 x 32 as published, to logits (batch, classes)."""

    def __init__(self, depth: int = 20, classes: int = 10) -> None:
        super().__init__()
        require_size("depth", depth)
        require_size("classes", classes)
        if depth < 8 or (depth - 2) % 6:
            raise ValueError("depth 6 n + 2 (20, 32, 44, 56, 110)")
        blocks = (depth - 2) // 6
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = _stage(16, 16, blocks)
        self.layer2 = _stage(16, 32, blocks)
        self.layer3 = _stage(32, 64, blocks)
        self.linear = nn.Linear(64, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits."""
        x = functional.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        logits: Tensor = self.linear(x.mean(dim=(2, 3)))
        return logits


def _stage(inputs: int, outputs: int, blocks: int) -> nn.Sequential:
    first = BasicBlock(inputs, outputs, stride=outputs // inputs)
    return nn.Sequential(first, *(BasicBlock(outputs, outputs, 1) for _ in range(blocks - 1)))
