"""Where pretrained weights come from, also on a machine that reaches nothing.

In this order: the folders of ``FALLBACK_PATH``, the caches on this machine, the network.
Where none of them has any, training starts from random numbers and says so. What was
found is remembered in the output folder, so that a run that is started again before its
first checkpoint starts from the very same weights, whatever the network does by then.
"""

import json
import os
import socket
import threading
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import torch
from huggingface_hub import hf_hub_download, hf_hub_url, try_to_load_from_cache
from timm.models import load_state_dict
from timm.models._hub import check_cached_file, download_cached_file, hf_split
from torch import nn

from mallo_trainer.files import save_json
from mallo_trainer.problem import Problem
from mallo_trainer.report import event
from mallo_trainer.reproducible import random_numbers_of
from mallo_trainer.timm_models import create_model, head_of, published_cfg

# An air-gapped site often drops packets instead of refusing them: never wait long.
REACH_SECONDS = 5.0

# As timm names them on the Hugging Face hub; the safe format first.
HUB_FILES = ("model.safetensors", "pytorch_model.bin")


@dataclass(frozen=True)
class Weights:
    """Weights to start from, on this machine's disk; ``file`` is ``None`` where there are none.

    ``source`` is ``none``, ``file:PATH`` or ``hub:NAME``; ``reason`` is a sentence on how
    they were found, or why not.
    """

    source: str
    reason: str
    file: Path | None = None


def find_weights(model_name: str, *, wanted: bool) -> Weights:
    """Find pretrained weights and download them if need be.

    Says within ``REACH_SECONDS`` that the network has none; a download itself takes what it takes.
    """
    if not wanted:
        return Weights("none", "pretrained is false.")
    cfg = published_cfg(model_name)
    file = _file_in_fallback_path(model_name, cfg.hf_hub_id)
    if file is not None:
        return Weights(f"file:{file}", f"{file.name} was found in {file.parent}.", file)
    if cfg.hf_hub_id:
        return _from_hub(cfg.hf_hub_id, cfg.hf_hub_filename)
    if isinstance(cfg.url, str) and cfg.url:
        return _from_url(cfg.url)
    return Weights("none", f"timm publishes no weights for {model_name}.")


def _file_in_fallback_path(model_name: str, hub_id: str | None) -> Path | None:
    """``resnet50.a1_in1k.safetensors``, or without the tag, in any folder of ``FALLBACK_PATH``; or there, as it lies on
    the hub, ``microsoft/resnet-50/model.safetensors``.

    Folders are separated as in PATH; a JSON list of them is understood too.
    """
    text = os.environ.get("FALLBACK_PATH", "").strip()
    folders: list[str] = [folder for folder in text.split(os.pathsep) if folder]
    if text.startswith("["):
        try:
            folders = [str(folder) for folder in json.loads(text)]
        except ValueError as error:
            raise Problem("FALLBACK_PATH starts like a JSON list and is none.", "bad_fallback_path") from error
    names = list(dict.fromkeys((model_name, model_name.split(".", 1)[0])))
    if hub_id:
        names += [f"{hub_id}/model", f"{hub_id}/pytorch_model"]
    for folder in folders:
        for name in names:
            for ending in (".safetensors", ".pth", ".pt", ".bin"):
                file = Path(folder, name + ending)
                if file.is_file():
                    return file.resolve()
    return None


def _from_hub(hub_id: str, filename: str | None) -> Weights:
    repository, revision = hf_split(hub_id)
    source = f"hub:{hub_id}"
    names = (filename,) if filename else HUB_FILES
    for name in names:
        cached = try_to_load_from_cache(repository, name, revision=revision)
        if isinstance(cached, str):
            return Weights(source, f"{hub_id} is in the Hugging Face cache.", Path(cached))
    if _offline():
        return Weights("none", "HF_HUB_OFFLINE is set and the weights are not on this machine.")
    for name in names:
        # huggingface_hub repeats for half a minute where nothing answers, so ask first. The
        # file, not the front page: files come from another host, which may be closed off.
        if not _answers(hf_hub_url(repository, name, revision=revision)):
            continue
        try:
            file = hf_hub_download(repository, name, revision=revision, etag_timeout=REACH_SECONDS)
        except Exception as error:
            return Weights("none", f"Downloading {hub_id} failed: {_first_line(error)}.")
        return Weights(source, f"{hub_id} was downloaded.", Path(file))
    return Weights("none", f"{hub_id} is not on this machine and could not be had from the Hugging Face hub.")


