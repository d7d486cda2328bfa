"""Building timm models: by name, for any number of classes and any image size they allow."""

import contextlib
import difflib
from typing import Any

import timm
import torch
import torch.nn.functional as F
from timm.models import PretrainedCfg
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from mallo_trainer.problem import Problem


def require_known(name: str) -> None:
    """Raise a ``Problem`` with the three nearest names when timm has no such model."""
    base = name.split(".", 1)[0]
    if timm.is_model(base):
        return
    every = timm.list_models()
    # Case and separators are what people get wrong most: ResNet-50, resnet_50.
    plain = {_plain(known): known for known in every}
    nearest = [plain[key] for key in difflib.get_close_matches(_plain(base), plain, n=3, cutoff=0)]
    raise Problem(
        f"timm has no model named {name!r}. The nearest names are {', '.join(nearest)}.",
        "unknown_model",
        model=name,
        nearest=",".join(nearest),
    )


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def published_cfg(name: str) -> PretrainedCfg:
    """What timm knows about a model: input size, normalization, where its weights are."""
    return timm.get_pretrained_cfg(name, allow_unregistered=True) or PretrainedCfg()


def create_model(name: str, *, classes: int, image_size: int, dropout: float, **weights: Any) -> nn.Module:
    """``timm.create_model`` with its refusals put into sentences.

    Transformers of a fixed input size are told ``img_size`` and resize their position
    embeddings; most others take any size as it comes.

    Raises:
        Problem: unknown name, or a model that allows neither this size nor dropout.
    """
    require_known(name)
    cfg = published_cfg(name)
    arguments: dict[str, Any] = {"num_classes": classes, "in_chans": 3, **weights}
    own_size = cfg.input_size[-1]
    if cfg.fixed_input_size and image_size != own_size:
        arguments["img_size"] = image_size
    if dropout > 0:
        arguments["drop_rate"] = dropout
    try:
        return timm.create_model(name, **arguments)
    except (TypeError, AssertionError, ValueError) as error:
        if "drop_rate" in str(error):
            raise Problem(f"{name} has no dropout; set dropout to 0.", "no_dropout") from error
        if "img_size" in arguments:
            raise _wrong_size(name, image_size, own_size) from error
        raise


def require_fitting_size(model: nn.Module, name: str, image_size: int) -> None:
    """Send one blank image through, so that a size the model cannot take fails now and clearly.

    Works on the meta device too, where it costs nothing.
    """
    device = next(model.parameters()).device
    was_training = model.training
    try:
        with torch.no_grad():
            model.eval()(torch.zeros(1, 3, image_size, image_size, device=device))
    except (RuntimeError, AssertionError, ValueError) as error:
        if device.type == "meta" and "meta" in str(error):
            return  # its path depends on values; the training itself will see
        if isinstance(error, (torch.OutOfMemoryError, NotImplementedError)) or "allocate" in str(error):
            raise
        raise _wrong_size(name, image_size, published_cfg(name).input_size[-1]) from error
    finally:
        model.train(was_training)


def _wrong_size(name: str, image_size: int, own_size: int) -> Problem:
    return Problem(
        f"{name} cannot read images of {image_size} pixels; set image_size to {own_size}.",
        "image_size_unsupported",
        image_size=own_size,
    )


def head_of(model: nn.Module) -> list[nn.Module]:
    """The classifier: the last layer, or two of them in distilled transformers."""
    head = model.get_classifier()  # type: ignore[operator]
    heads = list(head) if isinstance(head, (tuple, list)) else [head]
    return [part for part in heads if isinstance(part, nn.Module)]


def freeze_all_but_head(model: nn.Module, name: str) -> None:
    """Train the classifier only; the features stay as they were learned elsewhere."""
    trainable = [p for part in head_of(model) for p in part.parameters()]
    if not trainable:
        raise Problem(f"{name} has no separate classifier; set freeze_backbone to false.", "no_classifier")
    model.requires_grad_(False)
    for parameter in trainable:
        parameter.requires_grad_(True)


def train_mode(model: nn.Module, *, frozen_backbone: bool) -> None:
    """``model.train()``, except that frozen layers keep the batch statistics they came with."""
    model.train()
    if frozen_backbone:
        model.eval()
        for part in head_of(model):
            part.train()


def count_parameters(model: nn.Module) -> tuple[int, int]:
    """All parameters, and those that are trained."""
    sizes = [(p.numel(), p.requires_grad) for p in model.parameters()]
    return sum(n for n, _ in sizes), sum(n for n, trained in sizes if trained)


class FusedAttention(TorchFunctionMode):
    """Attention as CPU and GPU compute it; the meta device would keep the weight of every pair of tokens."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        named = kwargs or {}
        # A mask or dropout leads off the fused path.
        plain = len(args) == 3 and named.get("attn_mask") is None and not named.get("dropout_p")
        if func is F.scaled_dot_product_attention and plain:
            return torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(*args)[0]
        return func(*args, **named)


def activation_bytes(model: nn.Module, image_size: int) -> int | None:
    """Bytes that training keeps for each image between forward and backward, in float32.

    Counted from what autograd saves during one forward pass on the meta device, ``model``
    being there. ``None`` where it cannot run there.
    """

    def place(tensor: Tensor) -> int:
        return tensor.untyped_storage()._cdata  # pyright: ignore[reportPrivateUsage]

    parameters = {place(p) for p in model.parameters()}
    # By storage, as many of the saved tensors are views of one another.
    saved: dict[int, torch.UntypedStorage] = {}

    def keep(tensor: Tensor) -> Tensor:
        if place(tensor) not in parameters:
            saved[place(tensor)] = tensor.untyped_storage()
        return tensor

    images = 2  # batch norm refuses to train on one
    hooks = torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor)
    with contextlib.suppress(Exception), hooks, FusedAttention():
        model.train()(torch.empty(images, 3, image_size, image_size, device="meta"))
        return sum(storage.nbytes() for storage in saved.values()) // images
    return None
