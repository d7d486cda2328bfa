"""Find out before a training starts whether it can, and get its pretrained weights.

    python -m mallo_trainer.prepare CONFIG.json

Prints one line of JSON:

    {"params": 11181642, "memory_bytes": 266000000, "weights": "hub:timm/resnet18.a1_in1k",
     "message": "timm/resnet18.a1_in1k was downloaded.", "problem": null}

``params``: numbers the model learns. ``memory_bytes``: the least that a step keeps in
memory, or null where it cannot be told. ``weights``: ``none``, ``file:PATH`` or ``hub:NAME``,
remembered for the training; ``message`` says why. ``problem``: null, or ``{"code", "message",
...}`` of what must be put right first. Whatever else there is to say goes to stderr.
"""

import contextlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import nn

from mallo_trainer.hardware import choose_device
from mallo_trainer.image_folder import scan_image_folder
from mallo_trainer.problem import Problem, as_problem
from mallo_trainer.settings import settings_from_command_line
from mallo_trainer.timm_models import activation_bytes, count_parameters, create_model, require_fitting_size
from mallo_trainer.weights import remembered_weights, warn_untrained

RECIPE = Path(__file__).resolve().parents[2] / "recipes" / "timm_classification.py"

# Copies of every weight in memory: the weight, its gradient, and what the optimizer keeps of it.
COPIES = {"sgd": 3, "rmsprop": 4, "adam": 4, "adamw": 4}


def load_recipe() -> ModuleType:
    """The recipe as a module, without running it."""
    spec = importlib.util.spec_from_file_location(RECIPE.stem, RECIPE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[RECIPE.stem] = module
    spec.loader.exec_module(module)
    return module


def build_on_meta(settings: Any, classes: int) -> nn.Module:
    """The model with shapes only, where it can be built so: it costs no time and no memory."""
    arguments = {"classes": classes, "image_size": settings.image_size, "dropout": settings.dropout}
    try:
        with torch.device("meta"):
            return create_model(settings.model, **arguments)
    except (NotImplementedError, RuntimeError):
        return create_model(settings.model, **arguments)


def device_memory_bytes(device: torch.device) -> int | None:
    """All memory of the device, used or not."""
    if device.type == "cuda":
        return torch.cuda.get_device_properties(device).total_memory
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return None


def prepare(answer: dict[str, Any]) -> None:
    """Fill ``answer``, as far as it gets.

    Raises:
        Problem: of the settings, the data, the model or the memory.
    """
    recipe = load_recipe()
    settings = settings_from_command_line(recipe.Settings, __doc__)
    recipe.check(settings)
    device = choose_device(settings.device)
    images = scan_image_folder(settings.data, settings.class_names)
    model = build_on_meta(settings, len(images.class_names))
    require_fitting_size(model, settings.model, settings.image_size)
    params = count_parameters(model)[0]
    answer["params"] = params
    per_image = activation_bytes(model, settings.image_size)
    if per_image is not None:
        in_batch = min(settings.batch_size, len(images.files))
        answer["memory_bytes"] = 4 * params * COPIES[settings.optimizer] + per_image * in_batch
        there = device_memory_bytes(device)
        if there is not None and answer["memory_bytes"] > there:
            raise Problem(
                f"A step needs at least {answer['memory_bytes'] / 1e9:.0f} GB of memory and this {device.type} has "
                f"{there / 1e9:.0f} GB. Use a smaller batch_size or image_size, or a smaller model.",
                "out_of_memory",
            )
    settings.output.mkdir(parents=True, exist_ok=True)
    weights = remembered_weights(settings.model, wanted=settings.pretrained, output=settings.output)
    answer["weights"], answer["message"] = weights.source, weights.reason
    if settings.pretrained and weights.file is None:
        warn_untrained(weights.reason)


def main() -> int:
    """Command line entry point."""
    answer: dict[str, Any] = {"params": None, "memory_bytes": None, "weights": "none", "message": "", "problem": None}
    status = 0
    with contextlib.redirect_stdout(sys.stderr):
        try:
            prepare(answer)
        except Exception as error:
            problem, status = as_problem(error)
            answer["problem"] = {"code": problem.code, "message": problem.message, **problem.details}
    print(json.dumps(answer, ensure_ascii=False))
    return status


if __name__ == "__main__":
    sys.exit(main())
