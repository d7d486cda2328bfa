"""From a file of weights and the name of an architecture to ONNX. See ``convert`` for how it is called."""

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch._weights_only_unpickler import _get_allowed_globals  # pyright: ignore[reportPrivateUsage]

from mallo_trainer.model_code import failed, module_of
from mallo_trainer.onnx_export import export_any_size
from mallo_trainer.pickle_calls import NotAPickle, calls_of
from mallo_trainer.problem import Problem, as_problem
from mallo_trainer.timm_models import create_model, published_cfg
from mallo_trainer.weights import classes_in

# Of the largest output. Weights are rounded to about 1e-7 of themselves, in every layer anew.
TOLERANCE = 1e-3
# Where trainings keep the weights among other things, and what wrappers put before every name.
INSIDE = ("state_dict", "model_state_dict", "model", "net", "weights", "ema")
BEFORE = ("module.", "_orig_mod.", "model.", "net.")
SHOWN = 100

State = dict[str, Tensor]


def convert(settings: dict[str, Any], answer: dict[str, Any]) -> int:
    """Convert, fill ``answer`` and print it as the last line. Answers the exit status."""
    status = 0
    with contextlib.redirect_stdout(sys.stderr):
        try:
            answer |= _converted(settings, answer)
        except Exception as error:
            problem, status = as_problem(error)
            answer["problem"] = {"code": problem.code, "message": problem.message, **problem.details}
    print(json.dumps(answer, ensure_ascii=False))
    return status


