"""Models that the client logs come back by every name that they have in the registry; a large file comes in parts."""

import hashlib
import os
from pathlib import Path

import mlflow
import numpy as np
import pytest
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression

LARGE_MB = 200


def test_a_model_is_loaded_by_every_name(client: MlflowClient) -> None:
    inputs = np.arange(20.0).reshape(10, 2)
    model = LogisticRegression().fit(inputs, np.arange(10) > 4)
    with mlflow.start_run() as run:
        mlflow.log_metric("val_accuracy", 0.9)
        info = mlflow.sklearn.log_model(model, name="model", registered_model_name="by-name")
    by_run = mlflow.register_model(f"runs:/{run.info.run_id}/model", "by-name")
    assert (by_run.version, by_run.run_id) == ("2", run.info.run_id)
    client.set_registered_model_alias("by-name", "champion", "2")
    names = ["by-name/1", "by-name/2", "by-name@champion", "by-name/latest", "by-name/Production", info.model_id]
    for name in names:
        loaded = mlflow.sklearn.load_model(f"models:/{name}")
        assert (loaded.predict(inputs) == model.predict(inputs)).all(), name
    assert (mlflow.pyfunc.load_model("models:/by-name@champion").predict(inputs) == model.predict(inputs)).all()


def test_a_registered_version_stays_when_its_source_is_deleted(client: MlflowClient, tmp_path: Path) -> None:
    (tmp_path / "MLmodel").write_text("flavors: {}\n")
    run = client.create_run("0").info
    client.log_artifacts(run.run_id, str(tmp_path), "model")
    client.create_registered_model("stays")
    client.create_model_version("stays", f"{run.artifact_uri}/model", run.run_id)
    (tmp_path / "MLmodel").write_text("flavors: {other: {}}\n")
    client.log_artifacts(run.run_id, str(tmp_path), "model")
    folder = Path(mlflow.artifacts.download_artifacts("models:/stays/1", dst_path=str(tmp_path / "back")))
    assert (folder / "MLmodel").read_text() == "flavors: {}\n"


def test_a_large_file_comes_in_parts(client: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE", "100000000")
    large, digest = tmp_path / "large.bin", hashlib.sha256()
    block = os.urandom(1_000_000)
    with large.open("wb") as file:
        for number in range(LARGE_MB):
            digest.update(piece := number.to_bytes(8, "big") + block[8:])
            file.write(piece)
    run = client.create_run("0").info.run_id
    client.log_artifact(run, str(large), "large")
    [listed] = client.list_artifacts(run, "large")
    assert (listed.path, listed.file_size) == ("large/large.bin", LARGE_MB * 1_000_000)
    (tmp_path / "back").mkdir()
    back = client.download_artifacts(run, "large/large.bin", str(tmp_path / "back"))
    assert hashlib.sha256(Path(back).read_bytes()).hexdigest() == digest.hexdigest()
