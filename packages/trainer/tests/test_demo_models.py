"""The demo models."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from PIL import Image

from mallo_trainer.demo_models import ONNX_TOLERANCE, VERSIONS, digits, main, scenes

# The fastest of each family.
NAMES = ["mobilenet-1", "unet-1"]
FILES = {"model.onnx", "model.safetensors", "preprocessing.json", "metrics.json"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both, made in this process."""
    out = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["demo_models", str(out), *NAMES])
        main()
    return out


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text("utf-8"))


def test_are_the_same_bytes_from_another_process(made: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "mallo_trainer.demo_models", str(tmp_path), "unet-1"], check=True)
    first, again = made / "unet-1", tmp_path / "unet-1"
    names = {file.name for file in first.iterdir()}
    assert names == {file.name for file in again.iterdir()} == FILES | {f"sample-{n}.png" for n in range(1, 5)}
    assert all((first / name).read_bytes() == (again / name).read_bytes() for name in names)


@pytest.mark.parametrize("name", NAMES)
def test_onnx_equals_pytorch_and_takes_any_number_of_images_of_any_size(made: Path, name: str) -> None:
    folder = made / name
    metrics, about = read(folder, "metrics.json"), read(folder, "preprocessing.json")
    assert metrics["onnx_max_difference"] <= ONNX_TOLERANCE == 1e-4
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    images = np.random.default_rng(0).integers(0, 256, (3, 50, 71, 3), dtype=np.uint8)
    (found,) = session.run(None, {"image": images})
    found = np.asarray(found)
    expected: list[Any] = about["onnx"]["output"]["shape"]
    assert list(found.shape) == [3, *expected[1:]]
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)
    for at in range(3):
        (alone,) = session.run(None, {"image": images[at : at + 1]})
        assert np.abs(np.asarray(alone) - found[at]).max() < 1e-5


def test_say_what_a_program_must_know(made: Path) -> None:
    digits_about, shapes_about = (read(made / name, "preprocessing.json") for name in NAMES)
    assert (digits_about["task"], digits_about["class_names"]) == ("classification", list("0123456789"))
    assert (shapes_about["task"], shapes_about["class_names"]) == ("segmentation", ["background", "circle", "cross"])
    assert shapes_about["weights"]["image_size"] == 48
    assert shapes_about["onnx"]["output"]["shape"] == ["batch", 3, 48, 48]


def test_have_learned_something(made: Path) -> None:
    assert read(made / "mobilenet-1", "metrics.json")["val_accuracy"] > 0.3
    assert read(made / "unet-1", "metrics.json")["val_miou"] > 0.6


def test_find_the_shape_of_a_sample_image(made: Path) -> None:
    folder = made / "unet-1"
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    pixels = np.asarray(Image.open(folder / "sample-1.png"))
    (found,) = session.run(None, {"image": pixels[None]})
    is_shape = np.asarray(found)[0].argmax(axis=0) > 0
    # Shapes are bright, what is behind them is dark.
    assert (is_shape == (pixels.mean(axis=2) > 128)).mean() > 0.95


def test_no_sample_or_measured_image_was_trained_on() -> None:
    for data in (digits(), scenes()):
        training, validation = data.split()
        assert not set(training) & set(validation)
        assert len(training) + len(validation) == len(data.images)


def test_a_mask_says_for_each_pixel_what_is_there() -> None:
    data = scenes()
    assert data.images.shape[0] == data.targets.shape[0] == 480
    assert set(data.targets.unique().tolist()) == {0, 1, 2}
    bright = data.images.float().mean(dim=1) > 128
    assert ((data.targets > 0) == bright).float().mean() > 0.97


def test_versions_of_a_family_differ() -> None:
    for family in ("mobilenet", "unet"):
        versions = [version for version in VERSIONS.values() if version.family == family]
        assert len({(version.architecture, version.epochs, version.moved) for version in versions}) == 3


def test_refuses_a_name_it_does_not_know(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["demo_models", "out", "vgg-1"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "vgg-1" in capsys.readouterr().err
