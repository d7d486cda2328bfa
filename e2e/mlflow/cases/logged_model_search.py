"""
Searches of logged models: every attribute, comparator and order.

Left out is what a real server answers with 500: an attribute that it has no column for, a number in quotes.
"""

import time
from collections.abc import Callable
from typing import Any

from answers import Answers
from mlflow.entities import Metric
from mlflow.entities.logged_model_status import LoggedModelStatus

Find = Callable[..., Any]


def _models(c: Answers, name: str) -> tuple[str, list[str], str]:
    """Seven models that differ in all that can be asked for: their experiment, their ids, the run of three."""
    e = c.create_experiment(name)
    run = c.client.create_run(e, start_time=1, run_name="r").info.run_id
    forms: list[tuple[str, dict[str, Any]]] = [
        ("plain", {}),
        ("of a run", {"source_run_id": run, "model_type": "cnn"}),
        ("Tagged", {"tags": {"team": "vision", "a b": "1", "empty": ""}, "model_type": "CNN"}),
        ("tuned", {"params": {"lr": "0.1", "a.b": "x", "quote": "it's"}, "source_run_id": run}),
        ("ready", {"model_type": "transformer"}),
        ("failed", {"source_run_id": run}),
        ("ready", {"tags": {"team": "Vision"}, "params": {"lr": "0.10"}}),
    ]
    ids = []
    for given, more in forms:
        ids.append(c.client.create_logged_model(e, name=given, **more).model_id)
        # They are sorted by when they were made.
        time.sleep(0.005)
    for index in (4, 6):
        c.client.finalize_logged_model(ids[index], LoggedModelStatus.READY)
    c.client.finalize_logged_model(ids[5], LoggedModelStatus.FAILED)
    train = {"dataset_name": "train", "dataset_digest": "1a"}
    other = {"dataset_name": "train", "dataset_digest": "2b"}
    test = {"dataset_name": "test", "dataset_digest": "1a"}
    points = [
        Metric("acc", 0.5, 10, 0, model_id=ids[0], **train),
        Metric("acc", 0.9, 20, 1, model_id=ids[0], **test),
        Metric("acc", 0.7, 10, 0, model_id=ids[1], **train),
        Metric("acc", 0.6, 10, 5, model_id=ids[1], **train),
        Metric("acc", 0.8, 10, 0, model_id=ids[2], **other),
        Metric("acc", 0.1, 10, 0, model_id=ids[3]),
        Metric("acc", -2.0, 30, 0, model_id=ids[4], **test),
        Metric("a b", 1.0, 10, 0, model_id=ids[4]),
        Metric("loss/val", 3.0, 10, 0, model_id=ids[5], **train),
    ]
    c.client.log_batch(run, metrics=points)
    return e, ids, run


def _finding(c: Answers, e: str, ids: list[str]) -> Find:
    """Searches, and keeps which of the models were found, in order."""

    def found(text: str = "", name: str | None = None, **more: Any) -> Any:
        return c.keep(
            name or f"{text} {more}",
            lambda: c.client.search_logged_models([e], filter_string=text or None, **more),
            lambda page: [[ids.index(model.model_id) for model in page], bool(page.token)],
        )

    return found


def status(c: Answers) -> None:
    e, ids, _ = _models(c, "model search status")
    found = _finding(c, e, ids)
    for text in (
        "status = 'READY'",
        "status = 'ready'",
        "status = 'LOGGED_MODEL_READY'",
        "status != 'READY'",
        "status = '2'",
        "status = 2",
        "status != '2'",
        "status IN ('2', '3')",
        "status NOT IN ('2')",
        "status IN ('READY')",
        "status LIKE 'READY'",
        "status LIKE '2'",
        "status ILIKE '%'",
        "status > '1'",
        "attributes.status = '1'",
    ):
        found(text)


