"""Write the catalogue of every model timm can build, from timm itself.

    python -m mallo_trainer.zoo OUT.json [--names-only]

The file is one JSON object, ``{"library": "timm", "version": "1.0.x", "models": [...]}``, sorted by
name and the same on every run, so that a diff of it shows what a new timm release brought.

Models are built on the *meta* device: shapes without numbers. All 1,300 of them, the
10-billion-parameter ones too, then cost some minutes and no memory. What a run had done when it was
ended lies beside the file, and the next one goes on behind it.
"""

import argparse
import json
import multiprocessing
import os
import sys
import warnings
from functools import cache, partial
from pathlib import Path
from typing import Any, cast

import timm
import torch
import torchvision
from timm.models import PretrainedCfg
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from mallo_trainer.problem import Problem
from mallo_trainer.report import event
from mallo_trainer.resumed import resumed
from mallo_trainer.timm_models import activation_bytes, create_model, require_fitting_size


class ShapesAlone(TorchDispatchMode):
    """Lets what changes a tensor of the meta device do nothing: half of building a model is filling its weights."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func._schema.name.endswith("_") and isinstance(args[0], Tensor) and args[0].is_meta:
            return args[0]
        return func(*args, **(kwargs or {}))


class OperationCounter(TorchDispatchMode):
    """Sums the multiplies and adds of all that runs in it, by PyTorch's own formulas.

    ``FlopCounterMode`` does, too, and tells them by module, to which end it hooks into autograd: models
    whose parameters pass between modules as they are, such as a class token, fail in it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        if formula := flop_registry.get(func._overloadpacket):
            self.total += formula(*args, **(kwargs or {}), out_val=out)
        return out


def build_on_meta(name: str, **model_args: Any) -> nn.Module:
    """Build timm model ``name`` with shapes only: no memory for weights, no random numbers."""
    with torch.device("meta"), ShapesAlone():
        return timm.create_model(name, pretrained=False, **model_args)


def count_gflops(model: nn.Module, input_size: tuple[int, int, int]) -> float | None:
    """Multiply-adds of one forward pass of one image, in thousand millions.

    One multiply and its add count as *one*, as papers and torchvision's model tables do
    (ResNet-50: 4.1). ``None`` where the model cannot run on the meta device because its
    path depends on values.
    """
    counter = OperationCounter()
    try:
        with torch.no_grad(), counter:
            model.eval()(torch.empty(1, *input_size, device="meta"))
    except Exception:
        return None
    return counter.total / 2e9


def family_of(name: str) -> str:
    """The timm source module that defines the model, such as ``resnet``."""
    return timm.model_entrypoint(name).__module__.rsplit(".", 1)[-1]


def count_activations(model: nn.Module, input_size: tuple[int, int, int]) -> float | None:
    """Numbers that training keeps of one image for the backward pass, in millions, each of 4 bytes."""
    kept = activation_bytes(model, input_size[-1])
    return None if kept is None else kept / 4e6


def takes_size(name: str, size: int) -> bool:
    """Whether the model, built for images of ``size``, reads them. Where it cannot be told: yes."""
    try:
        with torch.device("meta"), ShapesAlone():
            model = create_model(name, classes=2, image_size=size, dropout=0.0)
        require_fitting_size(model, name, size)
    except Problem:
        return False
    except Exception:
        return True
    return True


def size_step(name: str, own_size: int) -> int | None:
    """Of what the image sizes of a model of fixed size are multiples: 1 for any, ``None`` for its own only."""
    for step in (1, 8, 32):
        nearest = own_size // step * step
        if takes_size(name, nearest + step) and takes_size(name, nearest - 3 * step):
            return step
    return None


def pretrained_of(name: str) -> list[dict[str, Any]]:
    """Published weights, the default first: tag, place on the Hugging Face hub, licence."""
    weights: list[dict[str, Any]] = []
    usual = timm.get_pretrained_cfg(name, allow_unregistered=True)
    for full in sorted(timm.list_pretrained(f"{name}.*"), key=lambda full: full != f"{name}.{usual and usual.tag}"):
        cfg = timm.get_pretrained_cfg(full)
        if cfg is None or "." not in full:
            continue
        # timm writes the owner alone where the repository is called as the weights are.
        hub_id = f"{cfg.hf_hub_id}{full}" if str(cfg.hf_hub_id).endswith("/") else cfg.hf_hub_id
        weights.append({"tag": full.split(".", 1)[1], "hubId": hub_id, "license": cfg.license})
    return weights


