"""Fills an MLflow with what people have in one, and tells all of it as the client reads it, to be compared."""

import hashlib
import math
import tempfile
import time
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException
from sklearn.linear_model import LogisticRegression

FEATURES = np.arange(20.0).reshape(10, 2)
LABELS = np.arange(10) > 4
POINTS = 2_500
PROMPTS = "tags.`mlflow.prompt.is_prompt` = 'true'"
# The experiments in which a prompt is shown, by their ids.
PROMPT_EXPERIMENTS = "_mlflow_experiment_ids"


def fill(uri: str) -> None:
    """Experiments, runs, models and files of every kind, by the unmodified client."""
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    client = MlflowClient(uri, registry_uri=uri)
    experiment = client.create_experiment("pets", tags={"team": "vision", "mlflow.note.content": "of\npets"})
    mlflow.set_experiment("pets")
    dataset = mlflow.data.from_numpy(FEATURES, targets=LABELS, name="digits")
    with mlflow.start_run(run_name="부모") as run:
        mlflow.log_params({"lr": 0.1, "a/b": "c", "말": "값\n두 줄", "empty": ""})
        mlflow.set_tags({"k": "v\r\n", "team": "시각"})
        mlflow.log_input(dataset, context="training", tags={"x": "y"})
        for step, value in enumerate([1.5, math.nan, math.inf, -math.inf, 0.1]):
            mlflow.log_metric("loss", value, step=step, timestamp=1_000 + step)
        mlflow.log_metric("sys/gpu", 3, step=-2)
        model = LogisticRegression().fit(FEATURES, LABELS)
        info = mlflow.sklearn.log_model(model, name="model", registered_model_name="pets", params={"depth": 3})
        mlflow.log_metric("acc", 0.5, step=3, model_id=info.model_id)
        with tempfile.TemporaryDirectory() as folder:
            inner = Path(folder, "sub", "이름 a+b")
            inner.mkdir(parents=True)
            (inner / "한글.bin").write_bytes(bytes(range(256)) * 100)
            Path(folder, "empty.txt").write_text("")
            mlflow.log_artifacts(folder, "files")
        with mlflow.start_run(nested=True, run_name="child") as child:
            client.log_inputs(child.info.run_id, models=[mlflow.entities.LoggedModelInput(info.model_id)])
    many = client.create_run(experiment, run_name="many steps")
    for first in range(0, POINTS, 500):
        points = [Metric("curve", math.sin(step), 2_000 + step, step) for step in range(first, first + 500)]
        client.log_batch(many.info.run_id, metrics=points)
    client.log_batch(many.info.run_id, params=[Param(f"p{n}", "x" * 100) for n in range(100)])
    client.log_batch(many.info.run_id, tags=[RunTag(f"t{n}", "y" * 100) for n in range(100)])
    client.set_terminated(many.info.run_id, "FAILED", end_time=5_000)
    deleted = client.create_run(experiment, run_name="deleted", tags={"k": "v"}, start_time=3_000)
    client.log_metric(deleted.info.run_id, "z", 1)
    client.delete_run(deleted.info.run_id)
    client.set_terminated(client.create_run("0", run_name="killed").info.run_id, "KILLED")
    client.create_run(experiment, run_name="running")
    gone = client.create_experiment("gone")
    client.create_run(gone, run_name="of what is gone")
    client.delete_experiment(gone)

    client.update_registered_model("pets", "all pets")
    client.set_registered_model_tag("pets", "t", "1")
    mlflow.register_model(info.model_uri, "pets")
    client.create_model_version("pets", f"runs:/{run.info.run_id}/files", run.info.run_id, tags={"q": "w"})
    client.delete_model_version("pets", "2")
    client.update_model_version("pets", "3", "third")
    client.set_registered_model_alias("pets", "champion", "1")
    client.set_registered_model_alias("pets", "shadow", "3")
    client.transition_model_version_stage("pets", "3", "Archived")
    client.create_registered_model("no versions", description="yet")
    fill_prompts(client, gone)


def kept_model(client: MlflowClient, name: str) -> Any:
    """A registered model also where it is a prompt, which the client denies to be one."""
    return client._get_registry_client().get_registered_model(name)


def fill_prompts(client: MlflowClient, gone: str) -> None:
    """Prompts, which MLflow keeps as registered models that its searches do not tell."""
    client.register_prompt("greet", "Hello {{name}}", commit_message="first", tags={"team": "vision"})
    client.register_prompt(
        "greet",
        [{"role": "user", "content": "안녕, {{name}}\n"}],
        commit_message="chat",
        response_format={"type": "object"},
        model_config={"model_name": "gpt-5", "temperature": 0.5},
        tags={"language": "ko"},
    )
    client.register_prompt("greet", "Hi {{name}}")
    client.delete_prompt_version("greet", "1")
    client.set_prompt_alias("greet", "production", 3)
    client.set_prompt_version_tag("greet", 2, "reviewed", "yes")
    client.create_prompt("no versions of it", description="yet", tags={"k": "v"})
    # The client says only after a while in which experiment it registered one.
    deadline = time.monotonic() + 60
    while PROMPT_EXPERIMENTS not in kept_model(client, "greet").tags:
        assert time.monotonic() < deadline, "the client told of no experiment of the prompt"
        time.sleep(0.05)
    ids = kept_model(client, "greet").tags[PROMPT_EXPERIMENTS]
    client.set_prompt_tag("greet", PROMPT_EXPERIMENTS, f"{ids}{gone},")


