"""A small U-Net (Ronneberger et al. 2015, arXiv:1505.04597): a class for each pixel."""

import torch
from torch import Tensor, nn


def double_conv(inputs: int, outputs: int) -> nn.Sequential:
    """Two 3x3 convolutions, which is what a U-Net has at each of its levels."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
        nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class UNet(nn.Module):
    """float32 [N, 3, height, width], both multiples of 8 -> scores [N, classes, height, width].

    On the way down each level halves the size and doubles the channels, so that a pixel
    comes to know its surroundings; on the way up each gets back the details of its size
    from before.
    """

    def __init__(self, classes: int, width: int) -> None:
        super().__init__()
        widths = [width, 2 * width, 4 * width, 8 * width]
        self.down = nn.ModuleList(double_conv(a, b) for a, b in zip([3, *widths], widths, strict=False))
        self.up = nn.ModuleList(nn.ConvTranspose2d(2 * w, w, 2, stride=2) for w in widths[-2::-1])
        self.join = nn.ModuleList(double_conv(2 * w, w) for w in widths[-2::-1])
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, image: Tensor) -> Tensor:
        """See the class."""
        details: list[Tensor] = []
        features = image
        for level, convolve in enumerate(self.down):
            features = convolve(features if level == 0 else self.pool(features))
            details.append(features)
        details.pop()
        for enlarge, convolve in zip(self.up, self.join, strict=True):
            features = convolve(torch.cat([details.pop(), enlarge(features)], dim=1))
        return self.head(features)
