"""Mallo keeps no traces: what is traced runs on, and what asks for traces is refused at once, in MLflow's own form."""

from collections.abc import Callable
from typing import Any

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

ID = "tr-" + "0" * 32

CALLS: dict[str, Callable[[MlflowClient], Any]] = {
    "search": lambda _: mlflow.search_traces(locations=["0"]),
    "search by client": lambda client: client.search_traces(locations=["0"]),
    "get": lambda client: client.get_trace(ID),
    "set a tag": lambda client: client.set_trace_tag(ID, "a", "b"),
    "delete a tag": lambda client: client.delete_trace_tag(ID, "a"),
    "delete": lambda client: client.delete_traces("0", trace_ids=[ID]),
    "link": lambda client: client.link_traces_to_run([ID], client.create_run("0").info.run_id),
    "feedback": lambda _: mlflow.log_feedback(trace_id=ID, name="good", value=True),
    "expectation": lambda _: mlflow.log_expectation(trace_id=ID, name="answer", value="4"),
}


@pytest.mark.parametrize("name", CALLS)
def test_what_asks_for_traces_is_refused(name: str, client: MlflowClient) -> None:
    with pytest.raises(MlflowException) as refusal:
        CALLS[name](client)
    assert refusal.value.error_code == "ENDPOINT_NOT_FOUND", refusal.value.message


def test_what_is_traced_runs_on(client: MlflowClient) -> None:
    @mlflow.trace
    def add(one: int, other: int) -> int:
        return one + other

    with mlflow.start_run() as run:
        assert add(1, 2) == 3
        with mlflow.start_span("by hand") as span:
            span.set_inputs({"a": 1})
        mlflow.log_metric("after", 1)
    mlflow.flush_trace_async_logging()
    assert client.get_run(run.info.run_id).data.metrics == {"after": 1}
