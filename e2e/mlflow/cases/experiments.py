"""Experiments: made, found, renamed, deleted, restored, tagged."""

from answers import Answers
from mlflow.entities import ViewType


def default(c: Answers) -> None:
    c.get_experiment("0")
    c.get_experiment_by_name("Default")
    c.get_experiment_by_name("there is none")
    c.get_experiment("123456789")
    c.get_experiment("nonsense")


def life(c: Answers) -> None:
    a = c.create_experiment("life", tags={"team": "말로", "k.e/y": "v"})
    c.get_experiment(a)
    c.get_experiment_by_name("life")
    c.create_experiment("life")
    c.rename_experiment(a, "second life")
    c.get_experiment(a)
    c.get_experiment_by_name("life")
    c.delete_experiment(a)
    c.get_experiment(a)
    c.delete_experiment(a)
    c.rename_experiment(a, "third life")
    c.create_run(a)
    c.set_experiment_tag(a, "k", "v")
    c.restore_experiment(a)
    c.restore_experiment(a)
    c.get_experiment(a)


def runs_follow(c: Answers) -> None:
    a = c.create_experiment("runs follow")
    run = c.create_run(a, start_time=5, run_name="one")
    c.delete_experiment(a)
    c.keep("get_run", lambda: c.client.get_run(run.info.run_id), lambda r: r.info.lifecycle_stage)
    c.restore_experiment(a)
    c.keep("get_run", lambda: c.client.get_run(run.info.run_id), lambda r: r.info.lifecycle_stage)


def tags(c: Answers) -> None:
    a = c.create_experiment("tags")
    c.set_experiment_tag(a, "mlflow.note.content", "**한글** note")
    c.set_experiment_tag(a, "k", "1")
    c.set_experiment_tag(a, "k", "2")
    c.set_experiment_tag(a, "bad?", "1")
    c.set_experiment_tag(a, "k" * 251, "1")
    c.set_experiment_tag(a, "long", "v" * 20_001)
    c.get_experiment(a)
    c.delete_experiment_tag(a, "k")
    c.delete_experiment_tag(a, "k")
    c.get_experiment(a)


def names(c: Answers) -> None:
    c.create_experiment("")
    c.create_experiment("n" * 501)
    c.create_experiment("somewhere else", artifact_location="s3://bucket/path")
    c.get_experiment_by_name("somewhere else")
    c.rest("POST", "/experiments/create", {})
    c.rest("POST", "/experiments/create", {"name": 5})
    c.rest("GET", "/experiments/get")
    c.rest("GET", "/experiments/get-by-name", params={"experiment_name": "nobody’s"})


def search(c: Answers) -> None:
    for name in ("find a", "find b", "find C"):
        made = c.create_experiment(name, tags={"kind": name[-1], "find": "me"})
    c.delete_experiment(made)
    mine = "name LIKE 'find %'"

    def found(**kwargs: object) -> None:
        c.keep("search_experiments", lambda: c.client.search_experiments(**kwargs), lambda page: [e.name for e in page])

    found(filter_string=mine, order_by=["name"])
    found(filter_string=mine, order_by=["name DESC"])
    found(filter_string=mine, order_by=["name"], view_type=ViewType.ALL)
    found(filter_string=mine, view_type=ViewType.DELETED_ONLY)
    found(filter_string="name = 'find a'")
    found(filter_string="attribute.name ILIKE 'FIND %' AND tags.kind = 'b'")
    found(filter_string=f"{mine} AND tags.kind != 'b'", order_by=["name"])
    found(filter_string=f"{mine} AND tags.nope IS NULL", order_by=["experiment_id"])
    found(filter_string=f"{mine} AND tag.`find` IS NOT NULL AND creation_time > 5", order_by=["name"])
    page = c.client.search_experiments(filter_string=mine, order_by=["name"], max_results=1)
    c.keep("page", lambda: page)
    found(filter_string=mine, order_by=["name"], max_results=1, page_token=page.token)
    c.search_experiments(filter_string="nope = 'a'")
    c.search_experiments(filter_string="name > 'a'")
    c.search_experiments(filter_string="metrics.a > 1")
    c.search_experiments(filter_string="name = 'a' OR name = 'b'")
    c.search_experiments(order_by=["tags.a"])
    c.search_experiments(max_results=0)
    c.search_experiments(max_results=50_001)
