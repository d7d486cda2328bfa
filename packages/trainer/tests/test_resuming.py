"""A training that is stopped in any way goes on as if it had not been."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from conftest import Events, events_in, fields_of, metrics_of
from mallo_trainer.problem import Problem

Config = Callable[..., dict[str, Any]]
Train = Callable[[dict[str, Any]], Events]
Start = Callable[[dict[str, Any]], "subprocess.Popen[str]"]


def read_until(process: "subprocess.Popen[str]", beginning: str) -> str:
    """All lines up to one that begins so."""
    assert process.stdout
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith(beginning):
            return "".join(lines)
    raise AssertionError(f"{beginning!r} never came:\n{''.join(lines)}")


def test_killed_in_the_middle_of_an_epoch_it_resumes_to_identical_numbers(
    config: Config, train: Train, start: Start, tmp_path: Path
) -> None:
    settings = config(epochs=4, augmentation="medium", dropout=0.3, early_stopping_patience=4)
    process = start(settings)
    before = read_until(process, "batch epoch=3 batch=2")
    process.send_signal(signal.SIGKILL)
    process.wait()

    process = start(settings)
    after, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    (begin,) = fields_of(events_in(after), "start")
    assert begin["first_epoch"] == 3

    other = tmp_path / "undisturbed"
    undisturbed = train(settings | {"output": str(other)})
    assert metrics_of(settings["output"]) == metrics_of(other)

    # Whoever collects the lines of both parts sees the numbers of the undisturbed run: the
    # same steps, repeated ones with the same values, and none missing.
    def curve(events: Events) -> dict[int, tuple[float, float]]:
        return {row["step"]: (row["loss"], row["learning_rate"]) for row in fields_of(events, "batch")}

    both = curve(events_in(before)), curve(events_in(after))
    assert both[0] | both[1] == both[1] | both[0] == curve(undisturbed)


def test_ends_within_two_seconds_of_sigterm_and_leaves_a_whole_checkpoint(config: Config, start: Start) -> None:
    # One batch an epoch, which takes longer than the two seconds that are allowed.
    settings = config(epochs=1000, image_size=256, batch_size=64)
    process = start(settings)
    read_until(process, "checkpoint epoch=1 path=last.pth")
    asked = time.monotonic()
    process.terminate()
    assert process.wait(timeout=30) == 143
    assert time.monotonic() - asked < 2
    checkpoint = torch.load(Path(settings["output"], "last.pth"), weights_only=True)
    assert len(checkpoint["history"]) >= 1


def test_refuses_the_checkpoint_of_another_config_and_leaves_it_alone(
    after_one_epoch: dict[str, Any], learn: Train
) -> None:
    settings = after_one_epoch
    checkpoint = Path(settings["output"], "last.pth").read_bytes()
    for changes in ({"model": "resnet18"}, {"seed": 7}, {"image_size": 48}, {"batch_size": 4}):
        with pytest.raises(Problem) as raised:
            learn(settings | changes)
        assert raised.value.code == "checkpoint_mismatch"
        assert next(iter(changes)) in raised.value.message
    assert Path(settings["output"], "last.pth").read_bytes() == checkpoint


def test_refuses_the_checkpoint_of_other_images(
    after_one_epoch: dict[str, Any], learn: Train, few_shapes: Path, tmp_path: Path
) -> None:
    fewer = tmp_path / "fewer"
    fewer.mkdir()
    for kind in ("circle", "star"):
        (fewer / kind).symlink_to(few_shapes / kind)
    with pytest.raises(Problem, match="images"):
        learn(after_one_epoch | {"data": str(fewer)})


def test_a_damaged_checkpoint_is_named_and_not_overwritten(config: Config, learn: Train) -> None:
    settings = config(epochs=1)
    last = Path(settings["output"], "last.pth")
    last.parent.mkdir()
    last.write_bytes(b"half a checkpoint")
    with pytest.raises(Problem) as raised:
        learn(settings)
    assert raised.value.code == "checkpoint_unreadable"
    assert last.read_bytes() == b"half a checkpoint"


def test_a_finished_training_goes_on_when_more_epochs_are_asked_for(
    after_one_epoch: dict[str, Any], train: Train
) -> None:
    events = train(after_one_epoch | {"epochs": 3, "scheduler": "constant"})
    assert fields_of(events, "start")[0]["first_epoch"] == 2
    assert [row["epoch"] for row in fields_of(events, "epoch")] == [2, 3]
    assert [row["step"] for row in fields_of(events, "epoch")] == [10, 15]


def test_a_finished_training_started_again_only_repeats_its_result(
    one_epoch: tuple[Path, Events], after_one_epoch: dict[str, Any], train: Train
) -> None:
    again = train(after_one_epoch)
    assert fields_of(again, "batch") == []
    assert fields_of(again, "result") == fields_of(one_epoch[1], "result")
