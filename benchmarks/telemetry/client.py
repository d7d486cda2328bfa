"""Logs batches of 10 names × 100 steps through the unmodified MLflow client; answers points a second.

    MLFLOW_TRACKING_URI=… MLFLOW_TRACKING_TOKEN=… python client.py RUN_ID BATCHES
"""

import json
import random
import sys
import time

from mlflow.entities import Metric
from mlflow.tracking import MlflowClient

run_id, batches = sys.argv[1], int(sys.argv[2])
client = MlflowClient()
made = [
    [Metric(f"metric_{i % 10}", random.random(), 1_700_000_000_000 + b * 100 + i, b * 100 + i // 10) for i in range(1000)]
    for b in range(batches)
]
client.log_batch(run_id, metrics=made[0])
begun = time.perf_counter()
for metrics in made[1:]:
    client.log_batch(run_id, metrics=metrics)
print(json.dumps({"perSecond": (batches - 1) * 1000 / (time.perf_counter() - begun)}))
