"""Train the demo models: two families of three versions each, on images made here, in seconds.

    python -m mallo_trainer.demo_models OUT_FOLDER               all six
    python -m mallo_trainer.demo_models OUT_FOLDER unet-2 ...    only these

``mobilenet`` reads a handwritten digit, ``unet`` finds shapes in a picture. Each version is
better than the one before: it trained longer, saw varied images, is wider. For each,
``OUT_FOLDER/NAME`` gets model.onnx, model.safetensors, preprocessing.json, metrics.json and
a few sample images that no version was trained on; one line says so:

    train name=unet-2
    made name=unet-2 val_miou=0.91 seconds=7.3

The same bytes each time on one kind of processor. Needs no network.
"""

import argparse
import math
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # as in the recipes: sleep, do not spin

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from safetensors.torch import save_file
from torch import Tensor, nn

from mallo_trainer.files import save_json
from mallo_trainer.onnx_export import export_classifier, largest_difference
from mallo_trainer.preprocessing import ImageClassifier, Preprocessing
from mallo_trainer.problem import Problem, problems_reported
from mallo_trainer.report import event
from mallo_trainer.reproducible import ask_for_determinism, derive_seed, order_of_epoch
from mallo_trainer.samples import CROSS, placed, polygon
from mallo_trainer.samples import digits as digit_images
from mallo_trainer.scores import classification_scores
from mallo_trainer.timm_models import create_model
from mallo_trainer.unet import UNet

SEED = 7
BATCHES = {"mobilenet": 32, "unet": 8}
LEARNING_RATES = {"mobilenet": 0.004, "unet": 0.01}
# Sums over threads are rounded by how many there are. So small a model is no faster with more.
THREADS = 1
# More than this between PyTorch and ONNX, and the version is not made.
ONNX_TOLERANCE = 1e-4
SAMPLES = 4

SCENES = 480
SCENE_PIXELS = 48
SHAPES = {"circle": polygon(60), "cross": CROSS}


@dataclass(frozen=True)
class Version:
    """How one version is made."""

    family: Literal["mobilenet", "unet"]
    architecture: str
    about: str
    build: Callable[[], nn.Module]
    epochs: int
    moved: bool = False


def mobilenet(name: str) -> Callable[[], nn.Module]:
    """A MobileNetV3 of timm for the ten digits."""
    return lambda: create_model(name, classes=10, image_size=32, dropout=0)


def unet(width: int) -> Callable[[], nn.Module]:
    """A U-Net for the shapes and the background."""
    return lambda: UNet(classes=1 + len(SHAPES), width=width)


SMALL = "mobilenetv3_small_050"
VERSIONS = {
    "mobilenet-1": Version("mobilenet", SMALL, "A first try.", mobilenet(SMALL), epochs=1),
    "mobilenet-2": Version("mobilenet", SMALL, "Trained longer.", mobilenet(SMALL), epochs=2),
    "mobilenet-3": Version(
        "mobilenet", SMALL, "Trained longer still, on digits moved a little each time.", mobilenet(SMALL), 4, moved=True
    ),
    "unet-1": Version("unet", "UNet (width 8)", "A first try.", unet(8), epochs=1),
    "unet-2": Version("unet", "UNet (width 8)", "Trained longer.", unet(8), epochs=2),
    "unet-3": Version("unet", "UNet (width 12)", "Wider, and trained longer still.", unet(12), epochs=3),
}


@dataclass(frozen=True)
class Data:
    """Images uint8 [N, 3, h, w] and what is to be learned of each: a class, or one for each pixel."""

    images: Tensor
    targets: Tensor
    class_names: list[str]

    def split(self) -> tuple[list[int], list[int]]:
        """Three of four images to train with, the fourth to measure by."""
        order = torch.randperm(len(self.images), generator=torch.Generator().manual_seed(SEED)).tolist()
        held_out = len(order) // 4
        return order[held_out:], order[:held_out]


