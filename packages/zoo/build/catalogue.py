"""What the build scripts of all sources share: counting a model, and writing the file."""

import gc
import json
import logging
import resource
import sys
import warnings
from collections.abc import Callable
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Any

import torch
from mallo_trainer.timm_models import activation_bytes
from mallo_trainer.zoo import OperationCounter, ShapesAlone
from torch import nn

Entry = dict[str, Any]
# Names that packages give to licences, in SPDX's words.
LICENSES = dict.fromkeys(("Apache Software License", "Apache 2.0 License", "LicenseRef-Apache-2.0"), "Apache-2.0")


# What the counting of one model may hold: beyond it the figure is left out.
MOST_BYTES = 4_000_000_000


def quiet() -> None:
    """Libraries warn about what a model without weights cannot do; some models with numbers fit no machine."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)


# A model with real numbers has to fit in memory, and to run in seconds.
LARGEST_REAL_M = 100


def counted(make: Callable[[], nn.Module], size: int | None) -> Entry:
    """Parameters (millions), multiply-adds (thousand millions) and kept numbers (millions) of one image of ``size``.

    A multiply and its add count as one. The model is built on the meta device: shapes without numbers. What cannot
    be counted is left out.
    """
    model = build(make)
    if model is None:
        return {}
    entry: Entry = {"paramsM": count_parameters(model)}
    if size is None:
        return entry
    # Heads that choose among boxes need numbers; while they train they do not choose.
    gflops = count_gflops(model.eval(), size, size) or count_gflops(model.train(), size, size)
    if gflops is None and entry["paramsM"] < LARGEST_REAL_M:
        gc.collect()  # else what went before decides whether this one fits
        gflops = count_gflops(make().eval(), size, size)
    return entry | {"gflops": gflops, "activationsM": activations(model, size)}


def build(make: Callable[[], nn.Module]) -> nn.Module | None:
    """The model on the meta device; one that needs numbers while it is built is built with them first."""
    try:
        with torch.device("meta"), ShapesAlone():
            return make()
    except Exception:
        try:
            return make().to("meta")
        except Exception as error:
            tell("not built", error)
            return None


def count_parameters(model: nn.Module) -> float:
    """Millions of numbers that can be trained."""
    return round(sum(p.numel() for p in model.parameters()) / 1e6, 3)


def activations(model: nn.Module, size: int) -> float | None:
    """Millions of numbers that training keeps of one image for the backward pass; ``None``: cannot be counted."""
    kept = activation_bytes(model, size)
    return round(kept / 4e6, 3) if kept else None


def count_gflops(model: nn.Module, height: int, width: int) -> float | None:
    """Thousand millions of multiply-adds of a forward pass of one image; ``None`` where it cannot be run."""
    images = 2  # batch norm refuses to train on one
    device = next(model.parameters()).device
    counter = OperationCounter()
    try:
        with torch.no_grad(), counter:
            model(torch.rand(images, 3, height, width, device=device))
    except Exception as error:
        tell(f"not run on {device}", error)
        return None
    return round(counter.total / images / 2e9, 3)


def tell(what: str, error: Exception) -> None:
    """Say in the log why a figure is missing."""
    print(f"  {what}: {type(error).__name__}: {' '.join(str(error).split())[:150]}", file=sys.stderr)


def license_of(library: str) -> str | None:
    """The licence that a package declares of itself, in short."""
    about = metadata(library)
    declared = about.get("License-Expression") or about.get("License")
    # Some put the whole text there; then the classifier names it.
    if declared and len(declared) < 30:
        return LICENSES.get(declared, declared)
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License")]
    name = classifiers[0].split(" :: ")[-1] if classifiers else ""
    return LICENSES.get(name, name or None)


def write(out: Path, library: str, models: list[Entry], release: str | None = None) -> None:
    """Write the catalogue of one source, sorted by name, the same on every run."""
    # That no other size is taken is told.
    plain = [
        {key: value for key, value in model.items() if value not in (None, []) or key == "sizeStep"} for model in models
    ]
    plain.sort(key=lambda model: model["name"])
    names = [model["name"] for model in plain]
    if len(set(names)) != len(names):
        raise SystemExit(f"{library}: a name twice")
    catalogue = {"library": library, "version": release or version(library), "models": plain}
    out.write_text(json.dumps(catalogue, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
    print(f"{library} {catalogue['version']}: {len(plain)} models", file=sys.stderr)
