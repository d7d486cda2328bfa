"""Small data sets, and ways to run the recipe: inside this process, or as a process that can be killed."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from mallo_trainer.preparation import RECIPE, load_recipe
from mallo_trainer.reproducible import ask_for_determinism
from mallo_trainer.samples import digits, shapes

# The fastest of timm's models that learns anything from 32 pixels.
MODEL = "resnet10t"

Events = list[tuple[str, dict[str, Any]]]


@pytest.fixture(scope="session")
def recipe() -> Any:
    """The recipe as a module."""
    ask_for_determinism()
    return load_recipe()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests are the same with and without a network, and with whatever this machine has cached."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.delenv("FALLBACK_PATH", raising=False)


@pytest.fixture(scope="session")
def few_shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three classes of 16 images of 64 pixels."""
    root = tmp_path_factory.mktemp("shapes")
    for name, image in shapes():
        folder, file = name.split("/")
        if folder in ("circle", "cross", "star") and int(file[:4]) < 16:
            (root / folder).mkdir(exist_ok=True)
            image.save(root / name)
    return root


@pytest.fixture(scope="session")
def digits_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All 1,797 digits."""
    root = tmp_path_factory.mktemp("digits")
    for name, image in digits():
        (root / name).parent.mkdir(exist_ok=True)
        image.save(root / name)
    return root


@pytest.fixture
def config(few_shapes: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """A config that trains in a second or two, with ``changes``."""
    small = small_config(few_shapes, tmp_path / "output")
    return lambda **changes: small | changes


def small_config(data: Path, output: Path) -> dict[str, Any]:
    """The settings of a training that takes a second or two."""
    return {
        "model": MODEL,
        "data": str(data),
        "output": str(output),
        "epochs": 2,
        "batch_size": 8,
        "image_size": 32,
        "pretrained": False,
        # The models are too small for two, and tests shall not depend on the machine.
        "threads": 1,
    }


def trained(recipe: Any, config: dict[str, Any]) -> Events:
    """Train with a config in this process; the events it printed."""
    paths = {key: Path(config[key]) for key in ("data", "output")}
    with redirect_stdout(io.StringIO()) as printed:
        recipe.train(recipe.Settings(**(config | paths)))
    return events_in(printed.getvalue())


@pytest.fixture
def train(recipe: Any) -> Callable[[dict[str, Any]], Events]:
    """Train with a config in this process; the events it printed."""
    return lambda config: trained(recipe, config)


@pytest.fixture
def learn(recipe: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], Events]:
    """Train without writing model.onnx, which takes three times as long as these trainings do."""
    monkeypatch.setattr(recipe, "export", lambda *_: 0.0)
    return lambda config: trained(recipe, config)


@pytest.fixture(scope="session")
def one_epoch(recipe: Any, few_shapes: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Events]:
    """A training of one epoch: what it wrote, which is only to be read, and the events it printed."""
    output = tmp_path_factory.mktemp("one epoch") / "output"
    return output, trained(recipe, small_config(few_shapes, output) | {"epochs": 1})


@pytest.fixture
def after_one_epoch(one_epoch: tuple[Path, Events], config: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """The config of that training, with a copy of what it wrote as its output."""
    settings = config(epochs=1)
    shutil.copytree(one_epoch[0], settings["output"])
    return settings


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[dict[str, Any]], subprocess.Popen[str]]]:
    """Start the recipe as a process of its own, as Mallo does."""
    started: list[subprocess.Popen[str]] = []

    def run(config: dict[str, Any]) -> subprocess.Popen[str]:
        file = tmp_path / "config.json"
        file.write_text(json.dumps(config), "utf-8")
        process = subprocess.Popen(
            [sys.executable, str(RECIPE), str(file)], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def events_in(text: str) -> Events:
    """The events among lines of output, values as they were before they were printed."""
    events: Events = []
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        fields = re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|\S+)', rest)
        events.append((kind, {key: _read(value) for key, value in fields}))
    return events


def _read(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def fields_of(events: Events, kind: str) -> list[dict[str, Any]]:
    """The fields of all events of a kind."""
    return [fields for other, fields in events if other == kind]


def metrics_of(output: str | Path) -> dict[str, Any]:
    """metrics.json without times and memory, which are never the same."""
    metrics: dict[str, Any] = json.loads(Path(output, "metrics.json").read_text("utf-8"))
    del metrics["seconds"], metrics["peak_memory_bytes"]
    for row in metrics["history"]:
        del row["seconds"]
    return metrics
