"""A folder of images with one subfolder a class, the layout torchvision calls ImageFolder.

data/
  페르시안/  a.jpg b.png ...
  샴/        c.jpg ...
"""

import hashlib
import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from torch.utils.data import Dataset

from mallo_trainer.problem import Problem
from mallo_trainer.report import event

# Left behind by file managers; everybody has them and nobody put them there.
_NOT_MEANT = {"thumbs.db", "desktop.ini", "__macosx"}


@dataclass(frozen=True)
class LabelledImages:
    """Image files and the class of each.

    ``files`` are relative to ``root``, sorted; ``labels[i]`` is an index into
    ``class_names``; ``decoded_bytes`` is what all of them take as RGB in memory.
    """

    root: Path
    files: list[str]
    labels: list[int]
    class_names: list[str]
    decoded_bytes: int


def scan_image_folder(root: Path, class_names: list[str] | None = None) -> LabelledImages:
    """Find all images and read their headers (not yet their pixels).

    Classes are the subfolders in alphabetical order, or in the order of ``class_names``,
    which must then name the same ones. Names are compared in Unicode's composed form: a
    Mac writes 페르시안 with other bytes than Linux does.

    Raises:
        Problem: no such folder, fewer than two classes, a class without images, a file
            that is not an image (the message names it), other class names than folders.
    """
    if not root.is_dir():
        raise Problem(f"The data folder {root} does not exist.", "data_missing")
    folders = {_composed(p.name): p for p in root.iterdir() if p.is_dir() and _is_meant(p.name)}
    found = sorted(folders)
    if len(found) < 2:
        raise Problem(
            f"The data folder {root} has {len(found)} class folder(s); put the images of each class "
            "into a folder of its own, two or more.",
            "too_few_classes",
        )
    names = [_composed(name) for name in class_names] if class_names is not None else found
    if sorted(names) != found:
        different = sorted(set(names) ^ set(found)) or sorted({name for name in names if names.count(name) > 1})
        raise Problem(f"class_names and the class folders differ in: {', '.join(different)}.", "class_names_differ")
    files: list[str] = []
    labels: list[int] = []
    decoded_bytes = 0
    for label, name in enumerate(names):
        inside = _files_below(folders[name])
        if not inside:
            raise Problem(f"The class folder {name!r} has no images.", "empty_class")
        for path in inside:
            width, height = _size_of(path, root)
            decoded_bytes += 3 * width * height
            files.append(path.relative_to(root).as_posix())
            labels.append(label)
    return LabelledImages(root, files, labels, names, decoded_bytes)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _is_meant(name: str) -> bool:
    return not name.startswith(".") and name.lower() not in _NOT_MEANT


def _files_below(folder: Path) -> list[Path]:
    paths: list[Path] = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if _is_meant(name)]
        paths += [Path(parent, name) for name in files if _is_meant(name)]
    return sorted(paths, key=lambda path: path.relative_to(folder).as_posix())


def _not_an_image(path: Path, root: Path) -> Problem:
    return Problem(
        f"{path.relative_to(root).as_posix()} cannot be read as an image. Remove it or replace it.",
        "not_an_image",
        file=path.relative_to(root).as_posix(),
    )


def _size_of(path: Path, root: Path) -> tuple[int, int]:
    try:
        with Image.open(path) as image:
            return image.size
    except Exception as error:
        raise _not_an_image(path, root) from error


def decode_image(path: Path, root: Path) -> Tensor:
    """The pixels of one file: uint8, [3, height, width], RGB, the right way up.

    Transparency is dropped, grey is repeated three times, 16-bit grey keeps its upper 8
    bits, and a camera's note on how it was held (EXIF orientation) is obeyed.
    """
    try:
        with Image.open(path) as image:
            upright = ImageOps.exif_transpose(image)
            if upright.mode.startswith("I;16") or upright.mode == "I":
                upright = Image.fromarray((np.asarray(upright).astype(np.uint32) >> 8).astype(np.uint8))
            pixels = np.array(upright.convert("RGB"))
    except Exception as error:
        raise _not_an_image(path, root) from error
    return torch.from_numpy(pixels).permute(2, 0, 1).contiguous()


def stratified_split(images: LabelledImages, fraction: float, seed: int) -> tuple[list[int], list[int]]:
    """Indices for training and for validation, with the same share of every class in each.

    Within a class files are ordered by a hash of seed and name and the first ones go to
    validation: the same files and seed always give the same split, on any machine, and
    adding a file moves few others. Of two or more images at least one validates and one
    trains; a single one trains.
    """
    validation: set[int] = set()
    for label, name in enumerate(images.class_names):
        members = [i for i, other in enumerate(images.labels) if other == label]
        if len(members) == 1:
            event(
                "warning",
                code="single_image_class",
                message=f"Class {name!r} has one image: it is trained on, and its quality cannot be measured.",
            )
            continue
        members.sort(key=lambda i: hashlib.sha256(f"{seed}:{_composed(images.files[i])}".encode()).digest())
        count = min(max(round(len(members) * fraction), 1), len(members) - 1)
        validation.update(members[:count])
    if not validation:
        raise Problem(
            "Every class has one image only, so nothing is left to validate with. Add images.", "too_few_images"
        )
    training = [i for i in range(len(images.files)) if i not in validation]
    return training, sorted(validation)


class ImageDataset(Dataset[tuple[Tensor, int]]):
    """Decoded images and labels by their index in ``images``.

    Data sets that fit are decoded once and kept: for small images decoding costs more
    than training does. ``change`` (augmentation) is called with pixels and index.
    """

    def __init__(
        self,
        images: LabelledImages,
        *,
        keep_decoded: bool,
        change: Callable[[Tensor, int], Tensor] | None = None,
    ) -> None:
        self.images = images
        self.change = change
        self.decoded: list[Tensor] | None = None
        if keep_decoded:
            self.decoded = [decode_image(images.root / file, images.root) for file in images.files]

    def with_change(self, change: Callable[[Tensor, int], Tensor]) -> "ImageDataset":
        """The same images (decoded once) with another augmentation."""
        other = ImageDataset(self.images, keep_decoded=False, change=change)
        other.decoded = self.decoded
        return other

    def __len__(self) -> int:
        return len(self.images.files)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        if self.decoded is not None:
            pixels = self.decoded[index]
        else:
            pixels = decode_image(self.images.root / self.images.files[index], self.images.root)
        if self.change is not None:
            pixels = self.change(pixels, index)
        return pixels, self.images.labels[index]
