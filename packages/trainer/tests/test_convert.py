"""Turning somebody's weights into ONNX, in a process that is shut in."""

import json
import os
import socket
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
from safetensors.torch import save_file
from torch import nn

from mallo_trainer import conversion
from mallo_trainer.conversion import class_of, load, read_state, timm_model
from mallo_trainer.problem import Problem

# The fastest to export of those with a classifier, batch norm and more than a layer.
MODEL = "resnet10t"
CLASSES = 7
SYSTEM: Any = os.system  # pyright: ignore[reportDeprecated]


class Calls:
    """An object whose pickle calls a function when it is opened."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


def model(name: str = MODEL, **changes: Any) -> nn.Module:
    torch.manual_seed(3)
    return timm.create_model(name, num_classes=CLASSES, **changes).eval()


def settings_for(folder: Path, weights: Path, architecture: str = MODEL, **changes: Any) -> dict[str, Any]:
    output = folder / "output"
    output.mkdir()
    return {
        **{"weights": str(weights), "architecture": architecture, "code": None, "input_shape": [1, 3, 64, 64]},
        **{"output": str(output), "memory_bytes": 8_000_000_000, "seconds": 200, "file_bytes": 200_000_000},
        **changes,
    }


@pytest.fixture
def convert(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Runs the command as Mallo does: with no environment, in an empty folder."""

    def run(*given: Any, **changes: Any) -> dict[str, Any]:
        settings = settings_for(tmp_path, *given, **changes)
        (tmp_path / "settings.json").write_text(json.dumps(settings), "utf-8")
        command = [sys.executable, "-I", "-m", "mallo_trainer.convert", str(tmp_path / "settings.json")]
        done = subprocess.run(command, env={}, cwd=settings["output"], capture_output=True, text=True, check=False)
        assert done.stdout, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        assert (done.returncode == 0) == (answer["problem"] is None)
        assert answer["shut_in"] == (sys.platform == "linux")
        return answer

    return run


@pytest.fixture
def converted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """What the command does once it is shut in, in this process, which has torch loaded."""

    def call(*given: Any, **changes: Any) -> dict[str, Any]:
        status = conversion.convert(settings_for(tmp_path, *given, **changes), {"problem": None})
        answer: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (status == 0) == (answer["problem"] is None)
        return answer

    return call


def onnx_gives(tmp_path: Path, images: torch.Tensor) -> np.ndarray[Any, Any]:
    session = onnxruntime.InferenceSession(str(tmp_path / "output" / "model.onnx"), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"image": images.numpy()})
    return np.asarray(found)


