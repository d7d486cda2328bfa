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
from mallo_trainer.added_model import describe
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


def settings_for(code: str, folder: Path) -> dict[str, Any]:
    """What ``describe`` is asked of a file."""
    output = folder / "described"
    output.mkdir()
    (folder / "code").write_text(code, "utf-8")
    limits = {"memory_bytes": 8_000_000_000, "seconds": 120, "file_bytes": 1_000_000}
    return {"code": str(folder / "code"), "entry": None, "input_size": 32, "output": str(output), **limits}


def shut_in(code: str, folder: Path) -> dict[str, Any]:
    """What the command answers of a file, as Mallo calls it."""
    settings = settings_for(code, folder)
    (folder / "asked.json").write_text(json.dumps(settings), "utf-8")
    command = [sys.executable, "-I", "-m", "mallo_trainer.describe", str(folder / "asked.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=settings["output"])
    return json.loads(done.stdout.splitlines()[-1])


def test_a_file_is_described_by_what_it_makes(tmp_path: Path) -> None:
    answer = shut_in(NET, tmp_path)
    # By hand: two convolutions with biases, their batch norms, and the head for ten classes.
    params = (3 * 9 * 8 + 8) + 2 * 8 + (8 * 9 * 16 + 16) + 2 * 16 + (16 * 10 + 10)
    macs = 16 * 16 * 8 * 27 + 8 * 8 * 16 * 72 + 160
    assert answer | {"gflops": None, "activations_m": None} == {
        **{"problem": None, "entry": "Net", "params": params, "fixed_input_size": False},
        **{"gflops": None, "activations_m": None},
    }
    assert answer["gflops"] == pytest.approx(macs / 1e9)
    assert answer["activations_m"] > 0


def test_what_somebodys_code_is_refused_is_refused_while_it_is_described(tmp_path: Path) -> None:
    tries = """
import socket, subprocess
refused = []
for attempt in (lambda: open("/etc/passwd").read(), lambda: socket.socket(), lambda: subprocess.run(["true"])):
    try:
        attempt()
    except PermissionError:
        refused.append("PermissionError")
raise RuntimeError(" ".join(refused))
"""
    problem = shut_in(tries, tmp_path)["problem"]
    assert problem["code"] == "code_failed"
    assert problem["message"] == "RuntimeError: PermissionError PermissionError PermissionError"


# From here in this process, which has torch loaded: what the code is, is nothing of the sandbox's.
@pytest.fixture
def described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], dict[str, Any]]:
    """What the command answers of a file once it is shut in."""

    def call(code: str) -> dict[str, Any]:
        status = describe(settings_for(code, tmp_path), {"problem": None})
        answer = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (status == 0) == (answer["problem"] is None)
        return answer

    return call


def test_a_model_of_one_size_is_told_apart(described: Callable[[str], dict[str, Any]]) -> None:
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
    ],
)
def test_what_makes_no_model_is_told(
    described: Callable[[str], dict[str, Any]], code: str, code_of_problem: str, words: str
) -> None:
    problem = described(code)["problem"]
    assert problem["code"] == code_of_problem
    assert words in json.dumps(problem)


def make_folder(folder: Path, data: Path, code: str = NET) -> Path:
    """As a run's: a config, the code, and something that is none of the code's business."""
    config = {"model": "my_net", "code": "model.py", "entry": "Net", "data": str(data), "image_size": 32}
    config |= {"epochs": 2, "batch_size": 16, "learning_rate": 0.01, "augmentation": "none", "device": "cpu"}
    (folder / "config.json").write_text(json.dumps(config | {"threads": 1}), "utf-8")
    (folder / "model.py").write_text(code, "utf-8")
    (folder / "sidecar.json").write_text('{"token": "secret"}', "utf-8")
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, *command, str(folder / "config.json")]
    return subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=folder)


def trained(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(folder, str(RECIPES / "added_classification.py"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, few_shapes: Path) -> Path:
    """The folder of a run that was trained."""
    folder = make_folder(tmp_path_factory.mktemp("run"), few_shapes)
    done = trained(folder)
    assert done.returncode == 0, done.stderr
    (folder / "stdout.log").write_text(done.stdout)
    return folder


def test_it_is_trained_as_timms_models_are(folder: Path) -> None:
    assert fields_of(events_in((folder / "stdout.log").read_text()), "start")[0]["model"] == "my_net"
    output = folder / "output"
    metrics = json.loads((output / "metrics.json").read_text())
    assert metrics["onnx_max_difference"] < 1e-4
    assert len(metrics["history"]) == 2
    assert (output / "model.py").read_text() == NET
    assert {file.name for file in output.iterdir()} >= {"model.onnx", "model.safetensors", "timm_classification.py"}
    assert not (output / ".work").exists()


def test_the_weights_load_into_the_class(folder: Path) -> None:
    space: dict[str, Any] = {}
    exec((folder / "output" / "model.py").read_text(), space)
    model = space["Net"](num_classes=3)
    model.load_state_dict(torch.load(folder / "output" / "model.pth", weights_only=True))


def test_started_again_it_goes_on_after_what_is_there(folder: Path) -> None:
    again = trained(folder)
    assert again.returncode == 0, again.stderr
    # There is nothing left to train.
    assert fields_of(events_in(again.stdout), "start")[0]["first_epoch"] == 3


def test_it_is_prepared_as_timms_models_are(tmp_path: Path, few_shapes: Path) -> None:
    prepared = run(make_folder(tmp_path, few_shapes), "-m", "mallo_trainer.prepare")
    assert json.loads(prepared.stdout)["params"] == 1_610 - 10 * 17 + 3 * 17


def test_its_code_sees_neither_what_lies_beside_nor_the_network(tmp_path: Path, few_shapes: Path) -> None:
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
    folder = make_folder(tmp_path, few_shapes, tries + NET)
    assert trained(folder).returncode == 0
    assert json.loads(run(folder, "-m", "mallo_trainer.prepare").stdout)["problem"] is None
