"""Reading off what a pickle would run."""

import collections
import os
import pickle
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch._weights_only_unpickler import _get_allowed_globals  # pyright: ignore[reportPrivateUsage]

from mallo_trainer.pickle_calls import NotAPickle, calls_of

ALLOWED = _get_allowed_globals()
SYSTEM: Any = os.system  # pyright: ignore[reportDeprecated]


class Calls:
    """An object whose pickle calls a function when it is opened."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


def saved(tmp_path: Path, contents: Any, *, legacy: bool = False) -> Path:
    path = tmp_path / "weights.pth"
    torch.save(contents, path, _use_new_zipfile_serialization=not legacy)
    return path


@pytest.mark.parametrize("legacy", [False, True])
def test_weights_would_run_nothing(tmp_path: Path, legacy: bool) -> None:
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).half()
    contents = {"state_dict": model.state_dict(), "epoch": 3, "note": "os\nsystem", "device": torch.device("cpu")}
    assert calls_of(saved(tmp_path, contents, legacy=legacy), ALLOWED) == []


@pytest.mark.parametrize("legacy", [False, True])
def test_names_each_call_with_its_arguments_and_runs_none(tmp_path: Path, legacy: bool) -> None:
    ran = tmp_path / "ran"
    contents = {
        "state_dict": nn.Linear(2, 2).state_dict(),
        "one": Calls(SYSTEM, f"touch {ran}"),
        "two": [Calls(eval, "open('/etc/passwd').read()"), Calls(SYSTEM, f"touch {ran}")],
        "three": Calls(subprocess.Popen, ["rm", "-rf", "/"]),
    }
    found = calls_of(saved(tmp_path, contents, legacy=legacy), ALLOWED)
    assert found[0] == f"os.system('touch {ran}')"
    assert found[1].startswith("builtins.eval(") and "/etc/passwd" in found[1]
    assert found[2] == "subprocess.Popen(['rm', '-rf', '/'])"
    assert len(found) == 3
    assert not ran.exists()


@pytest.mark.parametrize("protocol", range(6))
def test_in_every_protocol(tmp_path: Path, protocol: int) -> None:
    path = tmp_path / "data"
    contents = {"x": Calls(SYSTEM, "id"), "numbers": (1, 2.5, None, True, b"bytes", 2**70, {"k": []})}
    path.write_bytes(pickle.dumps(contents, protocol) * 5)
    assert "os.system('id')" in calls_of(path, ALLOWED)


# Programs that no pickler writes: a call through a name put together, hidden in the memo, or by an old opcode.
@pytest.mark.parametrize(
    "program",
    [
        b"\x8c\x02os\x94\x8c\x06system\x94\x93\x8c\x02id\x85R.",
        b"\x8c\x02os\x94\x8c\x06system\x94000h\x00h\x01\x93\x8c\x02id\x85R.",
        b"(cos\nsystem\nX\x02\x00\x00\x00ido.",
        b"(X\x02\x00\x00\x00idios\nsystem\n.",
    ],
)
def test_however_it_is_written(tmp_path: Path, program: bytes) -> None:
    path = tmp_path / "data"
    if program.count(b"000"):
        program = program.replace(b"000", b"00")
    path.write_bytes(b"\x80\x04" + program + pickle.dumps(1) * 4)
    assert calls_of(path, ALLOWED) == ["os.system('id')"]


def test_a_whole_model_is_named_by_its_classes(tmp_path: Path) -> None:
    found = calls_of(saved(tmp_path, nn.Sequential(nn.Linear(2, 2))), ALLOWED)
    assert any(call.startswith("torch.nn.modules.linear.Linear(") for call in found)


def test_a_name_that_is_only_imported_is_told_too(tmp_path: Path) -> None:
    assert calls_of(saved(tmp_path, {"function": os.getcwd}), ALLOWED) == ["os.getcwd"]


def test_names_are_told_apart_from_texts_that_look_like_them(tmp_path: Path) -> None:
    contents = collections.OrderedDict(text="os.system('id')", other=["os", "system"])
    assert calls_of(saved(tmp_path, contents), ALLOWED) == []


@pytest.mark.parametrize("contents", [b"", b"weights", b"PK\x03\x04", pickle.dumps({"a": 1})[:-3], b"\x80\x02R."])
def test_refuses_what_is_no_file_of_torch(tmp_path: Path, contents: bytes) -> None:
    path = tmp_path / "weights.pth"
    path.write_bytes(contents)
    with pytest.raises(NotAPickle):
        calls_of(path, ALLOWED)


def test_refuses_a_program_that_would_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a/data.pkl", "w") as program:
        for _ in range(101):
            program.write(bytes(1_000_000))
    assert path.stat().st_size < 200_000
    with pytest.raises(NotAPickle):
        calls_of(path, ALLOWED)


def test_looks_into_every_pickle_of_the_zip(tmp_path: Path) -> None:
    path = saved(tmp_path, nn.Linear(2, 2).state_dict())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other/data.pkl", pickle.dumps(Calls(SYSTEM, "id")))
    assert calls_of(path, ALLOWED) == ["os.system('id')"]
