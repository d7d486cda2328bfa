"""Logged models: made, finished, tagged, found, deleted."""

import time

from answers import Answers
from mlflow.entities import Metric
from mlflow.entities.logged_model_status import LoggedModelStatus


def life(c: Answers) -> None:
    e = c.create_experiment("models life")
    run = c.create_run(e, start_time=1, run_name="r").info.run_id
    m = c.create_logged_model(e, name="net", source_run_id=run, params={"lr": "0.1"}, tags={"a": "1"}, model_type="cnn")
    i = m.model_id
    c.get_logged_model(i)
    c.finalize_logged_model(i, LoggedModelStatus.READY)
    c.set_logged_model_tags(i, {"b": "2", "a": "3"})
    c.log_model_params(i, {"wd": "0.5"})
    c.get_logged_model(i)
    c.delete_logged_model_tag(i, "b")
    c.delete_logged_model_tag(i, "b")
    c.log_metric(run, "acc", 0.9, timestamp=5, step=1, model_id=i)
    c.log_batch(run, metrics=[Metric("acc", 0.95, 6, 2, model_id=i, dataset_name="digits", dataset_digest="1a")])
    c.get_logged_model(i)
    c.get_metric_history(run, "acc")
    c.delete_logged_model(i)
    c.get_logged_model(i)
    c.get_logged_model("m-" + "0" * 32)
    c.create_logged_model(e, name="a/b")
    c.create_logged_model(e)
    c.create_logged_model("7654321", name="x")


def search(c: Answers) -> None:
    e = c.create_experiment("models search")
    run = c.client.create_run(e, start_time=1).info.run_id
    for n, name in enumerate("abcd"):
        model = c.client.create_logged_model(e, name=name, params={"lr": str(n % 2)}, tags={"n": name}, model_type="t")
        if name != "d":
            c.client.log_metric(run, "acc", n / 10, timestamp=n, step=0, model_id=model.model_id)
        # They are sorted by when they were made.
        time.sleep(0.005)

    def found(**kwargs: object) -> None:
        c.keep(
            "search_logged_models",
            lambda: c.client.search_logged_models([e], **kwargs),
            lambda page: [[m.name for m in page], bool(page.token)],
        )

    found()
    found(filter_string="name = 'a'")
    found(filter_string="attributes.name LIKE '%' AND params.lr = '1'")
    found(filter_string="tags.n != 'a' AND metrics.acc >= 0.1")
    found(filter_string="name IN ('a', 'd')")
    found(filter_string="model_type = 't' AND creation_timestamp > 5")
    found(order_by=[{"field_name": "metrics.acc", "ascending": False}])
    found(order_by=[{"field_name": "name", "ascending": True}])
    found(max_results=3)
    page = c.client.search_logged_models([e], max_results=3)
    found(max_results=3, page_token=page.token)
    c.search_logged_models([e], filter_string="secrets.a = 'b'")
    c.search_logged_models([e], filter_string="name > 'a'")
    c.search_logged_models([e], order_by=[{"field_name": "params.lr"}])
