"""
Odd calls: what scripts send by mistake, in other languages, too large, or several at once.

What a real server answers with 500, or takes though it means nothing (a step of 1.5, a status that is none), is left out.
"""

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from answers import Answers
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException


def _run(c: Answers, name: str) -> str:
    return c.create_run(c.create_experiment(f"odd {name}"), start_time=1, run_name="r").info.run_id


def experiment_names(c: Answers) -> None:
    for name in (
        "한글 실험 🚀",
        'it\'s "quoted" `so`',
        "a/b\\c",
        " spaces ",
        "Case",
        "case",
        "%",
        "tab\there",
        "line\nbreak",
    ):
        e = c.create_experiment(f"{name} of odd names")
        c.get_experiment(e)
        c.get_experiment_by_name(f"{name} of odd names")
    c.rest("GET", "/experiments/get-by-name", params={"experiment_name": ""})
    c.rest("POST", "/experiments/create", {"name": 5})
    c.rest("POST", "/experiments/create", {"name": None})
    c.rest("POST", "/experiments/create", {"name": ["a"]})
    c.rest("POST", "/experiments/create", {"name": "with odd tags", "tags": "many"})


def experiment_ids(c: Answers) -> None:
    for given in ("", "-1", "1.5", "zero", "0; drop"):
        c.rest("GET", "/experiments/get", params={"experiment_id": given})
    c.rest("GET", "/experiments/get")
    c.rest("POST", "/experiments/update", {"experiment_id": "0", "new_name": ""})
    c.rest("POST", "/experiments/update", {"experiment_id": "123456"})
    c.rest("POST", "/experiments/delete", {})
    c.rest("POST", "/experiments/delete", {"experiment_id": "zero"})


def bodies(c: Answers) -> None:
    i = _run(c, "bodies")
    c.rest("POST", "/runs/log-metric", {})
    c.rest("POST", "/runs/log-batch", {"run_id": i})
    c.rest("POST", "/runs/log-batch", {"run_id": i, "unknown": 1})
    c.rest("POST", "/runs/log-batch", {"run_id": i, "metrics": {}})
    c.rest("POST", "/runs/log-batch", {"run_id": 5})
    c.rest("POST", "/runs/set-tag", {"run_id": i, "key": "a"})
    c.rest("POST", "/runs/set-tag", {"run_id": i, "value": "a"})
    c.rest("POST", "/runs/set-tag", {"run_id": i, "key": "", "value": "a"})
    c.rest("POST", "/runs/set-tag", {"run_id": "", "key": "a", "value": "a"})
    c.rest("POST", "/runs/log-parameter", {"run_id": i, "key": "a", "value": 5})
    c.rest("POST", "/runs/log-parameter", {"run_id": i, "key": "empty", "value": ""})
    c.rest("POST", "/runs/log-parameter", {"run_id": i, "key": "none"})
    c.rest("GET", "/runs/get")
    c.rest("GET", "/runs/get", params={"run_id": ""})
    c.rest("GET", "/runs/get", params={"run_id": i, "unknown": "1"})


def metric_values(c: Answers) -> None:
    i = _run(c, "metric values")
    for n, value in enumerate((1e308, 5e-324, -0.0, 2**53 + 1, -(2**70), 1.7976931348623157e308, 0.1 + 0.2)):
        c.log_metric(i, f"v{n}", value, timestamp=n, step=n)
    for n, value in enumerate(("1.5", "-2e3", "abc", "")):
        c.rest("POST", "/runs/log-metric", {"run_id": i, "key": f"r{n}", "value": value, "timestamp": 1})
    for n, step in enumerate((-5, 2**40, 1.0, "7", "x", None)):
        c.rest("POST", "/runs/log-metric", {"run_id": i, "key": f"s{n}", "value": 1, "timestamp": 1, "step": step})
    for n, moment in enumerate((0, -1, "5", "x")):
        c.rest("POST", "/runs/log-metric", {"run_id": i, "key": f"t{n}", "value": 1, "timestamp": moment})
    c.get_run(i)


def metric_names(c: Answers) -> None:
    i = _run(c, "metric names")
    for name in (
        "정확도",
        "train/loss",
        "a.b",
        "a b",
        "a:b",
        "a-b_c",
        "a@b",
        "a%",
        "a=b",
        "/a",
        "a/../b",
        ".",
        "k" * 250,
    ):
        c.log_metric(i, name, 1.0, timestamp=1)
        c.get_metric_history(i, name)
    c.get_run(i)


