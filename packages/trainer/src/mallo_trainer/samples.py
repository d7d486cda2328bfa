"""Make a sample data set for trying out: a zip with one folder of PNG images for each class.

    python -m mallo_trainer.samples digits OUT.zip    1,797 handwritten digits, 10 classes
    python -m mallo_trainer.samples shapes OUT.zip    600 drawn shapes, 5 classes

The zip is the same to the last byte each time.
"""

import argparse
import io
import math
import random
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from sklearn.datasets import load_digits

from mallo_trainer.files import write_atomically

# Name in the zip, and the image.
Entry = tuple[str, Image.Image]
Point = tuple[float, float]

SHAPES_PER_CLASS = 120
SHAPE_PIXELS = 64


def digits() -> Iterator[Entry]:
    """The digits that come with scikit-learn, enlarged from 8 to 32 pixels.

    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI 1998.
    """
    bundle: Any = load_digits()
    for index, (pixels, label) in enumerate(zip(bundle.images, bundle.target, strict=True)):
        small = Image.fromarray((pixels * (255 / 16)).round().astype(np.uint8))
        yield f"{label}/{index:04}.png", small.resize((32, 32), Image.Resampling.BICUBIC)


def shapes() -> Iterator[Entry]:
    """Plain shapes of any colour, size, place and turn, each on a background of another colour."""
    outlines = {"circle": polygon(60), "cross": CROSS, "square": polygon(4), "star": STAR, "triangle": polygon(3)}
    for name, outline in outlines.items():
        # Text seeds are hashed by SHA-512 and random() is promised never to change, so
        # neither does the zip.
        numbers = random.Random(name)
        for index in range(SHAPES_PER_CLASS):
            yield f"{name}/{index:04}.png", _draw(outline, numbers.random)


def polygon(corners: int) -> list[Point]:
    """A regular one, its corners on the unit circle."""
    return [(math.cos(2 * math.pi * i / corners), math.sin(2 * math.pi * i / corners)) for i in range(corners)]


STAR = [(x * r, y * r) for (x, y), r in zip(polygon(10), [1, 0.4] * 5, strict=True)]
_QUARTER = [(1.0, 0.3), (0.3, 0.3), (0.3, 1.0)]
CROSS = [(x * c - y * s, x * s + y * c) for c, s in [(1, 0), (0, 1), (-1, 0), (0, -1)] for x, y in _QUARTER]


def placed(outline: list[Point], side: float, radius: float, number: Callable[[], float]) -> list[Point]:
    """``outline`` (corners within the unit circle) as large as ``radius``, anywhere in a square, turned anyhow."""
    room = side - 2 * radius
    left, top = radius + room * number(), radius + room * number()
    turn = 2 * math.pi * number()
    cos, sin = math.cos(turn), math.sin(turn)
    return [(left + radius * (x * cos - y * sin), top + radius * (x * sin + y * cos)) for x, y in outline]


def _draw(outline: list[Point], number: Callable[[], float]) -> Image.Image:
    """``outline`` (corners within the unit circle) drawn by random numbers from [0, 1)."""
    fine = 4 * SHAPE_PIXELS  # drawn large and made small, so that edges are smooth
    corners = placed(outline, fine, fine * (0.18 + 0.22 * number()), number)
    background = [int(256 * number()) for _ in range(3)]
    # At least 96 of 256 away in every colour channel: visible on any background.
    colour = [(channel + 96 + int(64 * number())) % 256 for channel in background]
    image = Image.new("RGB", (fine, fine), tuple(background))
    ImageDraw.Draw(image).polygon(corners, fill=tuple(colour))
    return image.resize((SHAPE_PIXELS, SHAPE_PIXELS), Image.Resampling.BOX)


def write_zip(path: Path, entries: Iterator[Entry]) -> None:
    """Zip the images as PNG, with no trace of when and by whom."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, image in sorted(entries, key=lambda entry: entry[0]):
            png = io.BytesIO()
            image.save(png, "PNG")
            about = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            about.create_system = 3  # Unix, also when made elsewhere
            about.external_attr = 0o644 << 16
            archive.writestr(about, png.getvalue())


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["digits", "shapes"])
    parser.add_argument("out", type=Path, metavar="OUT.zip")
    arguments = parser.parse_args()
    entries = digits() if arguments.kind == "digits" else shapes()
    write_atomically(arguments.out, lambda temporary: write_zip(temporary, entries))
    return 0


if __name__ == "__main__":
    sys.exit(main())
