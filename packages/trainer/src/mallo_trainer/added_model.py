"""A model of one's own: a Python file with a class or a function that makes it.

It is called with ``num_classes``, and gives a ``torch.nn.Module`` that reads float32
[batch, 3, height, width] and gives scores, float32 [batch, num_classes]. Registered with
timm under its name, it is trained as timm's own are.
"""

import contextlib
import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from timm.models import register_model
from torch import Tensor, nn

from mallo_trainer.model_code import failed, module_of
from mallo_trainer.problem import Problem, as_problem
from mallo_trainer.timm_models import count_parameters
from mallo_trainer.zoo import count_activations, count_gflops

Maker = Callable[..., Any]

# It is made for these many classes to be looked at.
CLASSES = 10
# A model that reads this many pixels more on each side reads any size.
MORE_PIXELS = 32


def maker_in(module: ModuleType, entry: str | None) -> tuple[str, Maker]:
    """What makes the model, by its name; without one, the only thing in the file that takes ``num_classes``.

    Raises:
        Problem: ``entry_unclear``, with the names there are.
    """
    own = {name: value for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}
    makers = {name: value for name, value in own.items() if _takes_classes(value)}
    if entry is None and len(makers) == 1:
        return next(iter(makers.items()))
    if entry in makers:
        return entry, makers[entry]
    raise Problem("Say which class or function makes the model.", "entry_unclear", names=", ".join(makers))


def _takes_classes(value: Any) -> bool:
    if not (inspect.isfunction(value) or (inspect.isclass(value) and issubclass(value, nn.Module))):
        return False
    return "num_classes" in inspect.signature(value).parameters


def made(maker: Maker, classes: int, **more: Any) -> nn.Module:
    """The model for as many classes.

    Raises:
        Problem: ``code_failed``.
    """
    try:
        model = maker(num_classes=classes, **more)
    except MemoryError:
        raise
    except BaseException as error:
        raise failed(error) from error
    if not isinstance(model, nn.Module):
        raise Problem(f"It made a {type(model).__name__} instead of a torch.nn.Module.", "code_failed")
    return model


def register(code: Path, entry: str, name: str) -> None:
    """Let ``timm.create_model(name)`` make the model of the file.

    Raises:
        Problem: ``code_failed``, ``entry_unclear``.
    """
    _, maker = maker_in(module_of(code), entry)

    def build(
        pretrained: bool = False,
        num_classes: int = CLASSES,
        drop_rate: float = 0,
        **_of_timm: Any,
    ) -> nn.Module:
        if drop_rate == 0:
            return made(maker, num_classes)
        if "dropout" not in inspect.signature(maker).parameters:
            raise TypeError("drop_rate")
        return made(maker, num_classes, dropout=drop_rate)

    build.__name__ = name
    register_model(build)


def describe(settings: dict[str, Any], answer: dict[str, Any]) -> int:
    """Look at the model of a file, fill ``answer`` and print it as the last line. Answers the exit status."""
    status = 0
    with contextlib.redirect_stdout(sys.stderr):
        try:
            answer |= _described(Path(settings["code"]), settings["entry"], settings["input_size"])
        except Exception as error:
            problem, status = as_problem(error)
            answer["problem"] = {"code": problem.code, "message": problem.message, **problem.details}
    print(json.dumps(answer, ensure_ascii=False))
    return status


def _described(code: Path, entry: str | None, size: int) -> dict[str, Any]:
    name, maker = maker_in(module_of(code), entry)
    # With real numbers once: what a training does with it must work.
    scores = _scores(made(maker, CLASSES), size)
    if not isinstance(scores, Tensor) or scores.shape != (2, CLASSES) or not scores.is_floating_point():
        found = f"{list(scores.shape)}" if isinstance(scores, Tensor) else f"a {type(scores).__name__}"
        raise Problem(f"Of 2 images it gives {found} instead of scores of shape [2, num_classes].", "code_failed")
    shapes = _on_meta(maker)
    return {
        "entry": name,
        "fixed_input_size": not _reads(shapes or made(maker, CLASSES), size + MORE_PIXELS),
        "params": count_parameters(shapes or made(maker, CLASSES))[0],
        "gflops": count_gflops(shapes, (3, size, size)) if shapes else None,
        "activations_m": count_activations(shapes, (3, size, size)) if shapes else None,
    }


def _on_meta(maker: Maker) -> nn.Module | None:
    """The model with shapes alone; ``None`` where it needs numbers to be made."""
    try:
        with torch.device("meta"):
            return made(maker, CLASSES)
    except Problem:
        return None


def _scores(model: nn.Module, size: int) -> Any:
    device = next(model.parameters(), torch.empty(0)).device
    with torch.no_grad():
        try:
            return model.eval()(torch.zeros(2, 3, size, size, device=device))
        except MemoryError:
            raise
        except BaseException as error:
            raise failed(error) from error


def _reads(model: nn.Module, size: int) -> bool:
    try:
        _scores(model, size)
    except Problem:
        return False
    return True
