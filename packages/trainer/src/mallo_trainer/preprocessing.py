"""From decoded pixels to what the model reads: one definition for training, validation and export."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Preprocessing(nn.Module):
    """Resize to a square and normalize.

    uint8 [N, 3, height, width], any size -> float32 [N, 3, image_size, image_size].

    The whole image is kept and squeezed into the square: nothing at the border is cut
    off, which matters when the thing to recognise is there. Shrinking is antialiased
    (each pixel averages all it covers), as in Pillow; without it thin lines vanish.

    Being an ordinary torch module it becomes part of the ONNX file, so whoever uses the
    model needs to decode the image and nothing else.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, image_size: int, mean: tuple[float, ...], std: tuple[float, ...]) -> None:
        super().__init__()
        self.image_size = image_size
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1), persistent=False)

    def forward(self, pixels: Tensor) -> Tensor:
        """See the class."""
        image = pixels.float() / 255
        size = (self.image_size, self.image_size)
        image = F.interpolate(image, size=size, mode="bilinear", antialias=True, align_corners=False)
        return (image - self.mean) / self.std

    def collate(self, samples: list[tuple[Tensor, int]]) -> tuple[Tensor, Tensor]:
        """Make a batch of (pixels [3, h, w], label): resized together when they agree in size."""
        labels = torch.tensor([label for _, label in samples])
        pixels = [image for image, _ in samples]
        if len({image.shape for image in pixels}) == 1:
            return self(torch.stack(pixels)), labels
        return torch.cat([self(image[None]) for image in pixels]), labels


class ImageClassifier(nn.Module):
    """What is exported: a decoded image in, a probability for each class out.

    uint8 [1, height, width, 3] (RGB, as image libraries decode) -> float32 [1, classes].
    """

    def __init__(self, preprocessing: Preprocessing, model: nn.Module) -> None:
        super().__init__()
        self.preprocessing = preprocessing
        self.model = model

    def forward(self, image: Tensor) -> Tensor:
        """See the class."""
        return self.model(self.preprocessing(image.permute(0, 3, 1, 2))).softmax(dim=1)
