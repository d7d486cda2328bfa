"""Search of runs: filters, orders, pages, views."""

from answers import Answers
from mlflow.entities import Metric, Param, ViewType

_NAMES = "abcdef"


def _fill(c: Answers, name: str) -> str:
    """Runs `a` to `f` of one experiment."""
    e = c.client.create_experiment(f"search {name}")
    for n, letter in enumerate(_NAMES):
        user = {"mlflow.user": "kim" if n % 2 else "lee"}
        run = c.client.create_run(e, start_time=1000 + n, run_name=letter, tags=user)
        i = run.info.run_id
        value = [0.1, 0.5, float("nan"), 0.9, 0.5, 2.0][n]
        metrics = [Metric("acc", value, 10, 1)] if letter != "f" else []
        params = [Param("lr", ["0.1", "0.01", "0.1"][n % 3])] if letter != "e" else []
        c.client.log_batch(i, metrics=[*metrics, Metric("val/loss x", n, 5, 0)], params=params)
        c.client.set_tag(i, "team", f"team {n % 2}")
        if n > 2:
            c.client.set_terminated(i, ["FINISHED", "FAILED", "KILLED"][n % 3], end_time=2000 + n)
    return e


def _names(c: Answers, e: str, **kwargs: object) -> None:
    c.keep("search_runs", lambda: c.client.search_runs([e], **kwargs), lambda page: [r.info.run_name for r in page])


def filters(c: Answers) -> None:
    e = _fill(c, "filters")
    for text in (
        "",
        "metrics.acc > 0.4",
        "metrics.acc >= 0.5 and metrics.acc < 0.9",
        "metrics.acc = 0.5",
        "metrics.acc != 0.5",
        "metric.`val/loss x` <= 2",
        'metrics."val/loss x" = 3',
        "params.lr = '0.1'",
        'params.lr = "0.1"',
        "params.lr != '0.1'",
        "params.lr LIKE '0.0%'",
        "params.lr ILIKE '0._'",
        "parameters.lr IS NULL",
        "param.lr IS NOT NULL AND metrics.acc > 0",
        "tags.team = 'team 1'",
        "tag.`mlflow.user` = 'kim'",
        "attributes.status = 'FINISHED'",
        "status != 'RUNNING'",
        "attribute.run_name = 'c'",
        "run_name LIKE '%'",
        "attributes.`Run name` ILIKE 'A'",
        "attributes.start_time > 1002",
        "start_time <= 1001",
        "end_time > 0",
        "attributes.user_id = 'kim'",
        "attributes.artifact_uri LIKE '%artifacts'",
    ):
        _names(c, e, filter_string=text)
    ids = [r.info.run_id for r in c.client.search_runs([e])][:2]
    listed = ", ".join(f"'{i}'" for i in ids)
    _names(c, e, filter_string=f"attributes.run_id IN ({listed})")
    _names(c, e, filter_string=f"run_id NOT IN ({listed})")
    _names(c, e, filter_string=f"run_id = '{ids[0]}'")


def orders(c: Answers) -> None:
    e = _fill(c, "orders")
    for order in (
        ["metrics.acc DESC"],
        ["metrics.acc ASC"],
        ["metrics.`val/loss x`"],
        ["params.lr ASC", "start_time ASC"],
        ["params.lr DESC"],
        ["tags.team DESC", "metrics.acc"],
        ["attributes.status", "run_name"],
        ["start_time ASC"],
        ["attributes.end_time DESC"],
        ["run_name DESC"],
        ["attribute.run_id"],
    ):
        if order == ["attribute.run_id"]:
            c.keep("search_runs", lambda o=order: c.client.search_runs([e], order_by=o), len)
        else:
            _names(c, e, order_by=order)


def pages(c: Answers) -> None:
    e = _fill(c, "pages")
    token = None
    for _ in range(3):
        page = c.client.search_runs([e], order_by=["metrics.acc DESC"], max_results=2, page_token=token)
        token = page.token
        c.keep("page", lambda page=page: [[r.info.run_name for r in page], bool(page.token)])


def views(c: Answers) -> None:
    e = _fill(c, "views")
    gone = c.client.search_runs([e])[0].info.run_id
    c.delete_run(gone)
    _names(c, e)
    _names(c, e, run_view_type=ViewType.DELETED_ONLY)
    _names(c, e, run_view_type=ViewType.ALL)
    c.keep("nowhere", lambda: c.client.search_runs([]), len)
    c.keep("unknown", lambda: c.client.search_runs(["87654321"]), len)


def whole(c: Answers) -> None:
    """All of what a search answers of a run."""
    e = c.create_experiment("search whole")
    i = c.create_run(e, start_time=5, run_name="whole", tags={"a": "b"}).info.run_id
    c.log_batch(i, metrics=[Metric("m", 1.25, 3, 4)], params=[Param("p", "q")])
    c.search_runs([e])


def refused(c: Answers) -> None:
    e = c.create_experiment("search refused")
    for text in (
        "metrics.a > 'x'",
        "metrics.a > b",
        "metrics.a LIKE 1",
        "params.a > '1'",
        "params.a = 1",
        "params.a = b",
        "secrets.a = 'b'",
        "attributes.nope = 'b'",
        "attributes.start_time = 'b'",
        "status > 'a'",
        "status IN ('FINISHED')",
        "metrics.a IS NULL",
        "metrics.a > 1 OR metrics.b > 1",
        "run_id IN ()",
    ):
        c.search_runs([e], text)
    for order in ("metrics.a sideways", "secrets.a", "attributes.nope DESC", "datasets.name"):
        c.search_runs([e], order_by=[order])
    c.search_runs([e], max_results=0)