def digits() -> Data:
    """The digits of scikit-learn, 32 pixels wide."""
    entries = list(digit_images())
    images = torch.stack([as_pixels(image.convert("RGB")) for _, image in entries])
    targets = torch.tensor([int(name.split("/")[0]) for name, _ in entries])
    return Data(images, targets, [str(digit) for digit in range(10)])


def scenes() -> Data:
    """Pictures of one or two shapes on a plain background, and which shape each pixel belongs to."""
    numbers = random.Random(SEED)  # promised never to change
    drawn = [scene(numbers.random) for _ in range(SCENES)]
    images = torch.stack([as_pixels(image) for image, _ in drawn])
    targets = torch.stack([torch.from_numpy(np.array(mask)).long() for _, mask in drawn])
    return Data(images, targets, ["background", *SHAPES])


def scene(number: Callable[[], float]) -> tuple[Image.Image, Image.Image]:
    """A picture and its mask, by random numbers from [0, 1). A later shape may hide part of an earlier one."""
    fine = 4 * SCENE_PIXELS  # drawn large and made small, so that edges are smooth
    background = [int(100 * number()) for _ in range(3)]
    image, mask = Image.new("RGB", (fine, fine), tuple(background)), Image.new("L", (fine, fine))
    for _ in range(1 + int(2 * number())):
        label = int(len(SHAPES) * number())
        corners = placed(list(SHAPES.values())[label], fine, fine * (0.18 + 0.14 * number()), number)
        colour = [156 + int(100 * number()) for _ in range(3)]
        ImageDraw.Draw(image).polygon(corners, fill=tuple(colour))
        ImageDraw.Draw(mask).polygon(corners, fill=label + 1)
    size = (SCENE_PIXELS, SCENE_PIXELS)
    return image.resize(size, Image.Resampling.BOX), mask.resize(size, Image.Resampling.NEAREST)


def as_pixels(image: Image.Image) -> Tensor:
    """uint8 [3, height, width]."""
    return torch.from_numpy(np.array(image)).permute(2, 0, 1).contiguous()


def moved(images: Tensor, random_numbers: torch.Generator) -> Tensor:
    """Each image up to one pixel off; a mirrored digit would be another one, or none."""
    places = torch.randint(0, 3, (len(images), 2), generator=random_numbers).tolist()
    padded = F.pad(images, (1, 1, 1, 1))
    height, width = images.shape[2:]
    cut = [image[:, y : y + height, x : x + width] for image, (y, x) in zip(padded, places, strict=True)]
    return torch.stack(cut)


def train(version: Version, data: Data, preprocessing: Preprocessing) -> tuple[nn.Module, list[dict[str, Any]]]:
    """The trained model, and how each epoch went."""
    training, validation = data.split()
    size, rate = BATCHES[version.family], LEARNING_RATES[version.family]
    torch.manual_seed(SEED)
    model = version.build()
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    steps = version.epochs * math.ceil(len(training) / size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.2)
    history: list[dict[str, Any]] = []
    for epoch in range(1, version.epochs + 1):
        random_numbers = torch.Generator().manual_seed(derive_seed(SEED, epoch))
        order = [training[i] for i in order_of_epoch(len(training), SEED, epoch)]
        model.train()
        losses: list[float] = []
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            images, targets = data.images[batch], data.targets[batch]
            if version.moved:
                images = moved(images, random_numbers)
            loss = F.cross_entropy(model(preprocessing(images)), targets)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        outputs = predict(model, preprocessing(data.images[validation]))
        val_loss = F.cross_entropy(outputs, data.targets[validation]).item()
        history.append({"epoch": epoch, "train_loss": sum(losses) / len(losses), "val_loss": val_loss})
    return model, history


@torch.no_grad()
def predict(model: nn.Module, inputs: Tensor) -> Tensor:
    """The outputs for many inputs, some at a time."""
    model.eval()
    return torch.cat([model(part) for part in inputs.split(64)])


