"""Whether a training can start, and its pretrained weights. See ``prepare`` for how it is called."""

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
from mallo_trainer.shut_in_training import RECIPES
from mallo_trainer.timm_models import activation_bytes, count_parameters, create_model, require_fitting_size
from mallo_trainer.weights import remembered_weights, warn_untrained

RECIPE = RECIPES / "timm_classification.py"

# Copies of every weight in memory: the weight, its gradient, and what the optimizer keeps of it.
COPIES = {"sgd": 3, "rmsprop": 4, "adam": 4, "adamw": 4}


def load_recipe(file: Path = RECIPE) -> ModuleType:
    """The recipe as a module, without running it."""
    if str(file.parent) not in sys.path:
        sys.path.append(str(file.parent))  # as where it is run: one recipe may build on another
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def recipe_of(config: Path) -> Path:
    """A config with ``code`` is of the recipe for one's own models, one with ``checkpoint`` of Hugging Face's."""
    with contextlib.suppress(OSError, ValueError):
        raw: Any = json.loads(config.read_text("utf-8"))
        if isinstance(raw, dict):
            for key, recipe in (("code", "added"), ("checkpoint", "huggingface")):
                if key in raw:
                    return RECIPES / f"{recipe}_classification.py"
    return RECIPE


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


def prepare(answer: dict[str, Any], about: str | None) -> None:
    """Fill ``answer``, as far as it gets. ``about``: what ``--help`` says.

    Raises:
        Problem: of the settings, the data, the model or the memory.
    """
    recipe = load_recipe(recipe_of(Path(sys.argv[-1])))
    settings = settings_from_command_line(recipe.Settings, about)
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


def answered(about: str | None) -> int:
    """Prepare, and print the answer. Answers the exit status."""
    answer: dict[str, Any] = {"params": None, "memory_bytes": None, "weights": "none", "message": "", "problem": None}
    status = 0
    with contextlib.redirect_stdout(sys.stderr):
        try:
            prepare(answer, about)
        except Exception as error:
            problem, status = as_problem(error)
            answer["problem"] = {"code": problem.code, "message": problem.message, **problem.details}
    print(json.dumps(answer, ensure_ascii=False))
    return status