def test_weights_among_a_training_s_other_things_equal_pytorch_for_any_number_of_images(
    convert: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    net = model()
    wrapped = {f"module.model.{name}": tensor for name, tensor in net.state_dict().items()}
    # As PyTorch wrote before 1.6, of a training on several GPUs.
    checkpoint = {"model_state_dict": wrapped, "epoch": 5, "optimizer": {"state": {}}}
    torch.save(checkpoint, tmp_path / "weights", _use_new_zipfile_serialization=False)
    answer = convert(tmp_path / "weights", input_shape=[1, 3, 64, 80])
    assert (answer["problem"], answer["classes"], answer["input_shape"]) == (None, CLASSES, [-1, 3, 64, 80])
    assert answer["onnx_max_difference"] < 1e-4
    for count in (1, 5):
        images = torch.rand(count, 3, 64, 80)
        with torch.no_grad():
            expected = net(images).numpy()
        assert np.abs(onnx_gives(tmp_path, images) - expected).max() < 1e-4


def test_safetensors_of_grey_images_at_the_size_that_timm_says(
    converted: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    net = model(in_chans=1)
    save_file(net.state_dict(), tmp_path / "weights")
    answer = converted(tmp_path / "weights", input_shape=[-1, 1, -1, -1])
    assert (answer["problem"], answer["input_shape"]) == (None, [-1, 1, 224, 224])


def test_a_pickle_that_would_run_code_is_not_opened_and_tells_what_it_would_have_run(
    converted: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    ran = tmp_path / "output" / "ran"
    torch.save({"state_dict": model().state_dict(), "x": Calls(SYSTEM, f"touch {ran}")}, tmp_path / "weights")
    answer = converted(tmp_path / "weights")
    assert answer["problem"]["code"] == "weights_unsafe"
    assert answer["would_run"] == [f"os.system('touch {ran}')"]
    assert not ran.exists()
    assert not (tmp_path / "output" / "model.onnx").exists()


def test_weights_of_another_architecture_are_refused_by_name() -> None:
    answer: dict[str, Any] = {}
    with pytest.raises(Problem) as refused:
        load(model(), model("resnet14t").state_dict(), answer)
    assert refused.value.code == "weights_unfit"
    assert any(name.startswith("layer1.0.conv3") for name in answer["unexpected"])
    with pytest.raises(Problem):
        load(model("resnet14t"), model().state_dict(), answer)
    assert any(name.startswith("layer1.0.conv3") for name in answer["missing"])


def test_an_unknown_architecture_names_the_nearest() -> None:
    with pytest.raises(Problem) as refused:
        timm_model("ResNet-10-t", None, model().state_dict())
    assert refused.value.code == "unknown_model"
    assert MODEL in str(refused.value.details["nearest"]).split(",")


@pytest.mark.parametrize("change", [lambda whole: whole[:-2000], lambda _: b"weights", lambda _: b""])
def test_refuses_what_is_cut_off_or_something_else(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    torch.save(model().state_dict(), tmp_path / "weights")
    (tmp_path / "weights").write_bytes(change((tmp_path / "weights").read_bytes()))
    with pytest.raises(Problem) as refused:
        read_state(tmp_path / "weights", {})
    assert refused.value.code == "weights_unreadable"


def test_a_file_without_weights_is_refused(tmp_path: Path) -> None:
    torch.save({"epoch": 3, "history": [0.1, 0.2]}, tmp_path / "weights")
    with pytest.raises(Problem) as refused:
        read_state(tmp_path / "weights", {})
    assert refused.value.code == "weights_unreadable"


NET = """
import torch
from torch import nn

from mallo_trainer.conversion import class_of, load, read_state, timm_model
from mallo_trainer.problem import Problem

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 4, 3, 2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Linear(4, 2)
    def forward(self, image):
        return self.head(self.body(image))
"""


def own_net() -> nn.Module:
    """The class above, made here."""
    place: dict[str, Any] = {}
    exec(NET, place)
    return place["Net"]()


linux = pytest.mark.skipif(sys.platform != "linux", reason="code is run only where it can be shut in")


def test_a_class_in_somebody_s_file(converted: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    net = own_net()
    torch.save({"state_dict": net.state_dict()}, tmp_path / "weights")
    (tmp_path / "code").write_text(NET, "utf-8")
    answer = converted(tmp_path / "weights", "net.py:Net", code=str(tmp_path / "code"), input_shape=[1, 3, 32, 32])
    assert (answer["problem"], answer["classes"]) == (None, 2)
    images = torch.rand(4, 3, 32, 32)
    with torch.no_grad():
        assert np.abs(onnx_gives(tmp_path, images) - net(images).numpy()).max() < 1e-5


@linux
def test_hostile_code_reaches_nothing_though_its_model_is_converted(
    convert: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        hostile = f"""{NET}
import json, os, subprocess, socket
from pathlib import Path
secret, outcome = Path({str(secret)!r}), {{}}
def attempt(name, what):
    try:
        what()
        outcome[name] = "done"
    except Exception as error:
        outcome[name] = type(error).__name__
attempt("connect", lambda: socket.create_connection(("127.0.0.1", {server.getsockname()[1]}), 2))
attempt("read", secret.read_text)
attempt("write", lambda: secret.with_name("new").write_text("x"))
attempt("change the weights", lambda: Path({str(tmp_path / "weights")!r}).write_bytes(b"x"))
attempt("run", lambda: subprocess.run(["true"]))
attempt("kill", lambda: os.kill(os.getppid(), 15))
attempt("inside", lambda: Path("note").write_text("x"))
Path("outcome.json").write_text(json.dumps(outcome))
"""
        (tmp_path / "code").write_text(hostile, "utf-8")
        torch.save(own_net().state_dict(), tmp_path / "weights")
        before = (tmp_path / "weights").read_bytes()
        answer = convert(tmp_path / "weights", "net.py:Net", code=str(tmp_path / "code"))
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()
    assert answer["problem"] is None
    outcome = json.loads((tmp_path / "output" / "outcome.json").read_text("utf-8"))
    assert outcome.pop("inside") == "done"
    assert set(outcome.values()) == {"PermissionError"}, outcome
    assert (tmp_path / "weights").read_bytes() == before
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise ValueError('no')", "ValueError: no"),
        ("import sys; sys.exit(0)", "SystemExit: 0"),
        ("Net = dict", "Net is not a torch.nn.Module"),
        ("x = 1", "AttributeError"),
        ("def", "SyntaxError"),
    ],
)
def test_code_that_makes_no_model(tmp_path: Path, code: str, said: str) -> None:
    (tmp_path / "code").write_text(code, "utf-8")
    with pytest.raises(Problem) as refused:
        class_of(tmp_path / "code", "Net")
    assert refused.value.code == "code_failed"
    assert said in refused.value.message


@linux
def test_a_memory_limit_ends_it_with_a_sentence(convert: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    save_file(own_net().state_dict(), tmp_path / "weights")
    hostile = NET + "\nhoard = [bytearray(1_000_000_000) for _ in range(10)]\n"
    (tmp_path / "code").write_text(hostile, "utf-8")
    problem = convert(tmp_path / "weights", "net.py:Net", code=str(tmp_path / "code"))["problem"]
    assert problem["code"] in ("code_failed", "out_of_memory")
    assert "MemoryError" in problem["message"] or problem["code"] == "out_of_memory"