def told(client: MlflowClient) -> dict[str, Any]:
    """All that there is, under names and ids that stay when it moves."""
    experiments = client.search_experiments(view_type=ViewType.ALL)
    names = {one.experiment_id: one.name for one in experiments}
    runs: dict[str, Any] = {}
    models: dict[str, Any] = {}
    for experiment in experiments:
        for found in client.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL):
            runs[found.info.run_id] = run_told(client, found.info.run_id, names)
        if experiment.lifecycle_stage == "active":
            for model in client.search_logged_models([experiment.experiment_id]):
                models[model.model_id] = logged_model_told(client, model, names)
    return {
        "experiments": {one.name: experiment_told(one) for one in experiments},
        "runs": runs,
        "logged models": models,
        "registered models": {
            one.name: registered_told(client, one.name, names)
            for one in [*client.search_registered_models(), *client.search_registered_models(PROMPTS)]
        },
    }


def experiment_told(experiment: Any) -> dict[str, Any]:
    # The default one is each server's own.
    times = {} if experiment.name == "Default" else {"times": (experiment.creation_time, experiment.last_update_time)}
    return {"stage": experiment.lifecycle_stage, "tags": experiment.tags, **times}


def run_told(client: MlflowClient, run_id: str, names: dict[str, str]) -> dict[str, Any]:
    run = client.get_run(run_id)
    info = run.info
    return {
        "experiment": names[info.experiment_id],
        "info": [info.run_name, info.status, info.start_time, info.end_time, info.lifecycle_stage, info.user_id],
        "params": run.data.params,
        "tags": run.data.tags,
        "latest": {key: repr(value) for key, value in run.data.metrics.items()},
        "points": {
            # MLflow's folders keep a point as often as it was logged, its databases once.
            key: sorted({(one.step, one.timestamp, repr(one.value)) for one in client.get_metric_history(run_id, key)})
            for key in run.data.metrics
        },
        "datasets": sorted(
            (
                one.dataset.name,
                one.dataset.digest,
                one.dataset.source_type,
                one.dataset.source,
                one.dataset.schema,
                one.dataset.profile,
                sorted((tag.key, tag.value) for tag in one.tags),
            )
            for one in run.inputs.dataset_inputs
        ),
        "inputs": sorted(one.model_id for one in run.inputs.model_inputs or []),
        "outputs": sorted((one.model_id, one.step) for one in (run.outputs.model_outputs if run.outputs else [])),
        "files": files_told(client, run_id, ""),
    }


def files_told(client: MlflowClient, run_id: str, folder: str) -> dict[str, str]:
    files: dict[str, str] = {}
    for file in client.list_artifacts(run_id, folder):
        if file.is_dir:
            files |= files_told(client, run_id, file.path)
            continue
        with tempfile.TemporaryDirectory() as place:
            content = Path(client.download_artifacts(run_id, file.path, place)).read_bytes()
        files[file.path] = hashlib.sha256(content).hexdigest()
    return files


def folder_told(folder: str) -> dict[str, str]:
    paths = [path for path in Path(folder).rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def logged_model_told(client: MlflowClient, model: Any, names: dict[str, str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as place:
        mlflow.set_tracking_uri(client.tracking_uri)
        files = folder_told(mlflow.artifacts.download_artifacts(f"models:/{model.model_id}", dst_path=place))
    return {
        "experiment": names[model.experiment_id],
        "is": [model.name, model.model_type or None, model.source_run_id, str(model.status)],
        "times": (model.creation_timestamp, model.last_updated_timestamp),
        "params": model.params,
        "tags": model.tags,
        "points": sorted((one.key, one.step, one.timestamp, one.value, one.run_id) for one in model.metrics or []),
        "files": files,
    }


def registered_told(client: MlflowClient, name: str, names: dict[str, str]) -> dict[str, Any]:
    model = kept_model(client, name)
    versions = client.search_model_versions(f"name = '{name}'")
    if "mlflow.prompt.is_prompt" in model.tags:
        versions = [*versions, *client.search_model_versions(f"name = '{name}' AND {PROMPTS}")]
    tags = dict(model.tags)
    if PROMPT_EXPERIMENTS in tags:
        tags[PROMPT_EXPERIMENTS] = [names[one] for one in tags[PROMPT_EXPERIMENTS].strip(",").split(",")]
    return {
        "description": model.description or "",
        "tags": tags,
        "created": model.creation_timestamp,
        "aliases": {alias: str(version) for alias, version in model.aliases.items()},
        "versions": {str(one.version): version_told(client, one) for one in versions},
    }


def version_told(client: MlflowClient, version: Any) -> dict[str, Any]:
    return {
        "source": version.source,
        "run": version.run_id,
        "description": version.description or "",
        "tags": version.tags,
        # The one that is @champion is in Production in Mallo.
        "stage": "None" if version.current_stage == "Production" else version.current_stage,
        "created": version.creation_timestamp,
        "files": None if "mlflow.prompt.is_prompt" in version.tags else version_files(client, version),
    }


def version_files(client: MlflowClient, version: Any) -> dict[str, str] | str:
    mlflow.set_tracking_uri(client.tracking_uri)
    mlflow.set_registry_uri(client.tracking_uri)
    try:
        with tempfile.TemporaryDirectory() as place:
            uri = f"models:/{version.name}/{version.version}"
            return folder_told(mlflow.artifacts.download_artifacts(uri, dst_path=place))
    except MlflowException as error:
        return type(error).__name__
