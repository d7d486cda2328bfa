"""Showing the model each image a little differently every time, so that it learns what matters.

Each level is for a kind of data set. ``none``: the position and the side are the meaning
(digits, text, documents). ``light``: thousands of photographs. ``medium``: hundreds.
``heavy``: few images and many epochs; needs more epochs to pay off.
"""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torchvision.transforms import v2

from mallo_trainer.reproducible import random_numbers_of

Level = Literal["none", "light", "medium", "heavy"]


def transforms_of(level: Level, image_size: int) -> v2.Transform | None:
    """The transforms of a level: uint8 [3, h, w] -> uint8 [3, image_size, image_size]."""
    if level == "none":
        return None
    if level == "light":
        return v2.Compose([_crop(image_size, smallest=0.8), v2.RandomHorizontalFlip()])
    if level == "medium":
        return v2.Compose(
            [
                _crop(image_size, smallest=0.5),
                v2.RandomHorizontalFlip(),
                v2.RandomRotation([-10, 10], interpolation=v2.InterpolationMode.BILINEAR),
                v2.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2),
            ]
        )
    return v2.Compose(
        [
            _crop(image_size, smallest=0.25),
            v2.RandomHorizontalFlip(),
            v2.RandAugment(num_ops=2, magnitude=9),  # Cubuk et al. 2019, arXiv:1909.13719
            v2.RandomErasing(p=0.25),  # Zhong et al. 2017, arXiv:1708.04896
        ]
    )


def _crop(image_size: int, smallest: float) -> v2.Transform:
    return v2.RandomResizedCrop(image_size, scale=(smallest, 1.0), ratio=(0.8, 1.25), antialias=True)


def augmentation(level: Level, image_size: int, seed: int, epoch: int) -> Callable[[Tensor, int], Tensor]:
    """The change for image ``index`` in ``epoch``: random to the eye, fixed by those numbers."""
    transforms = transforms_of(level, image_size)

    def change(pixels: Tensor, index: int) -> Tensor:
        if transforms is None:
            return pixels
        with random_numbers_of(seed, epoch, index), torch.no_grad():
            return transforms(pixels)

    return change
