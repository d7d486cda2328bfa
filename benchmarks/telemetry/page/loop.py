"""A training without a framework: one `mlflow.log_metric` a step."""

import time

import mlflow

mlflow.set_experiment("page")
with mlflow.start_run():
    for step in range(1, 301):
        time.sleep(0.1)
        mlflow.log_metric("seen", step, step=step)