def texts(c: Answers) -> None:
    e, ids, run = _models(c, "model search texts")
    found = _finding(c, e, ids)
    for text in (
        "name = 'ready'",
        "name != 'ready'",
        "name LIKE 't%'",
        "name LIKE '%a%'",
        "name ILIKE 'T%'",
        "name ILIKE '_uned'",
        "name IN ('plain', 'tuned')",
        "name NOT IN ('plain', 'tuned', 'ready')",
        "name IN ('plain')",
        'name = "plain"',
        "name = plain",
        "name = ''",
        "name < 'p'",
        "name BETWEEN 'a' AND 'p'",
        "name IS NULL",
        "name IS NOT NULL",
        "name like 'ta%'",
        "name in ('plain')",
        "attributes.name = 'plain'",
        "attributes.`name` = 'plain'",
        "`name` = 'plain'",
        "name = 'of a run'",
        "model_type = 'cnn'",
        "model_type != 'cnn'",
        "model_type ILIKE 'cnn'",
        "model_type = ''",
        "model_type IN ('cnn', 'CNN')",
        "model_type NOT IN ('cnn')",
        "source_run_id = 'none'",
        "source_run_id != 'none'",
        "model_id = 'none'",
        "model_id LIKE 'm-%'",
        "experiment_id = 'x'",
        "lifecycle_stage = 'active'",
        "lifecycle_stage = 'deleted'",
        "lifecycle_stage != 'active'",
        "artifact_location LIKE '%models%'",
        "artifact_location = 'none'",
        "status_message = 'x'",
        "status_message != 'x'",
    ):
        found(text)
    for name, text in {
        "of the run": f"source_run_id = '{run}'",
        "not of the run": f"source_run_id != '{run}'",
        "one": f"model_id = '{ids[2]}'",
        "two": f"model_id IN ('{ids[2]}', '{ids[0]}')",
        "of the experiment": f"experiment_id = '{e}'",
        "not of the experiment": f"experiment_id != '{e}'",
        "in the experiment": f"experiment_id IN ('{e}')",
    }.items():
        found(text, name)


def numbers(c: Answers) -> None:
    e, ids, _ = _models(c, "model search numbers")
    found = _finding(c, e, ids)
    for name in ("creation_time", "creation_timestamp", "creation_timestamp_ms", "last_updated_timestamp"):
        for comparison in ("> 5", "< 5", ">= 5.5", "!= 5", "= 5", "LIKE '5'", "IN ('5')", "> 1e3", "> -1"):
            found(f"{name} {comparison}")
    found("last_updated_timestamp_ms > 5")
    found("attributes.creation_timestamp_ms > 5")
    found("attributes.last_updated_timestamp_ms < 5")


def logged(c: Answers) -> None:
    e, ids, _ = _models(c, "model search logged")
    found = _finding(c, e, ids)
    for text in (
        "params.lr = '0.1'",
        "params.lr != '0.1'",
        "params.lr LIKE '0.1%'",
        "params.lr IN ('0.1', '0.10')",
        "params.lr NOT IN ('0.1')",
        "params.lr > '0'",
        "params.lr = 0.1",
        "params.`a.b` = 'x'",
        "params.a.b = 'x'",
        "params.none = 'x'",
        "params.quote = 'it's'",
        "tags.team = 'vision'",
        "tags.team ILIKE 'VISION'",
        "tags.team != 'vision'",
        "tags.`a b` = '1'",
        "tags.empty = ''",
        "tags.team = 'vision' AND tags.`a b` = '1'",
        "tags.team = 'vision' and params.lr = '0.1'",
        "tags.team IS NULL",
        "metrics.acc > 0.5",
        "metrics.acc >= 0.5",
        "metrics.acc = 0.1",
        "metrics.acc != 0.1",
        "metrics.acc < 0",
        "metrics.acc > -1e3",
        "metrics.`a b` = 1",
        "metrics.loss/val > 1",
        "metrics.`loss/val` > 1",
        "metrics.none > 0",
        "metrics.acc LIKE '0.5'",
        "metrics.acc IN ('0.5')",
        "metrics.acc > 0.5 AND metrics.acc < 0.8",
        "metrics.acc > 0.5 AND model_type = 'cnn'",
        "metric.acc > 0",
        "param.lr = '0.1'",
        "tag.team = 'vision'",
        "attribute.name = 'plain'",
        "metrics.acc > 0.5 OR metrics.acc < 0",
        "metrics.acc",
        "name = 'plain' AND",
        "AND name = 'plain'",
        "name = 'plain' name = 'plain'",
        "name = 'plain'; name = 'ready'",
        "NOT name = 'plain'",
        "(name = 'plain')",
        "nonsense",
        " ",
    ):
        found(text)