@cache
def torchvision_figures() -> dict[str, tuple[str, dict[str, dict[str, float]]]]:
    """What torchvision states of its weights, by the address from which timm takes the same ones."""
    stated: dict[str, tuple[str, dict[str, dict[str, float]]]] = {}
    for model in torchvision.models.list_models(module=torchvision.models):
        for weights in torchvision.models.get_model_weights(model):
            stated[weights.url] = (str(weights), weights.meta.get("_metrics", {}))
    return stated


def published_of(name: str) -> list[dict[str, Any]]:
    """Accuracies that an installed library states: torchvision's, of the weights that timm took from there."""
    figures: list[dict[str, Any]] = []
    for full in timm.list_pretrained(f"{name}.*"):
        cfg = timm.get_pretrained_cfg(full)
        weights, metrics = torchvision_figures().get(str(cfg and cfg.url), ("", {}))
        for metric, stated in (("top1", "acc@1"), ("top5", "acc@5")):
            value = metrics.get("ImageNet-1K", {}).get(stated)
            if value is not None:
                figure = {"metric": metric, "value": value, "dataset": "ImageNet-1k", "tag": full.split(".", 1)[1]}
                figures.append(figure | {"inputSize": None, "source": f"torchvision {weights}"})
    return figures


def describe(name: str, *, with_gflops: bool) -> dict[str, Any]:
    """One entry of the catalogue; what cannot be found out is left out, but that no other size is taken is told."""
    entry = _describe(name, with_gflops=with_gflops)
    return {key: value for key, value in entry.items() if value not in (None, []) or key == "sizeStep"}


def _describe(name: str, *, with_gflops: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": name, "family": family_of(name)}
    cfg: PretrainedCfg | None = timm.get_pretrained_cfg(name, allow_unregistered=True)
    size: tuple[int, int, int] = (3, 224, 224)
    if cfg is not None:
        size = cast("tuple[int, int, int]", tuple(cfg.input_size))
    entry |= {"paramsM": None, "gflops": None, "activationsM": None, "inputSize": size[-1], "fixedInputSize": False}
    entry |= {"pretrained": pretrained_of(name), "published": published_of(name)}
    if cfg is not None:
        entry["fixedInputSize"] = bool(cfg.fixed_input_size)
        entry["mean"], entry["std"] = list(cfg.mean), list(cfg.std)
        if cfg.license:
            entry["license"] = cfg.license
    try:
        model = build_on_meta(name)
    except Exception:
        # A few models need an optional package or real numbers while they are built.
        return entry
    entry["paramsM"] = round(sum(p.numel() for p in model.parameters()) / 1e6, 3)
    if with_gflops:
        gflops = count_gflops(model, size)
        entry["gflops"] = None if gflops is None else round(gflops, 3)
        activations = count_activations(model, size)
        entry["activationsM"] = None if activations is None else round(activations, 3)
        if entry["fixedInputSize"]:
            entry["sizeStep"] = size_step(name, size[-1])
    return entry


def _quiet() -> None:
    """In each process: timm warns about what a model without weights cannot do; each counts on one core."""
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)


def main() -> int:
    """Command line entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT.json")
    parser.add_argument("--names-only", action="store_true", help="leave the counting out: a minute instead of ten")
    arguments = parser.parse_args()
    names = sorted(timm.list_models())
    models: list[dict[str, Any]] = []
    one = partial(describe, with_gflops=not arguments.names_only)
    unfinished = arguments.out.with_suffix(".part")
    # Spawned, as PyTorch's threads do not survive a fork.
    with multiprocessing.get_context("spawn").Pool(len(os.sched_getaffinity(0)), _quiet) as pool:
        for done, model in enumerate(resumed(unfinished, names, partial(pool.imap, one)), start=1):
            models.append(model)
            if done % 50 == 0 or done == len(names):
                event("progress", done=done, total=len(names))
    catalogue = {"library": "timm", "version": timm.__version__, "models": models}
    arguments.out.write_text(json.dumps(catalogue, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
    unfinished.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
