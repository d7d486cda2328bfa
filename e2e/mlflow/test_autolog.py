"""What people's scripts do: autolog of a library, against Mallo alone, and the model that it leaves used again."""

import mlflow
import numpy as np
import pytest
from mlflow import MlflowClient
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression


def test_scikit_learn(client: MlflowClient) -> None:
    mlflow.set_experiment("autolog scikit-learn")
    mlflow.sklearn.autolog(log_input_examples=False)
    features, labels = load_iris(return_X_y=True)
    with mlflow.start_run() as run:
        model = LogisticRegression(max_iter=200).fit(features, labels)
    mlflow.sklearn.autolog(disable=True)

    logged = client.get_run(run.info.run_id)
    assert logged.info.status == "FINISHED"
    assert logged.data.params["max_iter"] == "200"
    assert logged.data.metrics["training_accuracy_score"] == pytest.approx(model.score(features, labels))
    assert logged.inputs.dataset_inputs[0].dataset.source_type == "code"
    [output] = logged.outputs.model_outputs
    logged_model = client.get_logged_model(output.model_id)
    assert logged_model.status == "READY"
    assert "estimator.html" in {file.path for file in client.list_artifacts(run.info.run_id)}
    again = mlflow.sklearn.load_model(f"models:/{output.model_id}")
    assert np.array_equal(again.predict(features), model.predict(features))
