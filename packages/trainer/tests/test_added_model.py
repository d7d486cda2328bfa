"""Models of one's own: what they are told to be, that they are trained, and what their code cannot do."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from conftest import events_in, fields_of
from mallo_trainer.preparation import RECIPES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="code is run where it can be shut in")

NET = """
from torch import nn

class Block(nn.Sequential):
    def __init__(self, inside, outside):
        super().__init__(nn.Conv2d(inside, outside, 3, 2, 1), nn.BatchNorm2d(outside), nn.ReLU())

class Net(nn.Module):
    def __init__(self, num_classes, width=8):
        super().__init__()
        self.features = nn.Sequential(Block(3, width), Block(width, 2 * width), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Linear(2 * width, num_classes)

    def forward(self, images):
        return self.head(self.features(images))
"""
FIXED = """
from torch import nn

def tiny(num_classes):
    return nn.Sequential(nn.Flatten(), nn.Linear(3 * 32 * 32, num_classes))
"""


@pytest.fixture
def described(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """What ``describe`` answers of a file."""

    def run(code: str, entry: str | None = None, size: int = 32) -> dict[str, Any]:
        output = tmp_path / "described"
        output.mkdir(exist_ok=True)
        (tmp_path / "code").write_text(code, "utf-8")
        limits = {"memory_bytes": 8_000_000_000, "seconds": 120, "file_bytes": 1_000_000}
        asked = {"code": str(tmp_path / "code"), "entry": entry, "input_size": size, "output": str(output), **limits}
        (tmp_path / "asked.json").write_text(json.dumps(asked), "utf-8")
        command = [sys.executable, "-I", "-m", "mallo_trainer.describe", str(tmp_path / "asked.json")]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=output)
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_a_file_is_described_by_what_it_makes(described: Callable[..., dict[str, Any]]) -> None:
    answer = described(NET)
    # By hand: two convolutions with biases, their batch norms, and the head for ten classes.
    params = (3 * 9 * 8 + 8) + 2 * 8 + (8 * 9 * 16 + 16) + 2 * 16 + (16 * 10 + 10)
    macs = 16 * 16 * 8 * 27 + 8 * 8 * 16 * 72 + 160
    assert answer | {"gflops": None, "activations_m": None} == {
        **{"problem": None, "entry": "Net", "params": params, "fixed_input_size": False},
        **{"gflops": None, "activations_m": None},
    }
    assert answer["gflops"] == pytest.approx(macs / 1e9)
    assert answer["activations_m"] > 0
    assert described(FIXED)["fixed_input_size"] is True


@pytest.mark.parametrize(
    ("code", "code_of_problem", "words"),
    [
        ("import nowhere", "code_failed", "nowhere"),
        ("raise SystemExit(3)", "code_failed", "SystemExit"),
        ("x = 1", "entry_unclear", ""),
        (NET + "\ndef other(num_classes):\n    return Net(num_classes)\n", "entry_unclear", "Net, other"),
        ("def net(num_classes):\n    return 3", "code_failed", "int"),
        (FIXED.replace(", nn.Linear(3 * 32 * 32, num_classes)", ""), "code_failed", "[2, 3072]"),
        (FIXED.replace("32 * 32", "16 * 16"), "code_failed", "shape"),
        ("import os\nfrom torch import nn\nopen('/etc/passwd').read()", "code_failed", "PermissionError"),
        ("import socket\nsocket.socket()", "code_failed", "PermissionError"),
        ("import subprocess\nsubprocess.run(['true'])", "code_failed", "PermissionError"),
    ],
)
def test_what_makes_no_model_is_told(
    described: Callable[..., dict[str, Any]], code: str, code_of_problem: str, words: str
) -> None:
    problem = described(code)["problem"]
    assert problem["code"] == code_of_problem
    assert words in json.dumps(problem)


@pytest.fixture
def folder(tmp_path: Path, few_shapes: Path) -> Path:
    """As a run's: a config, the code, and something that is none of the code's business."""
    config = {"model": "my_net", "code": "model.py", "entry": "Net", "data": str(few_shapes), "image_size": 32}
    config |= {"epochs": 2, "batch_size": 16, "learning_rate": 0.01, "augmentation": "none", "device": "cpu"}
    (tmp_path / "config.json").write_text(json.dumps(config | {"threads": 1}), "utf-8")
    (tmp_path / "model.py").write_text(NET, "utf-8")
    (tmp_path / "sidecar.json").write_text('{"token": "secret"}', "utf-8")
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, *command, str(folder / "config.json")]
    return subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=folder)


def trained(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(folder, str(RECIPES / "added_classification.py"))


def test_it_is_prepared_and_trained_as_timms_models_are(folder: Path) -> None:
    prepared = run(folder, "-m", "mallo_trainer.prepare")
    assert json.loads(prepared.stdout)["params"] == 1_610 - 10 * 17 + 3 * 17
    done = trained(folder)
    assert done.returncode == 0, done.stderr
    events = events_in(done.stdout)
    assert fields_of(events, "start")[0]["model"] == "my_net"
    output = folder / "output"
    metrics = json.loads((output / "metrics.json").read_text())
    assert metrics["onnx_max_difference"] < 1e-4
    assert len(metrics["history"]) == 2
    assert (output / "model.py").read_text() == NET
    assert {file.name for file in output.iterdir()} >= {"model.onnx", "model.safetensors", "timm_classification.py"}
    assert not (output / ".work").exists()
    # Started again it goes on after what is there: there is nothing left to train.
    again = trained(folder)
    assert again.returncode == 0, again.stderr
    assert fields_of(events_in(again.stdout), "start")[0]["first_epoch"] == 3


def test_its_code_sees_neither_what_lies_beside_nor_the_network(folder: Path) -> None:
    tries = """
import socket, subprocess
from pathlib import Path
refused = 0
for attempt in (
    lambda: socket.socket(),
    lambda: Path("sidecar.json").read_text(),
    lambda: Path("stolen").write_text("x"),
    lambda: Path("config.json").write_text("{}"),
    lambda: subprocess.run(["true"]),
):
    try:
        attempt()
    except PermissionError:
        refused += 1
assert refused == 5, refused
"""
    (folder / "model.py").write_text(tries + NET, "utf-8")
    assert trained(folder).returncode == 0
    assert json.loads(run(folder, "-m", "mallo_trainer.prepare").stdout)["problem"] is None


def test_the_weights_load_into_the_class(folder: Path) -> None:
    assert trained(folder).returncode == 0
    space: dict[str, Any] = {}
    exec((folder / "output" / "model.py").read_text(), space)
    model = space["Net"](num_classes=3)
    model.load_state_dict(torch.load(folder / "output" / "model.pth", weights_only=True))
