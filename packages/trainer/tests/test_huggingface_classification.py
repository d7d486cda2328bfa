"""Classifiers of Hugging Face's transformers: prepared, trained and exported as timm's are."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import MobileNetV2Config, MobileNetV2ForImageClassification, MobileNetV2Model

from conftest import events_in, fields_of, metrics_of
from mallo_trainer.huggingface_models import classifiers, register
from mallo_trainer.preparation import RECIPES
from mallo_trainer.problem import Problem
from mallo_trainer.timm_models import create_model

# The smallest of them, and the smallest with attention.
SMALL = "MobileNetV2ForImageClassification"
ATTENTIVE = "PvtV2ForImageClassification"
CHECKPOINT = "google/mobilenet_v2_1.0_224"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(config: Callable[..., dict[str, Any]], tmp_path: Path) -> Run:
    """Run the recipe, or a module in its place, with a config that has ``changes``."""

    def one(*command: str, **changes: Any) -> subprocess.CompletedProcess[str]:
        settings = config(model=SMALL, checkpoint=CHECKPOINT, epochs=1, image_size=64) | changes
        file = tmp_path / "config.json"
        file.write_text(json.dumps(settings), "utf-8")
        program = command or (str(RECIPES / "huggingface_classification.py"),)
        return subprocess.run([sys.executable, *program, str(file)], capture_output=True, text=True, check=False)

    return one


@pytest.mark.parametrize("model", [SMALL, ATTENTIVE])
def test_it_is_trained_the_same_twice_bit_for_bit_and_exported(run: Run, tmp_path: Path, model: str) -> None:
    outputs = [tmp_path / "first", tmp_path / "second"]
    for output in outputs:
        done = run(model=model, output=str(output))
        assert done.returncode == 0, done.stderr
        (start,) = fields_of(events_in(done.stdout), "start")
        assert (start["model"], start["weights"]) == (model, "none")
    first, second = (metrics_of(output) for output in outputs)
    assert first == second
    assert first["onnx_max_difference"] < 1e-4
    weights = [(output / "model.safetensors").read_bytes() for output in outputs]
    assert weights[0] == weights[1]
    assert (outputs[0] / "timm_classification.py").exists()
    # With more epochs it goes on behind what is there.
    more = run(model=model, output=str(outputs[0]), epochs=2)
    assert fields_of(events_in(more.stdout), "start")[0]["first_epoch"] == 2


def test_it_is_prepared_by_its_own_recipe(run: Run) -> None:
    answer = json.loads(run("-m", "mallo_trainer.prepare").stdout)
    assert answer["problem"] is None
    assert answer["params"] == sum(p.numel() for p in of_three_classes().parameters())
    assert answer["memory_bytes"] > 4 * 4 * answer["params"]
    unknown = json.loads(run("-m", "mallo_trainer.prepare", model="NoSuchNet").stdout)
    assert unknown["problem"]["code"] == "unknown_model"


def configured(**values: Any) -> MobileNetV2Config:
    make: Any = MobileNetV2Config
    return make(**values)


def of_three_classes() -> MobileNetV2ForImageClassification:
    return MobileNetV2ForImageClassification(configured(num_labels=3))


@pytest.mark.parametrize("is_whole", [True, False], ids=["a classifier", "a model without its classifier"])
def test_it_starts_from_the_weights_of_its_checkpoint(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_whole: bool
) -> None:
    folder = tmp_path / "weights" / CHECKPOINT
    folder.mkdir(parents=True)
    torch.manual_seed(12345)
    config = configured(num_labels=7)
    given = MobileNetV2ForImageClassification(config) if is_whole else MobileNetV2Model(config)
    save_file(given.state_dict(), folder / "model.safetensors")
    monkeypatch.setenv("FALLBACK_PATH", str(tmp_path / "weights"))
    done = run(pretrained=True, freeze_backbone=True)
    assert done.returncode == 0, done.stderr
    (start,) = fields_of(events_in(done.stdout), "start")
    assert start["weights"] == f"file:{folder / 'model.safetensors'}"
    trained = load_file(tmp_path / "output" / "model.safetensors")
    inside = {name: tensor for name, tensor in given.state_dict().items() if not name.startswith("classifier")}
    for name, tensor in inside.items():
        assert torch.equal(trained[name if is_whole else f"mobilenet_v2.{name}"], tensor)
    # They load into the class by its own names.
    of_three_classes().load_state_dict(trained)


def test_weights_of_another_shape_are_said_not_to_fit(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "weights" / CHECKPOINT
    folder.mkdir(parents=True)
    wider = MobileNetV2ForImageClassification(configured(depth_multiplier=1.4))
    save_file(wider.state_dict(), folder / "model.safetensors")
    monkeypatch.setenv("FALLBACK_PATH", str(tmp_path / "weights"))
    events = events_in(run(pretrained=True).stdout)
    assert fields_of(events, "start")[0]["weights"] == "none"
    (warning,) = fields_of(events, "warning")
    assert "another shape" in warning["message"]


def test_a_transformer_of_a_fixed_size_is_built_for_another() -> None:
    register("ViTForImageClassification", None)
    with torch.device("meta"):
        model = create_model("ViTForImageClassification", classes=3, image_size=64, dropout=0)
        assert model(torch.zeros(2, 3, 64, 64)).shape == (2, 3)


def test_dropout_is_that_of_the_classifier_where_there_is_one() -> None:
    register(SMALL, None)
    for dropout in (0.0, 0.25):
        model: Any = create_model(SMALL, classes=3, image_size=64, dropout=dropout)
        assert model.dropout.p == dropout
    register("ResNetForImageClassification", None)
    with pytest.raises(Problem, match="has no dropout"):
        create_model("ResNetForImageClassification", classes=3, image_size=64, dropout=0.25)


def test_every_class_is_named_once() -> None:
    assert classifiers()["ViTForImageClassification"] == "vit"
    assert "DeiTForImageClassificationWithTeacher" not in classifiers()
