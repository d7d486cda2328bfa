"""Image classifiers of Hugging Face's transformers: registered with timm, they are trained as its own are.

A model is a class such as ``ResNetForImageClassification``, built with the defaults of its configuration.
"""

import re
from collections.abc import Callable
from typing import Any, cast

import torch
import transformers
from timm.models import load_state_dict, register_model
from torch import Tensor, nn
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.models.auto.image_processing_auto import (
    IMAGE_PROCESSOR_MAPPING_NAMES,  # pyright: ignore[reportPrivateImportUsage]
)
from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES

from mallo_trainer.problem import Problem

# By name of model: what timm knows of its own models, and reads of the module of whoever registers one.
default_cfgs: dict[str, dict[str, Any]] = {}

# What configurations call the share of features that is hidden from the classifier.
DROPOUTS = ("classifier_dropout_prob", "dropout_rate", "classifier_dropout")
USUAL_SIZE = 224


def classifiers() -> dict[str, str]:
    """The kind of model of each class that transformers lists for the classification of images."""
    first = {
        kind: names if isinstance(names, str) else names[0]
        for kind, names in MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING_NAMES.items()
    }
    return {name: kind for kind, name in first.items()}


def own_size(config: PreTrainedConfig, kind: str) -> tuple[int | None, bool]:
    """Pixels that the configuration is made for, else those to which its image processor scales; whether fixed."""
    size = getattr(config, "image_size", None) or getattr(getattr(config, "vision_config", None), "image_size", None)
    if isinstance(size, (list, tuple)):
        size = size[0]
    if isinstance(size, int):
        return size, True
    processor = processor_of(kind)
    # One that was written for another model scales to that model's size.
    if processor is None or not key(processor.__name__).startswith(key(kind)):
        return None, False
    for shape in (getattr(processor, "crop_size", None), getattr(processor, "size", None)):
        if isinstance(shape, dict):
            return shape.get("height") or shape.get("shortest_edge"), False
    return None, False


def processor_of(kind: str) -> type[Any] | None:
    """What prepares images for a kind of model."""
    names = cast("dict[str, str]", IMAGE_PROCESSOR_MAPPING_NAMES.get(kind) or {})
    return getattr(transformers, names["torchvision"]) if "torchvision" in names else None


def key(name: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def register(name: str, checkpoint: str | None) -> None:
    """Let ``timm.create_model(name)`` make the class of that name; ``checkpoint``: its weights on the hub.

    Raises:
        Problem: ``unknown_model``.
    """
    kind = classifiers().get(name)
    if kind is None:
        raise Problem(f"transformers lists no class {name!r} for image classification.", "unknown_model", model=name)
    architecture: type[PreTrainedModel] = getattr(transformers, name)
    size, fixed = own_size(_configured(architecture), kind)
    side = size or USUAL_SIZE
    default_cfgs[name] = {"hf_hub_id": checkpoint, "input_size": (3, side, side), "fixed_input_size": fixed}
    maker = _giving_scores(architecture)

    def build(
        pretrained: bool = False,
        num_classes: int = 1000,
        img_size: int | None = None,
        drop_rate: float = 0,
        pretrained_cfg_overlay: dict[str, Any] | None = None,
        **_of_timm: Any,
    ) -> nn.Module:
        config = _configured(architecture, num_labels=num_classes)
        if img_size is not None:
            config.image_size = img_size
        _set_dropout(config, drop_rate)
        if not pretrained or pretrained_cfg_overlay is None:
            return maker(config)
        return _with_weights(maker, config, load_state_dict(pretrained_cfg_overlay["file"], weights_only=True))

    build.__name__ = name
    register_model(build)


def _configured(architecture: type[PreTrainedModel], **values: Any) -> PreTrainedConfig:
    make = cast("Callable[..., PreTrainedConfig]", architecture.config_class)
    return make(**values)


def _set_dropout(config: PreTrainedConfig, share: float) -> None:
    """Also none, where the configuration's default is another: MobileNet's is 0.8."""
    for name in DROPOUTS:
        if hasattr(config, name):
            setattr(config, name, share)
            return
    if share > 0:
        raise TypeError("drop_rate")


def _giving_scores(architecture: type[PreTrainedModel]) -> type[PreTrainedModel]:
    """The class, but its models read images alone and give scores, as those of timm do."""

    def forward(self: PreTrainedModel, images: Tensor) -> Tensor:
        return architecture.forward(self, pixel_values=images).logits

    def get_classifier(self: PreTrainedModel) -> nn.Module | None:
        return getattr(self, "classifier", None)

    return type(architecture.__name__, (architecture,), {"forward": forward, "get_classifier": get_classifier})


def _with_weights(maker: type[PreTrainedModel], config: PreTrainedConfig, tensors: dict[str, Tensor]) -> nn.Module:
    """The model with these weights, its classifier aside.

    Raises:
        RuntimeError: a weight is of another shape, as of a model for another image size.
    """
    model = maker(config)
    # Some checkpoints are of the model without its classifier.
    inside = f"{maker.base_model_prefix}."
    if not any(name.startswith(inside) for name in tensors):
        tensors = {inside + name: tensor for name, tensor in tensors.items()}
    mine = model.state_dict()
    kept = {name: tensor for name, tensor in tensors.items() if name in mine and tensor.shape == mine[name].shape}
    wrong = sorted(name for name in mine if name.startswith(inside) and name not in kept)
    if wrong:
        raise RuntimeError(f"{wrong[0]} is missing or has another shape")
    with torch.no_grad():
        model.load_state_dict(kept, strict=False)
    return model