def texts(c: Answers) -> None:
    i = _run(c, "texts")
    for n, value in enumerate(
        ("한글", "🚀", "", " ", "a\nb\tc", "'\"`", "\\", "%_", "null", "<b>", "{}", "x" * 6000, "x" * 6001)
    ):
        c.log_param(i, f"p{n}", value)
        c.set_tag(i, f"t{n}", value)
    for value in ("x" * 8000, "x" * 8001, 5, None, True, ["a"], {"a": 1}):
        c.set_tag(i, "kind", value)
    c.log_param(i, "number", 5)
    c.log_param(i, "number", "5")
    c.log_param(i, "number", 5.0)
    c.log_param(i, "none", None)
    c.log_param(i, "list", [1, 2])
    c.log_param(i, "키", "값")
    c.set_tag(i, "키 이름", "값")
    c.set_tag(i, "k" * 250, "v")
    c.set_tag(i, "k" * 251, "v")
    c.get_run(i)
    c.delete_tag(i, "키 이름")
    c.delete_tag(i, "없는 것")
    c.get_run(i)


def batches(c: Answers) -> None:
    i = _run(c, "batches")
    c.log_batch(i, params=[Param("a", "1"), Param("a", "2")])
    c.log_batch(i, params=[Param("a", "1")], tags=[RunTag("a", "1"), RunTag("a", "2")])
    c.log_batch(i, params=[Param("b", "1"), Param("a", "2")], metrics=[Metric("m", 1, 1, 1)])
    c.log_batch(i, tags=[RunTag("mlflow.runName", "이름")])
    c.log_batch(i, params=[Param(f"p{n}", "v") for n in range(100)])
    c.log_batch(i, params=[Param(f"q{n}", "v") for n in range(101)])
    c.log_batch(i)
    c.get_run(i)


def run_changes(c: Answers) -> None:
    e = c.create_experiment("odd run changes")
    for form in (
        {"start_time": "5"},
        {"start_time": "x"},
        {"start_time": -5},
        {"run_name": "이름 🚀"},
        {"run_name": "n" * 300},
        {"run_name": ""},
        {"run_name": 5},
        {"tags": [{"key": "mlflow.runName", "value": "of the tag"}]},
        {"run_name": "one", "tags": [{"key": "mlflow.runName", "value": "other"}]},
        {"tags": [{"key": "mlflow.parentRunId", "value": "0" * 32}]},
        {"user_id": "나"},
    ):
        c.rest("POST", "/runs/create", {"experiment_id": e, "start_time": 1, **form})
    i = c.create_run(e, start_time=1, run_name="r").info.run_id
    for form in (
        {"status": 3},
        {"status": "FAILED", "end_time": "9"},
        {"end_time": -1},
        {"end_time": "x"},
        {"run_name": ""},
        {"run_name": "다른 이름"},
        {"status": "RUNNING"},
        {},
    ):
        c.rest("POST", "/runs/update", {"run_id": i, **form})
    c.get_run(i)
    c.delete_run(i)
    c.delete_run(i)
    c.set_tag(i, "a", "b")
    c.log_metric(i, "m", 1.0)
    c.log_param(i, "p", "1")
    c.update_run(i, "FINISHED")
    c.set_terminated(i)
    c.restore_run(i)
    c.restore_run(i)
    c.restore_run("0" * 32)