def datasets(c: Answers) -> None:
    e, ids, _ = _models(c, "model search datasets")
    found = _finding(c, e, ids)
    train = {"dataset_name": "train", "dataset_digest": "1a"}
    test = {"dataset_name": "test", "dataset_digest": "1a"}
    found(datasets=[train])
    found(datasets=[train, test])
    found(datasets=[{"dataset_name": "none", "dataset_digest": "1a"}])
    for dataset in ({}, {"dataset_digest": "1a"}):
        c.rest("POST", "/logged-models/search", {"experiment_ids": [e], "datasets": [dataset]})
    found("metrics.acc > 0.5", datasets=[train])
    found("metrics.acc > 0.5", datasets=[test])
    found("metrics.acc > 0.5", datasets=[train, test])
    found("params.lr = '0.1'", datasets=[train])
    by_acc = {"field_name": "metrics.acc", "ascending": True}
    found(order_by=[{**by_acc, **train}])
    found(order_by=[{**by_acc, **test}])
    found(order_by=[{**by_acc, "dataset_name": "train"}])
    found(order_by=[{**by_acc, "dataset_digest": "1a"}])
    found(order_by=[{**by_acc, "ascending": False, **train}], datasets=[test])


def orders(c: Answers) -> None:
    e, ids, _ = _models(c, "model search orders")
    found = _finding(c, e, ids)
    for name in (
        "name",
        "model_type",
        "source_run_id",
        "status",
        "status_message",
        "lifecycle_stage",
        "experiment_id",
        "creation_time",
        "creation_timestamp",
        "creation_timestamp_ms",
        "last_updated_timestamp",
        "last_updated_timestamp_ms",
        "metrics.acc",
        "metrics.a b",
        "metrics.none",
        "metrics.loss/val",
    ):
        for ascending in (True, False):
            found(order_by=[{"field_name": name, "ascending": ascending}])
    found(order_by=[{"field_name": "name"}])
    found(order_by=[{"field_name": "status"}, {"field_name": "name", "ascending": False}])
    found(order_by=[{"field_name": "name"}, {"field_name": "name", "ascending": False}])
    for name in ("nonsense", "params.lr", "tags.team", "attributes.name", "metric.acc", "name DESC", "", "Name"):
        found(order_by=[{"field_name": name}])
    for order in ({}, {"field_name": ""}):
        c.rest("POST", "/logged-models/search", {"experiment_ids": [e], "order_by": [order]})


def pages(c: Answers) -> None:
    e, ids, _ = _models(c, "model search pages")
    found = _finding(c, e, ids)
    form: dict[str, Any] = {"order_by": [{"field_name": "name"}], "max_results": 3}
    page = c.client.search_logged_models([e], "name != 'plain'", **form)
    for text, more in [("name != 'plain'", form), ("name != 'tuned'", form), ("name != 'plain'", {"max_results": 3})]:
        found(text, text, **more, page_token=page.token)
    again = {"order_by": [{"field_name": "name", "ascending": True}], "max_results": 2}
    found("name != 'plain'", "name != 'plain'", **again, page_token=page.token)
    found(max_results=0)
    found(max_results=1)
    found(max_results=7)
    other = c.client.create_experiment("model search other pages")
    c.client.create_logged_model(other, name="other")
    for wanted in ([], [e, other], ["7654321"], [e, "7654321"]):
        c.keep(
            "experiments",
            lambda wanted=wanted: c.client.search_logged_models(wanted),
            lambda page: [model.name for model in page],
        )
    c.client.delete_logged_model(ids[0])
    found()
    found("lifecycle_stage = 'deleted'")