def scores(data: Data, truth: Tensor, outputs: Tensor) -> dict[str, Any]:
    """How good the model is, in all and class by class."""
    predicted = outputs.argmax(dim=1)
    accuracy = (predicted == truth).double().mean().item()
    if truth.ndim == 1:
        found = classification_scores(truth.tolist(), predicted.tolist(), data.class_names)
        return {"val_accuracy": accuracy, **found}
    ious = [iou_of(predicted == label, truth == label) for label in range(len(data.class_names))]
    per_class = [{"name": name, "iou": iou} for name, iou in zip(data.class_names, ious, strict=True)]
    return {"val_miou": sum(ious) / len(ious), "val_pixel_accuracy": accuracy, "per_class": per_class}


def iou_of(found: Tensor, there: Tensor) -> float:
    """How much of what was found or is there is both."""
    return ((found & there).sum() / (found | there).sum().clamp(min=1)).item()


def make(name: str, data: Data, folder: Path) -> dict[str, Any]:
    """Train one version and write its files. Answers its metrics."""
    version = VERSIONS[name]
    size = data.images.shape[-1]
    preprocessing = Preprocessing(size, (0.5, 0.5, 0.5), (0.25, 0.25, 0.25))
    model, history = train(version, data, preprocessing)
    training, validation = data.split()
    outputs = predict(model, preprocessing(data.images[validation]))
    folder.mkdir(parents=True, exist_ok=True)
    save_file({key: tensor.contiguous() for key, tensor in model.state_dict().items()}, folder / "model.safetensors")
    # Softmax over the classes, for an image or for each of its pixels.
    whole = ImageClassifier(preprocessing, model).eval()
    export_classifier(whole, folder / "model.onnx")
    difference = largest_difference(whole, folder / "model.onnx", data.images[validation[:8]])
    if difference > ONNX_TOLERANCE:
        raise Problem(f"model.onnx of {name} would differ from PyTorch by {difference}.", "onnx_differs")
    task = "classification" if version.family == "mobilenet" else "segmentation"
    metrics: dict[str, Any] = {
        "task": task,
        "model": version.architecture,
        "about": version.about,
        **scores(data, data.targets[validation], outputs),
        "val_loss": history[-1]["val_loss"],
        "onnx_max_difference": difference,
        "epochs": version.epochs,
        "history": history,
        "class_names": data.class_names,
        "train_images": len(training),
        "val_images": len(validation),
    }
    save_json(folder / "metrics.json", metrics)
    save_json(folder / "preprocessing.json", describe_preprocessing(task, data.class_names, preprocessing))
    for number, index in enumerate(validation[:SAMPLES], start=1):
        pixels = data.images[index].permute(1, 2, 0).numpy()
        Image.fromarray(pixels).save(folder / f"sample-{number}.png")
    return metrics


def describe_preprocessing(task: str, class_names: list[str], preprocessing: Preprocessing) -> dict[str, Any]:
    """What a program must know to use the model, in the form that the recipes leave it."""
    size = preprocessing.image_size
    of_each = [size, size] if task == "segmentation" else []
    shape = ["batch", len(class_names), *of_each]
    return {
        "task": task,
        "onnx": {
            "input": {"name": "image", "type": "uint8", "shape": ["batch", "height", "width", 3], "colors": "RGB"},
            "output": {"name": "probabilities", "type": "float32", "shape": shape},
        },
        "class_names": class_names,
        "weights": {
            "image_size": size,
            "resize": "bilinear, antialiased, to a square, proportions not kept",
            "mean": preprocessing.mean.flatten().tolist(),
            "std": preprocessing.std.flatten().tolist(),
        },
    }


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT_FOLDER")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(VERSIONS)}")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(VERSIONS)
    if unknown:
        parser.error(f"no such version: {', '.join(sorted(unknown))}")
    with problems_reported():
        ask_for_determinism()
        torch.set_num_threads(THREADS)
        data = {"mobilenet": digits(), "unet": scenes()}
        for name in arguments.names or VERSIONS:
            started = time.monotonic()
            event("train", name=name)
            metrics = make(name, data[VERSIONS[name].family], arguments.out / name)
            score = "val_accuracy" if "val_accuracy" in metrics else "val_miou"
            event("made", name=name, **{score: metrics[score]}, seconds=round(time.monotonic() - started, 1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
