# /// script
# requires-python = ">=3.11"
# dependencies = ["anomalib==2.7.0", "torch==2.15.0", "torchvision==0.29.2", "timm==1.0.31"]
# ///
"""anomalib: every detector of anomalies in images, counted with the settings it comes with."""

import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anomalib.models.image as image_models
import timm
from catalogue import Entry, counted, license_of, quiet, tell, write
from torch import nn

create_model = timm.create_model
# Read as everyday words where they stand in a sentence: "scratches on glass vials".
EVERYDAY_WORDS = {"glass", "rad"}


def without_weights(*arguments: Any, **named: Any) -> nn.Module:
    """``timm.create_model`` that asks no network for weights: they change no count."""
    return create_model(*arguments, **{**named, "pretrained": False})


def snake(name: str) -> str:
    """``EfficientAd`` → ``efficient_ad``."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return f"anomalib_{plain}" if plain in EVERYDAY_WORDS else plain


def size_of(kind: type) -> int | None:
    """Pixels to which the detector's own preprocessing scales; the last step that sets a square."""
    try:
        steps = getattr(kind.configure_pre_processor().transform, "transforms", [])  # type: ignore[attr-defined]
    except Exception as error:
        tell(f"{kind.__name__} has no size of its own", error)
        return None
    sizes = [list(step.size) for step in steps if hasattr(step, "size")]
    square = [size[0] for size in sizes if len(size) == 1 or size[0] == size[1]]
    return square[-1] if square else None


def maker(kind: type) -> Callable[[], nn.Module]:
    """Builds the network of a detector, without what is around it."""
    plain = dict.fromkeys(("post_processor", "evaluator", "visualizer", "pre_trained"), False)
    known = inspect.signature(kind).parameters
    return lambda: kind(**{name: value for name, value in plain.items() if name in known}).model


def main() -> None:
    """Command line entry point."""
    quiet()
    for module in [module for name, module in sys.modules.items() if name.startswith("anomalib.models")]:
        if getattr(module, "timm", None) is timm:
            module.timm.create_model = without_weights
        if getattr(module, "create_model", None) is create_model:
            module.create_model = without_weights
    models: list[Entry] = []
    for class_name, kind in inspect.getmembers(image_models, inspect.isclass):
        name = snake(class_name)
        size = size_of(kind)
        print(name, size, file=sys.stderr)
        entry: Entry = {"name": name, "family": name, "taskType": "anomaly_detection", "inputSize": size}
        models.append(entry | {"license": license_of("anomalib"), **counted(maker(kind), size)})
    write(Path(sys.argv[1]), "anomalib", models)


main()
