"""What to compute on, and with how many bits."""

import os
import sys
from typing import Literal

import torch

from mallo_trainer import sandbox
from mallo_trainer.problem import Problem
from mallo_trainer.report import event

Device = Literal["auto", "cpu", "cuda", "mps"]
Precision = Literal["fp32", "fp16", "bf16"]


def choose_device(wanted: Device) -> torch.device:
    """The device to train on; ``auto`` takes the GPU where there is one.

    Raises:
        Problem: a GPU was asked for by name and there is none that PyTorch can use.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return torch.device(next(kind for kind, available in there.items() if available))
    if not there[wanted]:
        raise Problem(f"PyTorch finds no {wanted} device here. Set device to auto or cpu.", "no_such_device")
    return torch.device(wanted)


def choose_precision(wanted: Precision, device: torch.device) -> Precision:
    """The precision to train with: the wanted one where the device is faster for it.

    A CPU computes fp16 and bf16 slower than fp32, or not at all; GPUs older than Ampere
    have no bf16. What is used instead is said in a warning.
    """
    usable = wanted
    if device.type == "cpu":
        usable = "fp32"
    elif wanted == "bf16" and not (device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)):
        usable = "fp16"
    if usable != wanted:
        message = f"{wanted} does not suit this {device.type}; using {usable}."
        event("warning", code="precision_fallback", message=message)
    return usable


def cpu_count() -> int:
    """CPUs this process may use (a container often gets fewer than the machine has)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def loader_processes(device: torch.device, *, in_memory: bool) -> int:
    """How many processes prepare images beside the training; 0: the training does it itself.

    A GPU waits for nothing else, so it gets most CPUs. Where the CPU trains, processes pay
    off only if images must be read and decoded each epoch. A process that is shut in has none.
    """
    if sandbox.is_shut_in():
        return 0
    if device.type != "cpu":
        return min(cpu_count() - 1, 8)
    return 0 if in_memory else max(1, min(cpu_count() // 2, 4))


def peak_memory_bytes(device: torch.device) -> int | None:
    """The most that this process has held so far: of the GPU where it trains on one, else of RAM.

    ``None`` where it cannot be told. Processes that read images are not counted.
    """
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # getrusage(2): bytes on macOS, kibibytes elsewhere.
    return peak if sys.platform == "darwin" else peak * 1024