def filters(c: Answers) -> None:
    e = c.create_experiment("odd filters")
    for n, text in enumerate(("it's", 'say "hi"', "한글 값", "a%b", "a_b", "", "back`tick", "null")):
        run = c.client.create_run(e, start_time=n + 1, run_name=text or "none", tags={"t": text, "a b": str(n)}).info
        c.client.log_param(run.run_id, "p.q/r", text)
        c.client.log_metric(run.run_id, "m n", n / 4, timestamp=1)

    def found(text: str, **more: Any) -> None:
        c.keep(
            text, lambda: c.client.search_runs([e], text, **more), lambda page: [run.info.start_time for run in page]
        )

    for text in (
        'tags.t = "it\'s"',
        "tags.t = 'say \"hi\"'",
        "tags.t = '한글 값'",
        "tags.t LIKE '한%'",
        "tags.t LIKE 'a%b'",
        "tags.t LIKE 'a_b'",
        "tags.t ILIKE 'NULL'",
        "tags.t = ''",
        "tags.t != ''",
        "tags.t IS NULL",
        "tags.t IS NOT NULL",
        "tags.none IS NULL",
        "tags.none != 'a'",
        "tags.\"a b\" = '3'",
        "tags.`a b` = '3'",
        "tags.'a b' = '3'",
        "tags.a b = '3'",
        "params.\"p.q/r\" = 'null'",
        'metrics."m n" > 1',
        "metrics.`m n` >= .5",
        "metrics.`m n` > 1e-1",
        "metrics.`m n` > -1",
        "metrics.`m n` = '1'",
        "metrics.`m n` = nan",
        "metrics.`m n` LIKE '1'",
        "attributes.start_time > 5",
        "attribute.start_time > '5'",
        "start_time > 5 and start_time < 8",
        "start_time > 5 AND",
        "start_time > 5 OR start_time < 2",
        "NOT start_time > 5",
        "start_time",
        "run_name = 'null'",
        "run_name ILIKE '%HI%'",
        "attributes.`run name` = 'null'",
        "`run name` = 'null'",
        "Run_Name = 'null'",
        "tags.mlflow.runName = 'null'",
        "status = 'RUNNING'",
        "status = 'running'",
        "status != 'FAILED'",
        "lifecycle_stage = 'active'",
        "artifact_uri LIKE '%'",
        "user_id = 'x'",
        "experiment_id = '0'",
        "run_id IN ('a', 'b')",
        "run_id IN ()",
        "run_id NOT IN ('a')",
        "tags.t IN ('null')",
        "dataset.name = 'x'",
        "datasets.name = 'x'",
        "tags.t == 'null'",
        "tags.t <> 'null'",
        "tags.t > 'null'",
        "tag.t = 'null'",
        "parameter.`p.q/r` = 'null'",
        "param.`p.q/r` = 'null'",
        "metric.`m n` > 1",
        "tags.t='null'AND start_time>5",
        "\n tags.t\t=\n'null'\n",
    ):
        found(text)
    for order in (
        ["start_time"],
        ["start_time desc"],
        ["start_time DESC", "run_id"],
        ["attributes.start_time ASC"],
        ["metrics.`m n` DESC"],
        ['metrics."m n"'],
        ["tags.`a b` DESC"],
        ["params.`p.q/r`", "start_time"],
        [""],
        ["start_time down"],
        ["start_time, run_id"],
        ["start_time; drop table runs"],
        ["metrics.none", "start_time desc"],
        ["Created DESC"],
        ["run_name"],
        ["end_time", "start_time"],
        ["tag.t"],
    ):
        c.keep(
            f"order {order}",
            lambda order=order: c.client.search_runs([e], order_by=order),
            lambda page: [run.info.start_time for run in page],
        )
    for limit in (0, -1, 50_000, 50_001, "3", "x"):
        c.rest("POST", "/runs/search", {"experiment_ids": ["987654"], "max_results": limit})
    for form in (
        {},
        {"experiment_ids": []},
        {"experiment_ids": ["zero"]},
        {"experiment_ids": ["987654"], "filter": 5},
        {"experiment_ids": ["987654"], "run_view_type": "ALL"},
        {"experiment_ids": ["987654"], "run_view_type": 3},
    ):
        c.rest("POST", "/runs/search", form)


def pages_while_runs_come(c: Answers) -> None:
    e = c.create_experiment("odd pages")
    for n in range(6):
        c.client.create_run(e, start_time=n + 1)
    token, seen = None, []
    for _ in range(4):
        page = c.client.search_runs([e], max_results=2, order_by=["start_time ASC"], page_token=token)
        seen.append([run.info.start_time for run in page])
        # One behind all that is read yet, where both servers find it.
        c.client.create_run(e, start_time=100 + len(seen))
        token = page.token
    c.keep("pages", lambda: seen)


def at_once(c: Answers) -> None:
    """What several workers of one script do at the same moment: nobody's is lost, and one of them is the first."""
    e = c.create_experiment("odd at once")
    i = c.create_run(e, start_time=1, run_name="r").info.run_id

    def together(call: Callable[[int], Any]) -> list[str]:
        def outcome(n: int) -> str:
            try:
                call(n)
            except MlflowException as error:
                return error.error_code
            return "done"

        with ThreadPoolExecutor(8) as pool:
            return sorted(pool.map(outcome, range(16)))

    c.keep("metrics", lambda: together(lambda n: c.client.log_metric(i, "m", n, timestamp=n, step=n)))
    c.keep("history", lambda: [point.value for point in c.client.get_metric_history(i, "m")])
    c.keep("tags", lambda: together(lambda n: c.client.set_tag(i, f"t{n}", "v")))
    c.keep("params", lambda: together(lambda n: c.client.log_param(i, f"p{n % 4}", "v")))
    c.keep("params of others", lambda: together(lambda n: c.client.log_param(i, f"q{n}", "v")))
    c.keep("experiments", lambda: together(lambda n: c.client.create_experiment(f"odd at once {n}")))
    c.get_run(i)