def _from_url(url: str) -> Weights:
    source = f"hub:{url.rsplit('/', 1)[-1]}"
    if not check_cached_file(url):
        if _offline() or not _answers(url):
            return Weights("none", f"The weights are not on this machine and could not be had from {url}.")
        try:
            with _socket_timeout(REACH_SECONDS):
                download_cached_file(url)
        except Exception as error:
            return Weights("none", f"Downloading {url} failed: {_first_line(error)}.")
    return Weights(source, f"{url} is on this machine.", Path(download_cached_file(url)))


def _offline() -> bool:
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "TRUE", "YES", "ON")


@contextmanager
def _socket_timeout(seconds: float) -> Generator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _answers(address: str) -> bool:
    """Whether a file can be had at ``address``. Looking up a host's name has no timeout of
    its own, hence the thread."""
    answered = threading.Event()
    finished = threading.Event()

    def ask() -> None:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=REACH_SECONDS):
                answered.set()
        except HTTPError as error:
            # Some hosts do not do HEAD; a proxy that forbids the site answers 403 or 407.
            if error.code == 405:
                answered.set()
        except Exception:
            pass
        finally:
            finished.set()

    threading.Thread(target=ask, daemon=True).start()
    finished.wait(REACH_SECONDS)
    return answered.is_set()


def remembered_weights(model_name: str, *, wanted: bool, output: Path) -> Weights:
    """``find_weights``, once for an output folder; later calls answer the same from ``weights.json``."""
    memory = output / "weights.json"
    question = {"model": model_name, "pretrained": wanted}
    if memory.exists():
        found: dict[str, Any] = json.loads(memory.read_text("utf-8"))
        if {key: found.get(key) for key in question} == question:
            return Weights(found["source"], found["reason"], Path(found["file"]) if found["file"] else None)
    weights = find_weights(model_name, wanted=wanted)
    answer = {"source": weights.source, "reason": weights.reason, "file": str(weights.file) if weights.file else None}
    save_json(memory, question | answer)
    return weights


def create_with_weights(
    model_name: str, *, wanted: bool, output: Path, classes: int, image_size: int, dropout: float, seed: int
) -> tuple[nn.Module, str]:
    """The model to start training from, and the ``source`` of its weights.

    A classifier for other classes than ours is dropped and starts from random numbers.

    Raises:
        Problem: unknown model, or the weights this run was prepared with are gone.
    """
    build: dict[str, Any] = {"classes": classes, "image_size": image_size, "dropout": dropout}
    with random_numbers_of(seed):
        untrained = create_model(model_name, **build)
    weights = remembered_weights(model_name, wanted=wanted, output=output)
    if weights.file is None:
        if wanted:
            warn_untrained(weights.reason)
        return untrained, "none"
    if not weights.file.is_file():
        raise Problem(f"The weights file {weights.file} is no longer there. Bring it back.", "weights_gone")
    try:
        tensors = load_state_dict(str(weights.file), weights_only=True)
        # timm drops the classifier of the file when it has another number of classes than ours.
        overlay = {"file": str(weights.file), "num_classes": classes_in(tensors, model_name), "custom_load": False}
        with random_numbers_of(seed):
            model = create_model(model_name, **build, pretrained=True, pretrained_cfg_overlay=overlay)
    except Problem:
        raise
    except Exception as error:
        warn_untrained(f"{weights.reason} It could not be loaded: {_first_line(error)}")
        return untrained, "none"
    if not _differs(model, untrained):
        # timm loads what matches and skips the rest, so a foreign file passes without a word.
        warn_untrained(f"{weights.reason} It holds the weights of another model.")
        return untrained, "none"
    event("note", code="weights_found", source=weights.source, message=weights.reason)
    return model, weights.source


def warn_untrained(reason: str) -> None:
    """Say that training starts from random numbers though pretrained weights were wanted."""
    event("warning", code="weights_unavailable", message=f"Training starts without pretrained weights. {reason}")


def classes_in(tensors: dict[str, Any], model_name: str) -> int:
    """How many classes the classifier among ``tensors`` has (0: there is none)."""
    names = published_cfg(model_name).classifier or ()
    for name in (names,) if isinstance(names, str) else names:
        for part in (f"{name}.bias", f"{name}.weight"):
            if part in tensors:
                return tensors[part].shape[0]
    return 0


def _differs(loaded: nn.Module, untrained: nn.Module) -> bool:
    """Whether nine of ten weight matrices (the classifier aside) are other than their random start."""
    own = {id(p) for part in head_of(loaded) for p in part.parameters()}
    pairs = zip(loaded.parameters(), untrained.parameters(), strict=True)
    changed = [not torch.equal(a, b) for a, b in pairs if a.ndim > 1 and id(a) not in own]
    return sum(changed) >= 0.9 * len(changed)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
