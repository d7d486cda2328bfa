"""Filters and orders that are refused, and what is said of them."""

from typing import Any

from answers import Answers

FILTERS = (
    *("metrics.acc > 'a'", "metrics.acc >", "> 5", "params.x > 1", "params.x = 1", "tags.x = 5", "foo.bar = 'x'"),
    *("attributes.nope = 'x'", "nope = 'x'", "run_id = 5", "start_time = 'x'", "start_time LIKE '1'"),
    *("status > 'RUNNING'", "run_id IN 'a'", "run_id IN ('a',)"),
    *("a.b.c.d = 'x'", "metrics = 1", "metrics.x IS NULL", "attributes.run_id IS NULL", "params.x IN ('a')"),
    *("tags.x = 'a", 'tags.x = "a', "tags.x = 'a' AND AND tags.y = 'b'", "AND tags.x = 'a'"),
    *("tags.x = 'a' tags.y = 'b'", "tags.x = ('a')", "tags.x = 'a';", "1 = 1", "'tags.x' = 'a'"),
    *("tags.x = NULL", "tags.x = a", "tags.x IS NOT 'a'"),
    *("tags.x LIKE 5", "tags.x RLIKE 'a'", "datasets.digest IN ('a')", "datasets.nope = 'x'", "end_time > abc"),
    *("run_name LIKE", "lifecycle_stage = 'deleted'", "params.x IS", "metrics.x != ''"),
    *("tags.한글 = '값'", "start_time IN ('1')", "metrics.x IN ('1')", "run_name = 5", "status = 5"),
    *("tags.x = 'a' OR tags.y = 'b'", "NOT tags.x = 'a'", "tags.x = 'a' AND", "metrics.x > 1 AND metrics.y"),
    *("(tags.x = 'a')", "tags.x = 'a' AND (tags.y = 'b')", "metrics.x = True", "metrics.x > 0x10", "metrics.x ! 1"),
    *("metrics.x => 1", "tags.x NOT NULL", "tags.x IS NOT  NULL", "tags.`a b = '1'", "params.x IN ('a','b')"),
    'metrics.x > "1"',
)
ORDERS = (
    *("metrics", "foo.bar", "tags.x asc desc", "attributes.nope", "datasets.name", "metrics.`x", "1", "'x'"),
    *("start_time sideways", "metrics.x > 1", "params.x,", "nope DESC"),
)


# Of what is registered, MLflow answers some of these with status 500, or takes a semicolon for a second statement,
# or reads the clause that it adds into a name whose quotes are open.
NOT_OF_REGISTERED = {"metrics.x IS NULL", "attributes.run_id IS NULL", "tags.x = 'a';", "tags.`a b = '1'"}


def runs(c: Answers) -> None:
    e = c.create_experiment("broken filters")
    c.client.create_run(e, start_time=1)

    def found(name: str, **more: Any) -> None:
        c.keep(name, lambda: c.client.search_runs([e], **more), lambda page: [run.info.start_time for run in page])

    for text in FILTERS:
        found(text, filter_string=text)
    for order in ORDERS:
        found(order, order_by=[order])


def experiments(c: Answers) -> None:
    for text in FILTERS:
        c.keep(text, lambda text=text: c.client.search_experiments(filter_string=text), len)


def registered(c: Answers) -> None:
    for text in FILTERS:
        if text in NOT_OF_REGISTERED:
            continue
        c.keep(text, lambda text=text: c.client.search_registered_models(filter_string=text), len)
        c.keep(text, lambda text=text: c.client.search_model_versions(filter_string=text), len)
