"""Starts both servers once, and sends the client's calls with the token of the one that is asked."""

import hashlib
import importlib
import json
import os
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import mlflow
import pytest
import servers
from answers import Answers

# A refusal with status 500 is an answer here too, not something to wait minutes for.
os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "0"
# The client loads each logged model once more in another process, to list its packages: half a minute with PyTorch.
# After a second it takes those that it lists for every model of the kind.
os.environ["MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT"] = "1"

HERE = pathlib.Path(__file__).parent
# What the real server answered to the same calls: it is asked again when a case, a helper or a package changes.
KEPT = HERE / ".answers"

Case = Callable[[Answers], None]


def cases() -> list[tuple[str, Case]]:
    """Every public function of the modules in `cases`."""
    found = []
    for path in sorted((HERE / "cases").glob("*.py")):
        module = importlib.import_module(f"cases.{path.stem}")
        found += [
            (f"{path.stem}.{name}", case)
            for name, case in vars(module).items()
            if callable(case) and not name.startswith("_") and getattr(case, "__module__", "") == module.__name__
        ]
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        all_cases = cases()
        metafunc.parametrize("case", [case for _, case in all_cases], ids=[name for name, _ in all_cases])


@pytest.fixture(scope="session")
def mallo() -> Iterator[servers.Server]:
    with servers.mallo() as server:
        yield server


@pytest.fixture
def client(mallo: servers.Server, monkeypatch: pytest.MonkeyPatch) -> mlflow.MlflowClient:
    """MLflow's client, and its functions, set to Mallo."""
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", mallo.token or "")
    mlflow.set_tracking_uri(mallo.url)
    mlflow.set_registry_uri(mallo.url)
    # A test before it may have left one of another server.
    mlflow.set_experiment(experiment_id="0")
    return mlflow.MlflowClient(mallo.url, registry_uri=mallo.url)


class RealAnswers:
    """Answers of the real MLflow, from an earlier run where they are still good; else it is started and asked."""

    def __init__(self) -> None:
        self._context: Any = None
        self._server: servers.Server | None = None

    def of(self, name: str, case: Case) -> list[Any]:
        sources = [HERE / "answers.py", HERE / "uv.lock", HERE / "cases" / f"{name.split('.', maxsplit=1)[0]}.py"]
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
        path = KEPT / mlflow.__version__ / f"{name}-{digest}.json"
        if path.exists():
            return json.loads(path.read_text())
        if self._server is None:
            self._context = servers.mlflow_server()
            self._server = self._context.__enter__()
        kept = run_case(self._server, case)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(kept, ensure_ascii=False, indent=1))
        return kept

    def close(self) -> None:
        if self._context is not None:
            self._context.__exit__(None, None, None)


@pytest.fixture(scope="session")
def real() -> Iterator[RealAnswers]:
    answers = RealAnswers()
    yield answers
    answers.close()


def run_case(server: servers.Server, case: Case) -> list[Any]:
    os.environ.pop("MLFLOW_TRACKING_TOKEN", None)
    if server.token:
        os.environ["MLFLOW_TRACKING_TOKEN"] = server.token
    mlflow.set_tracking_uri(server.url)
    mlflow.set_registry_uri(server.url)
    answers = Answers(server)
    case(answers)
    # What both are compared in is JSON.
    return json.loads(json.dumps(answers.kept))
