"""Pretrained weights, with and without a network."""

import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import timm
import torch
from safetensors.torch import load_file, save_file

from conftest import MODEL, Events, fields_of, metrics_of
from mallo_trainer.problem import Problem
from mallo_trainer.weights import find_weights

Config = Callable[..., dict[str, Any]]
Train = Callable[[dict[str, Any]], Events]


@pytest.fixture
def folder_of_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on FALLBACK_PATH with weights as somebody else trained them, for 7 classes."""
    folder = tmp_path / "weights of ours"
    folder.mkdir()
    torch.manual_seed(12345)
    save_file(timm.create_model(MODEL, num_classes=7).state_dict(), folder / f"{MODEL}.safetensors")
    monkeypatch.setenv("FALLBACK_PATH", os.pathsep.join(["/nowhere", str(folder)]))
    return folder


def test_takes_weights_from_a_folder_and_freezes_all_but_the_classifier(
    folder_of_weights: Path, config: Config, learn: Train
) -> None:
    settings = config(pretrained=True, freeze_backbone=True, epochs=1)
    events = learn(settings)
    file = folder_of_weights / f"{MODEL}.safetensors"
    assert fields_of(events, "start")[0]["weights"] == f"file:{file}"
    given, trained = load_file(file), load_file(Path(settings["output"], "model.safetensors"))
    backbone = [name for name in given if not name.startswith("fc.")]
    assert all(torch.equal(given[name], trained[name]) for name in backbone)
    assert trained["fc.weight"].shape[0] == 3


def test_weights_of_another_model_are_not_taken_for_good(folder_of_weights: Path, config: Config, learn: Train) -> None:
    (folder_of_weights / f"{MODEL}.safetensors").unlink()
    torch.save(timm.create_model("resnet18").state_dict(), folder_of_weights / f"{MODEL}.pth")
    events = learn(config(pretrained=True, epochs=1))
    assert fields_of(events, "start")[0]["weights"] == "none"
    assert [row["code"] for row in fields_of(events, "warning")] == ["weights_unavailable"]


def test_a_pickle_that_runs_code_is_not_run(folder_of_weights: Path, config: Config, learn: Train) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, tuple[Path]]:
            return Path.touch, (folder_of_weights / "ran",)

    (folder_of_weights / f"{MODEL}.safetensors").unlink()
    torch.save({"fc.weight": Evil()}, folder_of_weights / f"{MODEL}.pth")
    events = learn(config(pretrained=True, epochs=1))
    assert fields_of(events, "start")[0]["weights"] == "none"
    assert not (folder_of_weights / "ran").exists()


def test_fallback_path_may_be_a_json_list(folder_of_weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FALLBACK_PATH", json.dumps(["/nowhere", str(folder_of_weights)]))
    assert find_weights(MODEL, wanted=True).file == folder_of_weights / f"{MODEL}.safetensors"
    monkeypatch.setenv("FALLBACK_PATH", '["/nowhere"')
    with pytest.raises(Problem, match="FALLBACK_PATH"):
        find_weights(MODEL, wanted=True)


def test_what_was_found_is_remembered_for_the_run(
    config: Config, learn: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = config(pretrained=True, epochs=1)
    assert fields_of(learn(settings), "start")[0]["weights"] == "none"
    first = metrics_of(settings["output"])
    # Now there are weights; but this run began without.
    save_file(timm.create_model(MODEL).state_dict(), tmp_path / f"{MODEL}.safetensors")
    monkeypatch.setenv("FALLBACK_PATH", str(tmp_path))
    Path(settings["output"], "last.pth").unlink()
    learn(settings)
    assert metrics_of(settings["output"]) == first


def test_a_network_that_swallows_everything_costs_seconds_and_not_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never answers
        monkeypatch.setattr("mallo_trainer.weights.hf_hub_url", lambda *_, **__: _address(silent))
        monkeypatch.delenv("HF_HUB_OFFLINE")
        monkeypatch.setattr("mallo_trainer.weights.try_to_load_from_cache", lambda *_, **__: None)
        monkeypatch.setattr("mallo_trainer.weights.REACH_SECONDS", 1.0)
        started = time.monotonic()
        weights = find_weights("resnet18", wanted=True)
        assert weights.source == "none"
        assert "could not be had" in weights.reason
        assert time.monotonic() - started < 5


def _address(server: socket.socket) -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}/model.safetensors"


def test_a_model_without_published_weights_says_so() -> None:
    name = next(name for name in timm.list_models() if not timm.list_pretrained(f"{name}.*"))
    assert "publishes no weights" in find_weights(name, wanted=True).reason
