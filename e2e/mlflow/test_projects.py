"""A token stands for one project: what is in another is as if it were not there, for every call."""

import subprocess
from collections.abc import Callable
from typing import Any

import mlflow
import pytest
import requests
import servers
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, LoggedModelOutput, Metric
from mlflow.exceptions import MlflowException


def token_of(mallo: servers.Server, project: str) -> str:
    """A project and a token for it, as a person makes them."""
    headers = {"Authorization": f"Bearer {mallo.token}"}
    made = requests.post(f"{mallo.url}/api/v1/projects", json={"name": project}, headers=headers, timeout=60)
    assert made.status_code == 200, made.text
    command = [servers.NODE, str(servers.CLI), "token", project]
    return subprocess.run(command, env=mallo.env, capture_output=True, text=True, check=True).stdout.strip()


def test_nothing_of_another_project(mallo: servers.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    mlflow.set_tracking_uri(mallo.url)
    client = MlflowClient(mallo.url, registry_uri=mallo.url)
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", mallo.token or "")
    experiment = client.create_experiment("of the first project")
    run = client.create_run(experiment).info.run_id
    client.log_metric(run, "loss", 1.5, timestamp=1, step=1)
    model = client.create_logged_model(experiment, name="net").model_id

    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", token_of(mallo, "The second project"))
    dataset = DatasetInput(Dataset("d", "1", "local", "{}"), [])
    refused: list[Callable[[], Any]] = [
        lambda: client.get_experiment(experiment),
        lambda: client.rename_experiment(experiment, "mine now"),
        lambda: client.delete_experiment(experiment),
        lambda: client.set_experiment_tag(experiment, "a", "b"),
        lambda: client.create_run(experiment),
        lambda: client.get_run(run),
        lambda: client.update_run(run, status="FAILED"),
        lambda: client.delete_run(run),
        lambda: client.log_metric(run, "loss", 2.5),
        lambda: client.log_batch(run, metrics=[Metric("loss", 2.5, 2, 2)]),
        lambda: client.log_param(run, "a", "b"),
        lambda: client.set_tag(run, "a", "b"),
        lambda: client.log_inputs(run, [dataset]),
        lambda: client.log_outputs(run, [LoggedModelOutput(model, 0)]),
        lambda: client.get_logged_model(model),
        lambda: client.delete_logged_model(model),
    ]
    for call in refused:
        with pytest.raises(MlflowException) as refusal:
            call()
        assert refusal.value.error_code == "RESOURCE_DOES_NOT_EXIST", refusal.value.message
    assert client.get_experiment_by_name("of the first project") is None
    assert client.search_runs([experiment]) == []
    assert client.search_logged_models([experiment]) == []
    assert client.get_metric_history(run, "loss") == []
    assert [found.name for found in client.search_experiments()] == ["Default"]

    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", mallo.token or "")
    untouched = client.get_run(run)
    assert untouched.info.status == "RUNNING"
    assert untouched.data.params == {}
    assert untouched.data.metrics == {"loss": 1.5}
    assert client.get_experiment(experiment).name == "of the first project"


def test_a_password_is_a_token_too(mallo: servers.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_TOKEN", raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "anybody")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", mallo.token or "")
    assert MlflowClient(mallo.url).get_experiment("0").name == "Default"
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "wrong")
    with pytest.raises(MlflowException, match=r"UNAUTHENTICATED|401"):
        MlflowClient(mallo.url).get_experiment("0")
