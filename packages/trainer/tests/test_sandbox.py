"""What a process can still do once it is shut in: next to nothing."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mallo_trainer import sandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")

PROGRAM = """
import json, os, sys
from pathlib import Path
from mallo_trainer import sandbox
given, folder = Path(sys.argv[1]), Path(sys.argv[2])
sandbox.limit(memory_bytes=2_000_000_000, seconds=20, file_bytes=1_000_000)
sandbox.shut_in(read=[given], write=folder)

def attempt(what):
    try:
        return ["done", repr(what())]
    except BaseException as error:
        return ["refused", f"{type(error).__name__}: {error}"]

tries = {}
"""


@pytest.fixture
def inside(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Runs lines of Python in a process that is shut in; what each of its ``tries`` came to."""
    given, folder = tmp_path / "given", tmp_path / "folder"
    given.write_text("given")
    folder.mkdir()

    def run(lines: str, *arguments: str) -> dict[str, Any]:
        program = PROGRAM + lines + "\nprint(json.dumps({name: attempt(what) for name, what in tries.items()}))"
        command = [sys.executable, "-I", "-c", program, str(given), str(folder), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


def refused(answers: dict[str, Any]) -> bool:
    return all(kind == "refused" for kind, _ in answers.values())


def test_reads_what_it_was_given_and_writes_into_its_folder(inside: Callable[..., dict[str, Any]]) -> None:
    found = inside("""
tries["read"] = lambda: given.read_text()
tries["write"] = lambda: (folder / "new").write_text("x")
tries["folder"] = lambda: (folder / "sub").mkdir() or (folder / "sub" / "new").write_text("y")
tries["remove"] = lambda: (folder / "new").unlink()
tries["library"] = lambda: __import__("sqlite3").connect(":memory:").execute("select 7").fetchone()
import concurrent.futures
tries["threads"] = lambda: concurrent.futures.ThreadPoolExecutor(4).submit(len, "ab").result()
""")
    assert {kind for kind, _ in found.values()} == {"done"}, found


def test_neither_reads_nor_changes_anything_else(inside: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    before = secret.stat()
    found = inside(
        """
secret = Path(sys.argv[3])
tries["read"] = lambda: secret.read_text()
tries["list"] = lambda: os.listdir(secret.parent)
tries["home"] = lambda: os.listdir(os.path.expanduser("~root"))
tries["environment of another"] = lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes()
tries["overwrite"] = lambda: secret.write_text("mine")
tries["empty"] = lambda: os.truncate(secret, 0)
tries["beside"] = lambda: (secret.parent / "new").write_text("x")
tries["temporary"] = lambda: Path("/tmp/mallo-sandbox-test").write_text("x")
tries["remove"] = lambda: secret.unlink()
tries["move"] = lambda: os.rename(secret, folder / "secret")
tries["link"] = lambda: os.link(secret, folder / "secret")
tries["open it to all"] = lambda: os.chmod(secret, 0o777)
tries["give it away"] = lambda: os.chown(secret, 1000, 1000)
tries["date it"] = lambda: os.utime(secret, (0, 0))
tries["change what was given"] = lambda: given.write_text("mine")
tries["symbolic link"] = lambda: os.symlink(secret, folder / "pointer")
tries["device"] = lambda: os.mknod(folder / "disk", 0o60600, 0x800)
""",
        str(secret),
    )
    assert refused(found), found
    assert secret.read_text() == "secret"
    assert (secret.stat().st_mode, secret.stat().st_mtime, secret.stat().st_uid) == (
        before.st_mode,
        before.st_mtime,
        before.st_uid,
    )
    assert not Path("/tmp/mallo-sandbox-test").exists()


def test_reaches_no_network_and_no_socket_of_this_machine(
    inside: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind(str(tmp_path / "socket"))
        local.listen()
        found = inside(
            """
import socket
port, path = int(sys.argv[3]), sys.argv[4]
tries["tcp"] = lambda: socket.create_connection(("127.0.0.1", port), 2)
tries["udp"] = lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
tries["raw"] = lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW)
tries["unix"] = lambda: socket.socket(socket.AF_UNIX).connect(path)
tries["listen"] = lambda: socket.create_server(("127.0.0.1", 0))
tries["name"] = lambda: socket.getaddrinfo("localhost.", 80)[0] if socket.socket() else None
""",
            str(server.getsockname()[1]),
            str(tmp_path / "socket"),
        )
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()
    assert refused(found), found


def test_starts_and_stops_nothing(inside: Callable[..., dict[str, Any]]) -> None:
    victim = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        found = inside(
            """
import ctypes, subprocess, signal
libc = ctypes.CDLL(None, use_errno=True)
def syscall(number, *arguments):
    if libc.syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), "refused")
tries["program"] = lambda: subprocess.run(["true"])
tries["shell"] = lambda: 1 / (os.system("true") == 0)
tries["fork"] = lambda: os.fork()
tries["exec"] = lambda: os.execv("/bin/true", ["true"])
tries["kill"] = lambda: os.kill(int(sys.argv[3]), signal.SIGKILL)
tries["end the parent"] = lambda: os.kill(os.getppid(), signal.SIGTERM)
tries["trace"] = lambda: syscall(101 if os.uname().machine == "x86_64" else 117, 16, int(sys.argv[3]), 0, 0)
tries["shared memory"] = lambda: syscall(29 if os.uname().machine == "x86_64" else 194, 1, 4096, 0o1666)
tries["another user"] = lambda: os.setuid(12345)
tries["more memory"] = lambda: __import__("resource").setrlimit(9, (-1, -1))
tries["fill the memory"] = lambda: bytearray(3_000_000_000)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
tries["fill the disk"] = lambda: (folder / "f").write_bytes(bytes(2_000_000))
""",
            str(victim.pid),
        )
        assert refused(found), found
        assert victim.poll() is None
    finally:
        victim.kill()
        victim.wait()


def test_ends_when_its_processor_time_is_used_up(tmp_path: Path) -> None:
    program = "from mallo_trainer import sandbox\nsandbox.limit(memory_bytes=10**10, seconds=1, file_bytes=0)\n"
    done = subprocess.run([sys.executable, "-c", program + "while True: pass"], check=False, timeout=60)
    assert done.returncode in (-signal.SIGKILL, -signal.SIGXCPU)


def test_says_so_where_it_cannot_be_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(sandbox.Unavailable):
        sandbox.shut_in(read=[], write=tmp_path)
    assert os.access("/", os.R_OK)
