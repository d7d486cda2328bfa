"""Checkpoints: what a run needs to go on after it was interrupted."""

import hashlib
from pathlib import Path
from typing import Any

import torch

from mallo_trainer.files import write_atomically
from mallo_trainer.problem import Problem


def save_tensors(path: Path, contents: dict[str, Any]) -> None:
    """``torch.save``, atomically. Tensors, numbers, text, lists and dicts only: see below."""
    write_atomically(path, lambda temporary: torch.save(contents, temporary))


def load_tensors(path: Path) -> dict[str, Any]:
    """Read what ``save_tensors`` wrote, onto the CPU.

    ``weights_only`` keeps a checkpoint from running code: a pickle may, and checkpoints
    are passed around.
    """
    return torch.load(path, map_location="cpu", weights_only=True)


def fingerprint(lines: list[str]) -> str:
    """A short name for a list of lines; another list has another name."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def load_to_resume(path: Path, identity: dict[str, Any]) -> dict[str, Any] | None:
    """The checkpoint at ``path``, or ``None`` when there is none yet.

    ``identity`` is what must not change between the parts of one run. Other settings may:
    more epochs or a lower learning rate in the middle of a run are fair.

    Raises:
        Problem: the checkpoint belongs to another run, or cannot be read.
    """
    if not path.exists():
        return None
    try:
        checkpoint = load_tensors(path)
        before: dict[str, Any] = checkpoint["identity"]
    except Exception as error:
        raise Problem(
            f"The checkpoint {path} cannot be read. Remove it to start again from the first epoch.",
            "checkpoint_unreadable",
        ) from error
    changed = sorted(key for key in identity if before.get(key) != identity[key])
    if changed:
        raise Problem(
            f"The checkpoint in {path.parent} was made with another {', '.join(changed)}. "
            "Use another output folder, or remove last.pth to start again.",
            "checkpoint_mismatch",
            settings=",".join(changed),
        )
    return checkpoint
