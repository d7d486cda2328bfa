"""Metrics: points, their history, and where curves stand."""

from answers import Answers
from mlflow.entities import Metric


def _run(c: Answers, name: str) -> str:
    return c.create_run(c.create_experiment(f"metrics {name}"), start_time=1, run_name="r").info.run_id


def single(c: Answers) -> None:
    i = _run(c, "single")
    for step in range(3):
        c.log_metric(i, "loss", 1 / (step + 1), timestamp=100 + step, step=step)
    c.get_metric_history(i, "loss")
    c.get_metric_history(i, "nothing")
    c.get_run(i)


def latest(c: Answers) -> None:
    """The latest is the highest step, then time, then value; not what came last."""
    i = _run(c, "latest")
    c.log_metric(i, "m", 5, timestamp=10, step=9)
    c.log_metric(i, "m", 6, timestamp=11, step=3)
    c.log_metric(i, "m", 7, timestamp=9, step=9)
    c.log_metric(i, "m", 4, timestamp=10, step=9)
    c.get_metric_history(i, "m")
    c.get_run(i)


def no_numbers(c: Answers) -> None:
    i = _run(c, "no numbers")
    c.log_metric(i, "nan", float("nan"), timestamp=1, step=1)
    c.log_metric(i, "rises", float("inf"), timestamp=1, step=1)
    c.log_metric(i, "falls", float("-inf"), timestamp=1, step=1)
    c.keep("history", lambda: c.client.get_metric_history(i, "nan"), lambda h: [str(m.value) for m in h])
    c.keep("data", lambda: c.client.get_run(i), lambda r: str(r.data.metrics["nan"]))
    # A real server keeps infinities as the largest numbers there are; Mallo keeps what was logged.
    c.keep("history", lambda: c.client.get_metric_history(i, "rises"), lambda h: [m.value > 1e308 for m in h])
    c.keep("history", lambda: c.client.get_metric_history(i, "falls"), lambda h: [m.value < -1e308 for m in h])


def repeated(c: Answers) -> None:
    i = _run(c, "repeated")
    point = Metric("m", 1.5, 7, 2)
    c.log_batch(i, metrics=[point, point])
    c.log_batch(i, metrics=[point, Metric("m", 2.5, 7, 2)])
    c.log_metric(i, "m", 1.5, timestamp=7, step=2)
    c.get_metric_history(i, "m")


def negative_steps(c: Answers) -> None:
    i = _run(c, "negative steps")
    c.log_batch(i, metrics=[Metric("m", float(n), 50 + n, n) for n in (-2, -1, 0, 1)])
    c.get_metric_history(i, "m")


def batches(c: Answers) -> None:
    i = _run(c, "batches")
    c.log_batch(i, metrics=[Metric(f"m{n % 10}", n / 7, 1000 + n, n) for n in range(1000)])
    for key in ("m0", "m9"):
        c.get_metric_history(i, key)
    c.get_run(i)
    c.rest("POST", "/runs/log-batch", {"run_id": i, "metrics": [{"key": "x", "value": 1, "timestamp": 1}] * 1001})


def refused(c: Answers) -> None:
    i = _run(c, "refused")

    def send(metric: dict[str, object]) -> None:
        c.rest("POST", "/runs/log-batch", {"run_id": i, "metrics": [{"key": "ok", "value": 1, "timestamp": 1}, metric]})

    send({"value": 1, "timestamp": 1})
    send({"key": "a", "timestamp": 1})
    send({"key": "a", "value": 1})
    send({"key": "a?", "value": 1, "timestamp": 1})
    send({"key": "../a", "value": 1, "timestamp": 1})
    send({"key": "a", "value": 1, "timestamp": -5})
    c.log_metric(i, "a" * 251, 1.0)
    c.log_metric(i, "a/", 1.0)
    c.get_run(i)


def pages(c: Answers) -> None:
    i = _run(c, "pages")
    c.log_batch(i, metrics=[Metric("m", float(n), 100 + n, n) for n in range(10)])
    first = c.rest("GET", "/metrics/get-history", params={"run_id": i, "metric_key": "m", "max_results": 4})
    token = first["next_page_token"]
    c.rest(
        "GET",
        "/metrics/get-history",
        params={"run_id": i, "metric_key": "m", "max_results": 9, "page_token": token},
    )
    c.rest("GET", "/metrics/get-history", params={"run_id": i, "metric_key": "m", "max_results": 0})
    c.rest("GET", "/metrics/get-history", params={"run_id": i})


def intervals(c: Answers) -> None:
    i = _run(c, "intervals")
    c.log_batch(i, metrics=[Metric("m", float(n), 100 + n, n) for n in range(20)])

    def ask(**params: object) -> None:
        c.rest("GET", "/metrics/get-history-bulk-interval", params={"run_ids": [i], "metric_key": "m", **params})

    ask()
    ask(start_step=5, end_step=9)
    ask(start_step=5)
    ask(start_step=9, end_step=5)
    ask(max_results=2501)
    ask(run_ids=["0" * 32])
