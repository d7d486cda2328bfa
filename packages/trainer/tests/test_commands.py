"""The commands, as another program calls them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import timm
import torch
from PIL import Image
from torch import Tensor

from conftest import events_in, fields_of
from mallo_trainer import prepare
from mallo_trainer.zoo import describe

Config = Callable[..., dict[str, Any]]

ABSENT_DEVICE = "cuda" if sys.platform == "darwin" else "mps"


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Any:
    """Call ``prepare`` for a config: its exit status, answer and what it said on stderr."""

    def call(config: dict[str, Any]) -> tuple[int, dict[str, Any], str]:
        file = tmp_path / "config.json"
        file.write_text(json.dumps(config), "utf-8")
        monkeypatch.setattr(sys, "argv", ["prepare", str(file)])
        capfd.readouterr()
        status = prepare.main()
        out, err = capfd.readouterr()
        assert out.count("\n") == 1
        return status, json.loads(out), err

    return call


def test_prepare_tells_size_and_weights_and_remembers_them(config: Config, prepared: Any) -> None:
    settings = config(pretrained=True)
    status, answer, said = prepared(settings)
    assert status == 0
    assert answer["problem"] is None
    assert answer["weights"] == "none"
    assert 4_500_000 < answer["params"] < 5_500_000
    assert answer["memory_bytes"] > 16 * answer["params"]
    assert "warning code=weights_unavailable" in said
    assert json.loads(Path(settings["output"], "weights.json").read_text())["source"] == "none"


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"model": "ResNet-5O"}, "unknown_model", "resnet50"),
        ({"epochs": 10**9}, "bad_setting", "epochs"),
        ({"warmup_epochs": 2}, "bad_setting", "warmup_epochs"),
        ({"device": ABSENT_DEVICE}, "no_such_device", ABSENT_DEVICE),
        ({"image_size": 4096, "model": "resnet152", "batch_size": 65536}, "out_of_memory", "batch_size"),
        ({"model": "levit_128s", "image_size": 100}, "image_size_unsupported", "224"),
        ({"data": "/nowhere"}, "data_missing", "/nowhere"),
    ],
)
def test_prepare_finds_problems_before_anything_is_spent(
    changes: dict[str, Any], code: str, words: str, config: Config, prepared: Any, tmp_path: Path
) -> None:
    if code == "out_of_memory":
        changes |= {"data": str(_many_names(tmp_path))}
    status, answer, _ = prepared(config(**changes))
    assert status == 2
    assert answer["problem"]["code"] == code
    assert words in answer["problem"]["message"]


def _many_names(tmp_path: Path) -> Path:
    """Enough images that a batch of them does not fit: one small file under many names."""
    root = tmp_path / "many"
    (root / "a").mkdir(parents=True)
    Image.new("L", (1, 1)).save(root / "a" / "0.png")
    for index in range(1, 2000):
        (root / "a" / f"{index}.png").hardlink_to(root / "a" / "0.png")
    (root / "b").symlink_to(root / "a")
    return root


def test_an_unknown_model_comes_with_the_three_nearest_names(config: Config, prepared: Any) -> None:
    _, answer, _ = prepared(config(model="resnet_18"))
    nearest = answer["problem"]["nearest"].split(",")
    assert len(nearest) == 3
    assert nearest[0] == "resnet18"


def test_the_recipe_prints_one_error_line_and_no_traceback(config: Config, start: Any, tmp_path: Path) -> None:
    process = start(config(model="resnet5000"))
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 2
    (error,) = fields_of(events_in(out), "error")
    assert error["code"] == "unknown_model"
    assert "resnet50" in error["message"]
    assert not Path(tmp_path, "output", "last.pth").exists()


def test_machine_measures_this_machine() -> None:
    command = [sys.executable, "-m", "mallo_trainer.machine"]
    answer = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert answer["cpuCount"] >= 1
    assert answer["gflopsPerSecond"] > 0.1
    assert (answer["device"] == "cuda") == bool(answer["gpus"])
    assert answer["device"] == "cuda" or answer["bf16"] is False
    assert answer["torch"].count(".") >= 2


def test_the_catalogue_counts_as_papers_do() -> None:
    entry = describe("resnet50", with_gflops=True)
    assert entry["paramsM"] == pytest.approx(25.557, abs=0.001)
    assert entry["gflops"] == pytest.approx(4.1, abs=0.1)
    assert entry["inputSize"] == 224
    first, *others = entry["pretrained"]
    assert first == {"tag": "a1_in1k", "hubId": "timm/resnet50.a1_in1k", "license": "apache-2.0"}
    assert "tv_in1k" in [weights["tag"] for weights in others]
    stated = {(figure["tag"], figure["metric"]): figure["value"] for figure in entry["published"]}
    assert stated["tv_in1k", "top1"] == 76.13


@pytest.mark.parametrize("name", ["resnet18", "vit_tiny_patch16_224", "crossvit_9_240", "mobilenetv3_small_100"])
def test_the_committed_catalogue_is_what_timm_tells(name: str) -> None:
    file = Path(__file__).parents[2] / "zoo" / "src" / "timm.json"
    catalogue = json.loads(file.read_text("utf-8"))
    assert catalogue["version"] == timm.__version__
    committed = next(entry for entry in catalogue["models"] if entry["name"] == name)
    assert describe(name, with_gflops=True) == committed


@pytest.mark.parametrize(("name", "gflops"), [("pit_ti_224", 0.71), ("cait_xxs24_224", 2.53)])
def test_models_with_a_class_token_of_their_own_are_counted_as_their_papers_count(name: str, gflops: float) -> None:
    assert describe(name, with_gflops=True)["gflops"] == pytest.approx(gflops, abs=0.02)


@pytest.mark.parametrize("name", ["resnet10t", "vit_tiny_patch16_224", "swin_tiny_patch4_window7_224"])
def test_activations_are_counted_without_computing_what_a_training_really_keeps(name: str) -> None:
    entry = describe(name, with_gflops=True)
    size = entry["inputSize"]
    model = timm.create_model(name)
    kept: dict[int, int] = {}
    parameters = {p.untyped_storage().data_ptr() for p in model.parameters()}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in parameters:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = model.train()(torch.randn(2, 3, size, size)).sum()
    assert loss.requires_grad  # nothing that was kept is freed before it is summed up
    assert entry["activationsM"] == pytest.approx(sum(kept.values()) / 2 / 4e6, rel=0.02)


@pytest.mark.parametrize(
    ("name", "step"), [("vit_tiny_patch16_224", 1), ("xcit_nano_12_p16_224", 32), ("crossvit_9_240", None)]
)
def test_the_catalogue_knows_which_sizes_a_model_of_fixed_size_takes(name: str, step: int | None) -> None:
    assert describe(name, with_gflops=True)["sizeStep"] == step
