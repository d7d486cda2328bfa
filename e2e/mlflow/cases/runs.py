"""Runs: made, changed, ended, deleted, restored; params and tags."""

from answers import Answers
from mlflow.entities import Param, RunTag


def _experiment(c: Answers, name: str) -> str:
    return c.create_experiment(f"runs {name}")


def life(c: Answers) -> None:
    e = _experiment(c, "life")
    r = c.create_run(e, start_time=1000, tags={"mlflow.user": "kim", "a": "1"}, run_name="first")
    i = r.info.run_id
    c.get_run(i)
    c.update_run(i, name="renamed")
    c.get_run(i)
    c.update_run(i, status="FAILED")
    c.set_terminated(i, "FINISHED", end_time=2000)
    c.get_run(i)
    c.set_terminated(i, "KILLED", end_time=3000)
    c.update_run(i, status="RUNNING")
    c.update_run(i, status="SCHEDULED")
    c.get_run(i)
    c.delete_run(i)
    c.get_run(i)
    c.log_param(i, "p", "1")
    c.log_metric(i, "m", 1)
    c.set_tag(i, "t", "1")
    c.update_run(i, name="x")
    c.delete_run(i)
    c.restore_run(i)
    c.restore_run(i)
    c.get_run(i)


def names(c: Answers) -> None:
    e = _experiment(c, "names")
    c.create_run(e, start_time=1)
    c.create_run(e, start_time=1, tags={"mlflow.runName": "from a tag"})
    c.create_run(e, start_time=1, tags={"mlflow.runName": "one"}, run_name="other")
    r = c.create_run(e, start_time=1, run_name="한글 이름")
    c.set_tag(r.info.run_id, "mlflow.runName", "tagged")
    c.get_run(r.info.run_id)
    c.rest("POST", "/runs/create", {"experiment_id": "987654"})


def missing(c: Answers) -> None:
    nobody = "0" * 32
    c.get_run(nobody)
    c.log_param(nobody, "a", "1")
    c.log_metric(nobody, "a", 1)
    c.set_tag(nobody, "a", "1")
    c.delete_run(nobody)
    c.restore_run(nobody)
    c.get_metric_history(nobody, "a")
    c.rest("GET", "/runs/get")
    c.rest("POST", "/runs/update", {})
    c.rest("POST", "/runs/log-batch", {})
    c.rest("POST", "/runs/log-batch", {"run_id": 31})
    c.rest("POST", "/runs/search", {"max_results": 50_001})


def params(c: Answers) -> None:
    i = c.create_run(_experiment(c, "params"), start_time=1, run_name="r").info.run_id
    c.log_param(i, "lr", 0.1)
    c.log_param(i, "lr", 0.1)
    c.log_param(i, "lr", 0.2)
    c.log_param(i, "빈 값", "")
    c.log_param(i, "bad?", "1")
    c.log_param(i, "a//b", "1")
    c.log_param(i, "k" * 251, "1")
    c.log_param(i, "long", "v" * 7000)
    c.log_batch(i, params=[Param("x", "1"), Param("y", "it's")])
    c.log_batch(i, params=[Param("x", "1"), Param("z", "3")])
    c.log_batch(i, params=[Param("w", "1"), Param("x", "2"), Param("y", "its")])
    c.log_batch(i, params=[Param("d", "1"), Param("d", "1")])
    c.log_batch(i, params=[Param(f"p{n}", "1") for n in range(101)], synchronous=True)
    c.get_run(i)


def tags(c: Answers) -> None:
    i = c.create_run(_experiment(c, "tags"), start_time=1, run_name="r").info.run_id
    c.set_tag(i, "a", "1")
    c.set_tag(i, "a", "2")
    c.set_tag(i, "mlflow.note.content", "# 한글")
    c.set_tag(i, "bad?", "1")
    c.set_tag(i, "long", "v" * 9000)
    c.log_batch(i, tags=[RunTag("b", "1"), RunTag("b", "2"), RunTag("mlflow.runName", "by batch")])
    c.get_run(i)
    c.delete_tag(i, "a")
    c.delete_tag(i, "a")
    c.get_run(i)


def in_folders(c: Answers) -> None:
    """A nested run knows its parent by a tag."""
    e = _experiment(c, "nested")
    parent = c.create_run(e, start_time=1, run_name="parent").info.run_id
    c.create_run(e, start_time=2, run_name="child", tags={"mlflow.parentRunId": parent})
    c.search_runs([e], f"tags.`mlflow.parentRunId` = '{parent}'")