def _converted(settings: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    state = read_state(Path(settings["weights"]), answer)
    asked = settings["input_shape"]
    if settings["code"] is not None:
        if asked is None:
            raise Problem("Say what the model reads, such as 1, 3, 224, 224.", "input_unknown")
        model = class_of(Path(settings["code"]), settings["architecture"].rpartition(":")[2])
        shape = [-1, *asked[1:]]
    else:
        model, shape = timm_model(settings["architecture"], asked, state)
    load(model, state, answer)
    path = Path(settings["output"], "model.onnx")
    classes, difference = export(model.eval(), shape, path)
    return {"classes": classes, "input_shape": shape, "onnx_max_difference": difference}


def read_state(path: Path, answer: dict[str, Any]) -> State:
    """The tensors of a file by name.

    Raises:
        Problem: ``weights_unsafe``, with what opening it would have run; ``weights_unreadable``.
    """
    with path.open("rb") as file:
        is_safetensors = file.read(9)[8:] == b"{"
    if is_safetensors:
        return load_file(path)
    try:
        calls = calls_of(path, _get_allowed_globals())
    except NotAPickle as error:
        raise Problem(f"It is not a file of torch.save: {error}", "weights_unreadable") from error
    if calls:
        answer["would_run"] = calls[:SHOWN]
        raise Problem("Opening the file would run code.", "weights_unsafe")
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise Problem(_first_line(error), "weights_unreadable") from error
    state = _state_in(found)
    if state is None:
        raise Problem("There is no state dict in it.", "weights_unreadable")
    return state


def _state_in(found: Any, depth: int = 3) -> State | None:
    if not isinstance(found, dict):
        return None
    tensors = {str(key): value for key, value in found.items() if isinstance(value, Tensor)}
    if tensors and len(tensors) == len(found):
        return tensors
    inner = (_state_in(found[key], depth - 1) for key in INSIDE if key in found and depth > 0)
    return next((state for state in inner if state), None)


def unwrapped(state: State) -> list[State]:
    """The tensors under their own names, and without what wrappers put before all of them."""
    candidates = [state]
    while True:
        last = candidates[-1]
        prefix = next((before for before in BEFORE if all(name.startswith(before) for name in last)), None)
        if prefix is None:
            return candidates
        candidates.append({name.removeprefix(prefix): tensor for name, tensor in last.items()})


def timm_model(name: str, asked: list[int] | None, state: State) -> tuple[nn.Module, list[int]]:
    """The model of that name for as many classes as the weights have, and what it reads.

    Raises:
        Problem: ``unknown_model``, with the nearest names.
    """
    classes = max(classes_in(tensors, name) for tensors in unwrapped(state))
    shape = asked[-3:] if asked and len(asked) >= 3 else [*published_cfg(name).input_size]
    channels, height, width = (
        size if size > 0 else default for size, default in zip(shape, (3, 224, 224), strict=True)
    )
    model = create_model(name, classes=classes, image_size=height, dropout=0, in_chans=channels)
    return model, [-1, channels, height, width]


def class_of(code: Path, name: str) -> nn.Module:
    """The class of that name in somebody's file, made. This runs their code.

    Raises:
        Problem: ``code_failed``.
    """
    module = module_of(code)
    try:
        made = getattr(module, name)()
    except BaseException as error:
        raise failed(error) from error
    if not isinstance(made, nn.Module):
        raise Problem(f"{name} is not a torch.nn.Module.", "code_failed")
    return made


def load(model: nn.Module, state: State, answer: dict[str, Any]) -> None:
    """Give the model its weights: every one of them, and no other.

    Raises:
        Problem: ``weights_unfit``; ``answer`` has the names.
    """
    expected = model.state_dict()
    fit = min((_compare(expected, tensors) for tensors in unwrapped(state)), key=lambda one: len(one[1]) + len(one[2]))
    tensors, missing, unexpected = fit
    if missing or unexpected:
        answer["missing"], answer["unexpected"] = missing[:SHOWN], unexpected[:SHOWN]
        named = [f"{len(missing)} missing ({', '.join(missing[:3])})"] if missing else []
        named += [f"{len(unexpected)} unexpected ({', '.join(unexpected[:3])})"] if unexpected else []
        raise Problem("; ".join(named), "weights_unfit")
    model.load_state_dict(tensors, strict=False)


def _compare(expected: State, found: State) -> tuple[State, list[str], list[str]]:
    # A counter that batch norm kept only since 2018, and needs in training alone.
    missing = [name for name in expected if name not in found and not name.endswith("num_batches_tracked")]
    unexpected = [name for name in found if name not in expected]
    for name in expected.keys() & found.keys():
        ours, theirs = tuple(expected[name].shape), tuple(found[name].shape)
        if ours != theirs:
            unexpected.append(f"{name} {theirs} instead of {ours}")
    return found, missing, sorted(unexpected)


def export(model: nn.Module, shape: list[int], path: Path) -> tuple[int | None, float]:
    """Write model.onnx, for any number of images at once. Answers how many classes it tells
    apart, where it gives a row of scores, and its largest difference from PyTorch.

    Raises:
        Problem: ``export_failed``; ``onnx_differs``.
    """
    numbers = torch.Generator().manual_seed(0)
    try:
        # Not 1, which would be taken for a rule.
        example = torch.rand(3, *shape[1:], generator=numbers)
        with torch.no_grad():
            outputs = model(example)
        if not isinstance(outputs, Tensor):
            raise TypeError(f"the model gives a {type(outputs).__name__} instead of one tensor")
        export_any_size(model, path, example, ["batch"], output="output")
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        difference = max(_difference(model, session, shape, count, numbers) for count in (1, 4))
    except MemoryError:
        raise
    except Exception as error:
        raise Problem(f"{type(error).__name__}: {_first_line(error)}", "export_failed") from error
    if not difference <= TOLERANCE:
        raise Problem(f"model.onnx would differ from PyTorch by {difference}.", "onnx_differs")
    return (outputs.shape[1] if outputs.ndim == 2 else None), difference


@torch.no_grad()
def _difference(
    model: nn.Module, session: onnxruntime.InferenceSession, shape: list[int], count: int, numbers: torch.Generator
) -> float:
    """By how much the two differ on random images, in parts of the largest output above 1."""
    images = torch.randn(count, *shape[1:], generator=numbers)
    expected = model(images).numpy()
    (found,) = session.run(None, {"image": images.numpy()})
    return float(np.abs(np.asarray(found) - expected).max() / max(1.0, np.abs(expected).max()))


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:300]
