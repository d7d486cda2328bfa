"""A real Mallo and a real MLflow server, each with its own data, for as long as the tests run."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
NODE = "node"
CLI = ROOT / "apps" / "cli" / "dist" / "main.js"
START_SECONDS = 240


@dataclass(frozen=True)
class Server:
    """Where a server is, and the token that its clients send."""

    name: str
    url: str
    token: str | None
    env: dict[str, str]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(url: str, process: subprocess.Popen, log: pathlib.Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(f"{url} does not answer:\n{log.read_text()[-4000:]}")


@contextlib.contextmanager
def running(command: list[str], env: dict[str, str], log: pathlib.Path) -> Iterator[subprocess.Popen]:
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=env, stdout=output, stderr=subprocess.STDOUT, cwd=log.parent, start_new_session=True
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def mallo() -> Iterator[Server]:
    """What `npm start` starts once everything is built, and a token as `npm run token` prints it."""
    with tempfile.TemporaryDirectory(prefix="mallo-mlflow-") as folder:
        port = free_port()
        home = pathlib.Path(folder, "home")
        env = {**os.environ, "NODE_ENV": "production", "MALLO_HOME": str(home), "PORT": str(port)}
        log = pathlib.Path(folder, "mallo.log")
        url = f"http://127.0.0.1:{port}"
        with running([NODE, str(CLI), "serve"], env, log) as process:
            wait_for(f"{url}/api/v1/health", process, log)
            wait_for(f"{url}/live/v1/health", process, log)
            made = subprocess.run([NODE, str(CLI), "token"], env=env, capture_output=True, text=True, check=True)
            yield Server("Mallo", url, made.stdout.strip(), env)


@contextlib.contextmanager
def mlflow_server(store: str | None = None) -> Iterator[Server]:
    """MLflow as its documentation starts it, on SQLite and a folder, or on a store that is there."""
    with tempfile.TemporaryDirectory(prefix="real-mlflow-") as folder:
        port = free_port()
        log = pathlib.Path(folder, "mlflow.log")
        command = [
            *(sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
            *("--backend-store-uri", store or f"sqlite:///{folder}/mlflow.db"),
            *("--artifacts-destination", f"{folder}/artifacts"),
        ]
        env = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        url = f"http://127.0.0.1:{port}"
        with running(command, env, log) as process:
            wait_for(f"{url}/health", process, log)
            yield Server("MLflow", url, None, env)