def registry(c: Answers) -> None:
    for name in ("모델 🚀", "with space", "it's", "a.b-c_d", "", "%", "latest", "1"):
        c.create_registered_model(name)
        c.get_registered_model(name)
    c.rest("POST", "/registered-models/create", {"name": 5})
    c.rest("POST", "/registered-models/create", {})
    c.create_registered_model("odd model", tags={"키": "값", "long": "v" * 5000}, description="설명\n" * 100)
    for _ in range(2):
        # Here what was just registered is the @candidate.
        c.client.create_model_version("odd model", "s3://bucket/model", tags={"a": "1"})
    c.client.delete_registered_model_alias("odd model", "candidate")
    for version in ("1", "01", "0", "-1", "3", "x", "", "1.0"):
        c.get_model_version("odd model", version)
        c.set_registered_model_alias("odd model", "odd", version)
    for alias in ("champ-ion_1", "with space", "a/b", "", "v1", "latest", "Latest"):
        c.set_registered_model_alias("odd model", alias, "1")
        c.get_model_version_by_alias("odd model", alias)
    c.delete_registered_model_alias("odd model", "none")
    c.set_registered_model_tag("odd model", "키", "다른 값")
    c.set_registered_model_tag("odd model", "", "a")
    c.set_registered_model_tag("odd model", "k" * 250, "v")
    c.set_registered_model_tag("odd model", "k" * 251, "v")
    c.set_registered_model_tag("odd model", "long", "v" * 5001)
    c.set_model_version_tag("odd model", "1", "키", "값")
    c.set_model_version_tag("odd model", "9", "키", "값")
    c.delete_model_version_tag("odd model", "1", "none")
    c.update_model_version("odd model", "1", "설명")
    c.update_registered_model("odd model", "")
    c.rename_registered_model("odd model", "a/b")
    c.rename_registered_model("odd model", "with space")
    c.get_registered_model("none of these")
    c.delete_model_version("odd model", "9")
    c.get_latest_versions("none of these")
    for text in (
        "name = 'odd model'",
        "name='odd model' and version_number = '1'",
        "name LIKE 'odd%'",
        "name ILIKE 'ODD%'",
        "name = 'it''s'",
        'name = "odd model"',
        "tags.a = '1'",
        "tags.a = 1",
        "run_id = ''",
        "run_id IN ('a', 'b')",
        "source_path = 's3://bucket/model'",
        "name = 'odd model' OR name = 'it'",
        "x = 'y'",
    ):
        c.keep(
            f"versions {text}",
            lambda text=text: c.client.search_model_versions(text),
            lambda page: [[one.name, one.version] for one in page],
        )
    for text in (
        "name = '모델 🚀'",
        "name LIKE '%s%'",
        "tags.`키` = '다른 값'",
        "tags.키 = '다른 값'",
        "name IN ('it')",
        "x",
    ):
        c.keep(
            f"models {text}",
            lambda text=text: c.client.search_registered_models(text),
            lambda page: [one.name for one in page],
        )


def artifacts(c: Answers) -> None:
    i = _run(c, "artifacts")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("한글 파일.txt", "a#b?.txt", "100%.txt", "a+b&c=d.txt", "plain", ".hidden", "'quoted'.txt"):
            path = Path(folder, name)
            path.write_text(name)
            c.log_artifact(i, str(path))
            c.log_artifact(i, str(path), "폴더/안 쪽")
        c.log_artifact(i, str(Path(folder, "plain")), "../up")
        c.log_artifact(i, str(Path(folder, "plain")), "/absolute")
        empty = Path(folder, "empty")
        empty.write_text("")
        c.log_artifact(i, str(empty))
        for path in (None, "폴더", "폴더/안 쪽", "none", "plain"):
            c.list_artifacts(i, path)
        for name in ("한글 파일.txt", "a#b?.txt", "100%.txt", "폴더/안 쪽/a+b&c=d.txt", "empty"):
            c.keep(
                f"download {name}",
                lambda name=name: Path(c.client.download_artifacts(i, name, folder)).read_text(),
            )
        c.log_text(i, "한글\n", "texts/말.txt")
        c.log_dict(i, {"키": [1, None]}, "texts/a.json")
        c.list_artifacts(i, "texts")
