"""What the recipe promises about a training from beginning to end."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import timm
import torch
from PIL import Image
from safetensors.torch import load_file

from conftest import MODEL, Events, events_in, fields_of, metrics_of
from mallo_trainer.preparation import RECIPE
from mallo_trainer.problem import Problem, problems_reported

Config = Callable[..., dict[str, Any]]
Train = Callable[[dict[str, Any]], Events]


def test_reads_digits_with_more_than_90_percent_accuracy(digits_folder: Path, config: Config, train: Train) -> None:
    settings = config(data=str(digits_folder), epochs=2, batch_size=64, learning_rate=0.003, augmentation="none")
    events = train(settings)
    (start,) = fields_of(events, "start")
    assert (start["classes"], start["train_images"], start["val_images"]) == (10, 1438, 359)
    (result,) = fields_of(events, "result")
    assert result["val_accuracy"] >= 0.9
    metrics = metrics_of(settings["output"])
    assert metrics["val_accuracy"] == result["val_accuracy"]
    hits = sum(metrics["confusion_matrix"][i][i] for i in range(10))
    assert hits / 359 == result["val_accuracy"]
    assert sum(row["support"] for row in metrics["per_class"]) == 359


def test_tells_of_every_epoch_batch_and_checkpoint_in_order(config: Config, train: Train) -> None:
    events = train(config(epochs=2))
    batches = fields_of(events, "batch")
    assert [row["step"] for row in batches] == list(range(1, 11))
    assert [(row["epoch"], row["batch"]) for row in batches] == [(e, b) for e in (1, 2) for b in range(1, 6)]
    assert [row["step"] for row in fields_of(events, "epoch")] == [5, 10]
    last = [row["epoch"] for row in fields_of(events, "checkpoint") if row["path"] == "last.pth"]
    assert last == [1, 2]
    assert events[-1][0] == "result"


def test_the_same_config_gives_the_same_numbers_bit_for_bit(config: Config, learn: Train, tmp_path: Path) -> None:
    outputs = [tmp_path / "first", tmp_path / "second"]
    for output in outputs:
        learn(config(output=str(output), augmentation="heavy", dropout=0.2))
    first, second = (metrics_of(output) for output in outputs)
    assert first == second
    weights = [(output / "model.safetensors").read_bytes() for output in outputs]
    assert weights[0] == weights[1]


def test_images_read_again_each_epoch_by_other_processes_give_the_same_numbers(
    config: Config, learn: Train, tmp_path: Path, recipe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = [tmp_path / "in memory", tmp_path / "from the disk"]
    learn(config(output=str(outputs[0]), augmentation="medium", epochs=1))
    monkeypatch.setattr(recipe, "CACHE_BYTES", 0)
    learn(config(output=str(outputs[1]), augmentation="medium", epochs=1))
    assert metrics_of(outputs[0]) == metrics_of(outputs[1])


def test_another_seed_gives_other_numbers(config: Config, learn: Train, one_epoch: tuple[Path, Events]) -> None:
    trainings = one_epoch[1], learn(config(seed=2, epochs=1))
    losses = [fields_of(events, "epoch")[0]["train_loss"] for events in trainings]
    assert losses[0] != losses[1]


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd", "rmsprop"])
def test_every_optimizer_learns(optimizer: str, config: Config, learn: Train) -> None:
    rate = 0.03 if optimizer == "sgd" else 0.001
    epochs = fields_of(learn(config(optimizer=optimizer, learning_rate=rate, epochs=4, augmentation="none")), "epoch")
    assert epochs[-1]["train_loss"] < epochs[0]["train_loss"]


def test_stops_early_when_nothing_gets_better(config: Config, learn: Train) -> None:
    settings = config(epochs=50, early_stopping_patience=2, learning_rate=1e-9, scheduler="constant")
    events = learn(settings)
    metrics = metrics_of(settings["output"])
    assert len(metrics["history"]) < 50
    assert len(metrics["history"]) == metrics["best_epoch"] + 2
    assert [note["code"] for note in fields_of(events, "note")] == ["early_stopped"]


def test_a_learning_rate_that_diverges_is_a_problem_and_no_result(config: Config, learn: Train) -> None:
    settings = config(optimizer="sgd", learning_rate=100, momentum=0.99, epochs=20, scheduler="constant")
    with pytest.raises(Problem) as raised:
        learn(settings)
    assert raised.value.code == "loss_not_finite"
    assert "learning_rate" in raised.value.message
    assert not Path(settings["output"], "metrics.json").exists()


def test_the_onnx_model_agrees_with_pytorch_on_images_of_any_size(one_epoch: tuple[Path, Events]) -> None:
    output, _ = one_epoch
    about = json.loads((output / "preprocessing.json").read_text())
    model = timm.create_model(MODEL, num_classes=3)
    model.load_state_dict(load_file(output / "model.safetensors"))
    model.eval()
    session = onnxruntime.InferenceSession(str(output / "model.onnx"))
    numbers = np.random.default_rng(0)
    for batch, height, width in [(1, 1, 1), (1, 37, 211), (1, 480, 641), (3, 31, 33), (2, 32, 32)]:
        image = numbers.integers(0, 256, (batch, height, width, 3), dtype=np.uint8)
        (found,) = session.run(None, {"image": image})
        # By hand and by the words of preprocessing.json, not by the code that was exported.
        pixels = torch.from_numpy(image).permute(0, 3, 1, 2).float() / 255
        side = about["weights"]["image_size"]
        pixels = torch.nn.functional.interpolate(pixels, (side, side), mode="bilinear", antialias=True)
        mean, std = (torch.tensor(about["weights"][key]).view(1, 3, 1, 1) for key in ("mean", "std"))
        with torch.no_grad():
            expected = model((pixels - mean) / std).softmax(1).numpy()
        assert np.asarray(found).shape == (batch, 3)
        np.testing.assert_allclose(np.asarray(found), expected, atol=1e-4)


def test_the_weights_are_the_same_in_every_file(one_epoch: tuple[Path, Events]) -> None:
    output, _ = one_epoch
    safe = load_file(output / "model.safetensors")
    for name in ("model.pth", "best.pth"):
        other = torch.load(output / name, weights_only=True)
        assert other.keys() == safe.keys()
        assert all(torch.equal(other[key], safe[key]) for key in safe)
    assert f"timm=={timm.__version__}" in (output / "environment.lock").read_text().splitlines()


def test_class_names_may_be_korean_and_have_spaces(
    few_shapes: Path, config: Config, learn: Train, tmp_path: Path
) -> None:
    data = tmp_path / "내 사진"
    data.mkdir()
    for old, new in {"circle": "동그라미 모양", "cross": "+ sign", "star": "별"}.items():
        (data / new).symlink_to(few_shapes / old)
    settings = config(data=str(data), class_names=["별", "동그라미 모양", "+ sign"], epochs=1)
    learn(settings)
    metrics = metrics_of(settings["output"])
    assert metrics["class_names"] == ["별", "동그라미 모양", "+ sign"]
    assert [row["name"] for row in metrics["per_class"]] == metrics["class_names"]


def test_images_of_every_kind_train_together(few_shapes: Path, config: Config, learn: Train, tmp_path: Path) -> None:
    data = tmp_path / "mixed"
    for kind in ("circle", "cross"):
        (data / kind).mkdir(parents=True)
        files = sorted((few_shapes / kind).iterdir())
        for index, (mode, name) in enumerate([("L", "g.png"), ("RGBA", "a.png"), ("CMYK", "c.jpg"), ("P", "p.gif")]):
            Image.open(files[index]).convert(mode).save(data / kind / name)
        grey = np.asarray(Image.open(files[4]).convert("L").resize((50, 20))).astype(np.uint16) * 257
        Image.fromarray(grey).save(data / kind / "sixteen bits.png")
    events = learn(config(data=str(data), epochs=1, batch_size=4))
    assert fields_of(events, "start")[0]["train_images"] == 8


def test_a_single_image_left_over_at_the_end_of_an_epoch_does_no_harm(config: Config, learn: Train) -> None:
    # 39 images train; batches of 19 leave one alone, for which batch norm has no statistics.
    events = learn(config(batch_size=19, epochs=1))
    assert fields_of(events, "start")[0]["batches_per_epoch"] == 2
    assert events[-1][0] == "result"


def test_a_batch_too_small_for_the_model_is_said_in_a_sentence(
    config: Config, learn: Train, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, problems_reported():
        learn(config(batch_size=1))
    assert ended.value.code == 2
    (error,) = fields_of(events_in(capfd.readouterr().out), "error")
    assert error["code"] == "batch_too_small"
    assert "batch_size" in error["message"]


LIMITED = """
import resource, runpy, sys, timm, torch
sys.argv = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_DATA, (2_000_000_000, 2_000_000_000))
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="no other system limits memory so")
def test_a_full_memory_is_said_in_a_sentence(config: Config, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps(config(batch_size=32, image_size=1024)), "utf-8")
    command = [sys.executable, "-c", LIMITED, str(RECIPE), str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    errors = fields_of(events_in(ended.stdout), "error")
    assert [row["code"] for row in errors] == ["out_of_memory"]
    assert "Traceback" not in ended.stderr


def test_tells_how_much_memory_it_held(one_epoch: tuple[Path, Events]) -> None:
    metrics = json.loads((one_epoch[0] / "metrics.json").read_text("utf-8"))
    # Python and PyTorch alone take half a gigabyte; nothing here takes ten.
    assert 0.2e9 < metrics["peak_memory_bytes"] < 10e9


def test_trains_with_every_schedule_and_warmup(config: Config, learn: Train) -> None:
    events = learn(config(epochs=3, warmup_epochs=1, scheduler="linear"))
    rates = [row["learning_rate"] for row in fields_of(events, "batch")]
    peak = rates.index(max(rates))
    assert peak == 5  # the first batch of the second epoch
    assert rates[:6] == sorted(rates[:6])
    assert rates[5:] == sorted(rates[5:], reverse=True)


def test_reduced_precision_without_a_gpu_is_refused_in_favour_of_fp32_with_a_warning(
    config: Config, learn: Train
) -> None:
    events = learn(config(precision="fp16", device="cpu", epochs=1))
    assert [row["code"] for row in fields_of(events, "warning")] == ["precision_fallback"]
    assert fields_of(events, "start")[0]["precision"] == "fp32"


def test_a_transformer_of_fixed_size_trains_at_another_size(config: Config, train: Train) -> None:
    events = train(config(model="test_vit", epochs=1, image_size=48))
    assert events[-1][0] == "result"
