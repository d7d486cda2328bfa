"""What is left of a process whose parent is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PARENT = """
import os, subprocess, sys
tied = [sys.executable, '-m', 'mallo_trainer.tied', str(os.getpid())]
child = subprocess.Popen([*tied, 'http.server', '0', '--bind', '127.0.0.1'], stdout=2)
print(child.pid, flush=True)
child.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_it_ends_too() -> None:
    parent = subprocess.Popen([sys.executable, "-u", "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    # It listens by now, or is still on its way to that.
    assert is_running(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + 30
    while is_running(child):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_it_does_not_begin_when_it_was_started_by_another() -> None:
    command = [sys.executable, "-m", "mallo_trainer.tied", "1", "this"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 1


def test_the_module_gets_its_arguments_and_its_code_is_the_end() -> None:
    command = [sys.executable, "-m", "mallo_trainer.tied", str(os.getpid()), "json.tool", "--no-such-option"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "--no-such-option" in ended.stderr


def is_running(pid: int) -> bool:
    """Whether it runs; one that ended and was not waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
