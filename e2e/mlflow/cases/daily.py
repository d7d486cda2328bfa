"""What people's scripts call every day: mlflow's own functions, its tables of runs, and its command line."""

import json
import os
import pathlib
import re
import tempfile
from typing import Any

import matplotlib.pyplot as plt
import mlflow
import numpy as np
import pandas as pd
from answers import Answers
from click.testing import CliRunner
from mlflow.cli import cli
from mlflow.models import infer_signature
from PIL import Image

# What the client makes up for a file: the time and a random id.
MADE_UP = re.compile(r"(timestamp.)\d+|[0-9a-f]{8}-[0-9a-f-]{27}")


def _files(c: Answers, run_id: str, folder: str | None = None) -> list[str]:
    listed = c.client.list_artifacts(run_id, folder)
    paths = [path for file in listed for path in (_files(c, run_id, file.path) if file.is_dir else [file.path])]
    return sorted(MADE_UP.sub(r"\1<made up>", path) for path in paths)


def _table(c: Answers, frame: Any) -> Any:
    """A table as it is: its columns, and of each row what is no time."""
    columns = sorted(frame.columns.drop("experiment_id", errors="ignore"))
    rows = [
        [str(row[name]) for name in columns if not name.endswith(("_time", "_uri"))] for row in frame.to_dict("records")
    ]
    return [columns, [[c.plain(cell) for cell in row] for row in rows]]


def _keep_run(c: Answers, run_id: str) -> None:
    c.keep("get_run", lambda: c.client.get_run(run_id).to_dictionary(), _without_script)
    c.keep("files", lambda: _files(c, run_id))


def _without_script(run: dict[str, Any]) -> dict[str, Any]:
    """A run without the name of what logged it, which is the program of the tests."""
    run["data"]["tags"].pop("mlflow.source.name")
    return run


def _experiment(c: Answers, name: str) -> str:
    """Makes an experiment the one that runs are logged in."""
    experiment = c.create_experiment(name)
    mlflow.set_experiment(name)
    return experiment


def files(c: Answers) -> None:
    _experiment(c, "daily files")
    frame = pd.DataFrame({"question": ["무엇?", "why?"], "score": [0.5, None]})
    figure, axes = plt.subplots()
    axes.plot([1, 2, 3])
    pixels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    with mlflow.start_run(run_name="files") as run:
        c.keep("log_text", lambda: mlflow.log_text("안녕\n", "notes/hello.txt"))
        c.keep("log_text", lambda: mlflow.log_text("<b>hi</b>", "page.html"))
        c.keep("log_text again", lambda: mlflow.log_text("second", "notes/hello.txt"))
        c.keep("log_dict", lambda: mlflow.log_dict({"한": [1, None, {"a": True}]}, "config.json"))
        c.keep("log_dict", lambda: mlflow.log_dict({"b": 1, "a": [1.5]}, "config.yaml"))
        c.keep("log_dict", lambda: mlflow.log_dict({"no": "suffix"}, "config"))
        c.keep("log_table", lambda: mlflow.log_table({"a": [1, 2], "b": ["x", "y"]}, "table.json"))
        c.keep("log_table", lambda: mlflow.log_table({"a": [3], "b": ["z"]}, "table.json"))
        c.keep("log_table", lambda: mlflow.log_table(frame, "tables/frame.json"))
        c.keep("log_table", lambda: mlflow.log_table(frame, "tables/frame.parquet"))
        c.keep("log_figure", lambda: mlflow.log_figure(figure, "plots/line.png"))
        c.keep("log_figure", lambda: mlflow.log_figure(figure, "plots/line.svg"))
        c.keep("log_image", lambda: mlflow.log_image(pixels, "image.png"))
        c.keep("log_image", lambda: mlflow.log_image(Image.fromarray(pixels), "images/same.png"))
        for step in (0, 1):
            c.keep("log_image step", lambda step=step: mlflow.log_image(pixels, key="dog", step=step, timestamp=5))
        c.keep("log_image", lambda: mlflow.log_image(mlflow.Image(pixels), key="train/cat"))
        _refused(c, "log_image both", lambda: mlflow.log_image(pixels, "a.png", key="dog"))
        _refused(c, "log_image bad", lambda: mlflow.log_image(np.zeros((2, 2, 7), dtype=np.uint8), "bad.png"))
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "inner").mkdir()
            pathlib.Path(folder, "inner", "한 글.txt").write_text("in")
            pathlib.Path(folder, "top.txt").write_text("top")
            c.keep("log_artifacts", lambda: mlflow.log_artifacts(folder, "many"))
            c.keep("log_artifact", lambda: mlflow.log_artifact(f"{folder}/top.txt"))
            c.keep("log_artifact", lambda: mlflow.log_artifact(f"{folder}/inner", "as/folder"))
            _refused(c, "log_artifact none", lambda: mlflow.log_artifact("nowhere/none.txt"))
        c.keep(
            "get_artifact_uri", lambda: mlflow.get_artifact_uri("notes/hello.txt").removeprefix(run.info.artifact_uri)
        )
    plt.close(figure)
    _keep_run(c, run.info.run_id)
    root = f"runs:/{run.info.run_id}"
    c.keep("load_text", lambda: mlflow.artifacts.load_text(f"{root}/notes/hello.txt"))
    c.keep("load_dict", lambda: mlflow.artifacts.load_dict(f"{root}/config.json"))
    c.keep("load_dict", lambda: mlflow.artifacts.load_dict(f"{root}/page.html"))
    c.keep("load_image", lambda: mlflow.artifacts.load_image(f"{root}/image.png").size)
    c.keep("load_text none", lambda: mlflow.artifacts.load_text(f"{root}/none.txt"))
    for name in ("table.json", "tables/frame.json", "tables/frame.parquet", "none.json"):
        c.keep(
            "load_table",
            lambda name=name: mlflow.load_table(name, [run.info.run_id], ["run_id"]),
            lambda t: _table(c, t),
        )
    c.keep(
        "list",
        lambda: [file.path for file in mlflow.artifacts.list_artifacts(run_id=run.info.run_id, artifact_path="many")],
    )
    c.keep("list", lambda: [file.path for file in mlflow.artifacts.list_artifacts(f"{root}/notes")])
    with tempfile.TemporaryDirectory() as folder:
        images = pathlib.Path(mlflow.artifacts.download_artifacts(f"{root}/images", dst_path=folder))
        c.keep(
            "images",
            lambda: sorted(
                {
                    path.suffix: Image.open(path).size for path in images.iterdir() if path.suffix in (".png", ".webp")
                }.items()
            ),
        )


def _refused(c: Answers, what: str, call: Any) -> None:
    """Keeps what the client itself says against a call."""
    try:
        call()
    except Exception as error:
        c.kept.append([what, type(error).__name__, c.plain(str(error))])
    else:
        c.kept.append([what, "taken"])


def nested(c: Answers) -> None:
    e = _experiment(c, "daily nested")
    with mlflow.start_run(run_name="sweep", tags={"kind": "sweep"}, description="of all") as parent:
        for depth in (2, 4):
            with mlflow.start_run(run_name=f"depth {depth}", nested=True) as child:
                mlflow.log_params({"depth": depth, "nested": {"a": [1, 2]}, "none": None, "flag": True})
                mlflow.log_metrics({"acc": depth / 10, "loss": 1 / depth}, step=depth, timestamp=depth)
                mlflow.log_metric("acc", depth / 5, step=depth + 1, timestamp=depth + 1)
            c.keep("get_parent_run", lambda child=child: mlflow.get_parent_run(child.info.run_id).info.run_name)
        c.keep("active_run", lambda: mlflow.active_run().info.run_id)
        _refused(c, "second run", mlflow.start_run)
    c.keep("last_active_run", lambda: mlflow.last_active_run().info.run_name)
    c.keep("get_parent_run", lambda: mlflow.get_parent_run(parent.info.run_id))
    of_parent = f"tags.mlflow.parentRunId = '{parent.info.run_id}'"
    c.keep("children", lambda: c.client.search_runs([e], of_parent, order_by=["params.depth"]))
    try:
        with mlflow.start_run(run_name="broken") as broken:
            raise ValueError("of the script")
    except ValueError:
        c.keep("broken", lambda: c.client.get_run(broken.info.run_id).info.status)
    with mlflow.start_run(run_id=parent.info.run_id) as again:
        mlflow.log_metric("late", 1.0, timestamp=9)
        mlflow.set_tag("kind", "resumed")
        mlflow.delete_tag("kind")
        c.keep("delete_tag again", lambda: mlflow.delete_tag("kind"))
        c.keep("log_param twice", lambda: mlflow.log_param("depth", 3))
        c.keep("log_param other", lambda: mlflow.log_param("depth", 4))
        c.keep("log_param flag", lambda: mlflow.log_param("lr", 1e-05))
    _keep_run(c, again.info.run_id)
    killed = mlflow.start_run(run_name="killed")
    mlflow.end_run("KILLED")
    c.keep("killed", lambda: mlflow.get_run(killed.info.run_id).info.status)
    c.keep("start none", lambda: mlflow.start_run(run_id="0" * 32))
    mlflow.delete_run(killed.info.run_id)
    c.keep("start deleted", lambda: mlflow.start_run(run_id=killed.info.run_id))
    with mlflow.start_run(run_name="later") as later:
        wait = [
            mlflow.log_metric("async", 0.5, step=1, timestamp=1, synchronous=False),
            mlflow.log_params({"a": 1}, synchronous=False),
            mlflow.set_tags({"b": "2"}, synchronous=False),
        ]
        for operation in wait:
            operation.wait()
    _keep_run(c, later.info.run_id)


def tables(c: Answers) -> None:
    e = mlflow.set_experiment("daily tables").experiment_id
    for n, name in enumerate(("a", "b", "c")):
        run = c.client.create_run(
            e, run_name=name, start_time=n + 1, tags={"mlflow.user": "me", "n": str(n)}
        ).info.run_id
        c.client.log_metric(run, "acc", n / 4, timestamp=n)
        if n != 1:
            c.client.log_param(run, "lr", 0.1 * n)
        c.client.set_terminated(run, "FINISHED", end_time=n + 5)
    for form in (
        {"experiment_ids": [e]},
        {"experiment_names": ["daily tables"]},
        {"experiment_ids": [e], "filter_string": "metrics.acc > 0.1", "order_by": ["metrics.acc DESC"]},
        {"experiment_ids": [e], "max_results": 2, "order_by": ["start_time"]},
        {"experiment_ids": [e], "filter_string": "params.lr = 'none'"},
        {"experiment_names": ["none of this name"]},
        {"experiment_ids": [e], "experiment_names": ["daily tables"]},
        {"experiment_ids": [e], "run_view_type": 2},
    ):
        c.keep(f"search_runs {list(form)}", lambda form=form: mlflow.search_runs(**form), lambda t: _table(c, t))
    as_list = {"experiment_ids": [e], "output_format": "list"}
    c.keep("search_runs list", lambda: [run.info.run_name for run in mlflow.search_runs(**as_list)])
    _refused(c, "search_runs other", lambda: mlflow.search_runs([e], output_format="xml"))
    c.keep("search_runs bad", lambda: mlflow.search_runs([e], filter_string="acc > 1"))
    c.keep("dates", lambda: [str(one) for one in mlflow.search_runs([e], order_by=["start_time"])["start_time"]])
    for n in range(2):
        mlflow.initialize_logged_model(name=f"net {n}", params={"lr": n}, tags={"k": "v"}, experiment_id=e)
    models = {"experiment_ids": [e], "order_by": [{"field_name": "name"}]}
    c.keep(
        "search_logged_models",
        lambda: mlflow.search_logged_models(**models),
        lambda t: [sorted(t.columns), list(t["name"]), list(t["params"]), [str(one) for one in t["status"]]],
    )
    c.keep("last_logged_model", lambda: mlflow.last_logged_model() is None)


def experiments(c: Answers) -> None:
    e = c.create_experiment("daily experiments", tags={"a": "1"})
    c.rename_experiment(e, "daily experiments renamed")
    c.rename_experiment("7654321", "x")
    c.get_experiment_by_name("daily experiments")
    mlflow.set_experiment(experiment_id=e)
    c.keep("set_experiment_tag", lambda: mlflow.set_experiment_tag("owner", "나"))
    c.keep(
        "set_experiment_tags", lambda: mlflow.set_experiment_tags({"a": "2", "n": 5, "mlflow.note.content": "# 설명"})
    )
    c.keep("set_experiment both", lambda: mlflow.set_experiment("daily experiments renamed", e))
    c.keep("set_experiment none", lambda: mlflow.set_experiment(experiment_id="7654321"))
    c.get_experiment(e)
    c.set_experiment_tag(e, "k" * 251, "v")
    c.set_experiment_tag(e, "long", "v" * 5001)
    c.delete_experiment_tag(e, "a")
    c.delete_experiment_tag(e, "a")
    found = {"filter_string": "name LIKE 'daily experiments%'", "order_by": ["name"]}
    c.keep("search_experiments", lambda: [one.name for one in mlflow.search_experiments(**found)])
    c.keep("get_experiment", lambda: mlflow.get_experiment(e).tags)
    c.delete_experiment(e)
    c.keep("set_experiment deleted", lambda: mlflow.set_experiment("daily experiments renamed"))
    c.keep("start_run deleted", lambda: mlflow.start_run(experiment_id=e))
    c.create_experiment("daily experiments renamed")
    c.keep("search_experiments", lambda: [one.name for one in mlflow.search_experiments(view_type=2, **found)])
    c.restore_experiment(e)
    c.restore_experiment(e)
    c.keep("create with a place", lambda: mlflow.create_experiment("daily place", "s3://bucket/x") != "")
    c.keep("its place", lambda: mlflow.get_experiment_by_name("daily place").artifact_location)


class _Doubles(mlflow.pyfunc.PythonModel):
    """A model of one's own, as people write them."""

    def predict(self, context: Any, model_input: pd.DataFrame, params: Any = None) -> pd.DataFrame:
        return model_input * 2


def models(c: Answers) -> None:
    _experiment(c, "daily models")
    frame = pd.DataFrame({"x": [1.0, 2.0]})
    with mlflow.start_run(run_name="models") as run:
        info = mlflow.pyfunc.log_model(
            name="doubles",
            python_model=_Doubles(),
            signature=infer_signature(frame, frame),
            input_example=frame,
            registered_model_name="daily doubles",
            pip_requirements=["pandas"],
            metadata={"of": "day"},
        )
        mlflow.log_metric("acc", 0.9, step=1, timestamp=1, model_id=info.model_id)
    c.keep("predict", lambda: _doubled(info.model_uri, frame))
    c.keep("predict version", lambda: _doubled("models:/daily doubles/1", frame))
    c.keep("signature", lambda: str(mlflow.models.get_model_info("models:/daily doubles/1").signature))
    c.keep("metadata", lambda: mlflow.models.get_model_info(info.model_uri).metadata)
    c.keep("no version", lambda: mlflow.pyfunc.load_model("models:/daily doubles/7"))
    c.keep("no alias", lambda: mlflow.pyfunc.load_model("models:/daily doubles@none"))
    c.keep("no model", lambda: mlflow.pyfunc.load_model("models:/none/1"))
    c.keep("no path", lambda: mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/none"))
    c.keep("register", lambda: mlflow.register_model(info.model_uri, "daily doubles", tags={"t": "1"}), _version)
    c.keep(
        "register of run", lambda: mlflow.register_model(f"runs:/{run.info.run_id}/doubles", "daily other"), _version
    )
    c.keep("register bad", lambda: mlflow.register_model(info.model_uri, "a/b"))
    c.keep(
        "search versions",
        lambda: [_version(one) for one in mlflow.search_model_versions(filter_string="name='daily doubles'")],
    )
    c.keep(
        "search models",
        lambda: [one.name for one in mlflow.search_registered_models(filter_string="name LIKE 'daily %'")],
    )
    c.keep("set_model_version_tag", lambda: mlflow.set_model_version_tag("daily doubles", "1", "k", "v"))
    c.keep("set_model_version_tag none", lambda: mlflow.set_model_version_tag("daily doubles", "9", "k", "v"))
    c.client.set_registered_model_alias("daily doubles", "day", 2)
    c.keep("by alias", lambda: _doubled("models:/daily doubles@day", frame))
    external = c.keep(
        "external",
        lambda: mlflow.create_external_model(name="elsewhere", model_type="llm"),
        lambda m: [m.name, m.tags, str(m.status)],
    )
    c.keep("log_model_params", lambda: mlflow.log_model_params({"temperature": "0.5"}, external.model_id))
    c.keep("set_logged_model_tags", lambda: mlflow.set_logged_model_tags(external.model_id, {"a": "b"}))
    c.keep("delete_logged_model_tag", lambda: mlflow.delete_logged_model_tag(external.model_id, "a"))
    c.keep("get_logged_model", lambda: mlflow.get_logged_model(external.model_id), lambda m: [m.name, m.params, m.tags])
    c.keep("finalize", lambda: mlflow.finalize_logged_model(external.model_id, "FAILED"), lambda m: str(m.status))
    c.keep("load external", lambda: mlflow.pyfunc.load_model(f"models:/{external.model_id}"))
    c.delete_logged_model(external.model_id)
    c.keep("get deleted", lambda: mlflow.get_logged_model(external.model_id))
    _keep_run(c, run.info.run_id)
    # Other cases search all models that there are.
    for name in ("daily doubles", "daily other"):
        c.delete_registered_model(name)


def _doubled(uri: str, frame: pd.DataFrame) -> list[float]:
    return mlflow.pyfunc.load_model(uri).predict(frame)["x"].tolist()


def _version(version: Any) -> Any:
    # Here what was just registered is the @candidate.
    return [
        version.name,
        str(version.version),
        version.status,
        version.tags,
        sorted({*version.aliases} - {"candidate"}),
    ]


def evaluation(c: Answers) -> None:
    mlflow.set_experiment("daily evaluation")
    frame = pd.DataFrame({"target": [0, 1, 1, 0, 1], "said": [0, 1, 0, 0, 1]})
    numbers = pd.DataFrame({"target": [1.0, 2.0, 3.0], "said": [1.5, 2.0, 2.0]})
    for kind, data in (("classifier", frame), ("regressor", numbers)):
        with mlflow.start_run(run_name=kind) as run:
            c.keep(
                f"evaluate a {kind}",
                lambda data=data, kind=kind: mlflow.models.evaluate(
                    data=data, targets="target", predictions="said", model_type=kind, evaluators="default"
                ),
                lambda result: {name: round(float(value), 6) for name, value in result.metrics.items()},
            )
        c.keep("files", lambda run=run: _files(c, run.info.run_id))
        kept = c.client.get_run(run.info.run_id)
        c.keep("metrics", lambda kept=kept: {name: round(value, 6) for name, value in kept.data.metrics.items()})
        c.keep("datasets", lambda kept=kept: [one.dataset.name for one in kept.inputs.dataset_inputs])


def command_line(c: Answers) -> None:
    os.environ["MLFLOW_TRACKING_URI"] = c.server.url
    e = c.create_experiment("daily terminal")
    run = c.client.create_run(e, run_name="terminal", start_time=1, tags={"mlflow.user": "me"}).info.run_id
    c.client.log_param(run, "lr", "0.1")
    c.client.log_metric(run, "acc", 0.5, timestamp=1)

    with tempfile.TemporaryDirectory() as folder:

        def call(*words: str) -> None:
            done = CliRunner().invoke(cli, words)
            text = done.stdout.replace(folder, "<folder>").replace(c.server.url, "<server>")
            # Numbers of experiments, times, and the width of columns are each server's own.
            text = re.sub(rf"\b{e}\b|(?<=with id )\d+$", "<e>", re.sub(r"\b\d{13}\b", "<time>", text))
            if text.startswith("{"):
                c.kept.append([" ".join(words[:2]), done.exit_code, c.plain(json.loads(text))])
                return
            lines = [re.sub(r"\s+", " ", re.sub("-{3,}", "---", line)).strip() for line in text.splitlines()]
            c.kept.append([" ".join(words[:2]), done.exit_code, [c.plain(line) for line in lines]])

        place = pathlib.Path(folder)
        (place / "a.txt").write_text("a")
        (place / "many").mkdir()
        (place / "many" / "b.txt").write_text("b")
        before = pathlib.Path.cwd()
        os.chdir(folder)
        try:
            call("artifacts", "log-artifact", "--local-file", "a.txt", "--run-id", run)
            call("artifacts", "log-artifact", "--local-file", "a.txt", "--run-id", run, "--artifact-path", "in/it")
            call("artifacts", "log-artifacts", "--local-dir", "many", "--run-id", run, "--artifact-path", "many")
            call("artifacts", "list", "--run-id", run)
            call("artifacts", "list", "--run-id", run, "--artifact-path", "in")
            call("artifacts", "download", "--run-id", run, "--artifact-path", "in", "--dst-path", "got")
            call("artifacts", "download", "--artifact-uri", f"runs:/{run}/many/b.txt", "--dst-path", "got")
            got = sorted(str(path.relative_to(place)) for path in place.rglob("got/**/*") if path.is_file())
            c.kept.append(["got", got])
            call("artifacts", "list", "--run-id", "0" * 32)
            call("experiments", "csv", "--experiment-id", e, "--filename", "runs.csv")
            c.keep("csv", lambda: _table(c, pd.read_csv("runs.csv")))
        finally:
            os.chdir(before)
        call("experiments", "create", "--experiment-name", "daily terminal two")
        call("experiments", "rename", "--experiment-id", e, "--new-name", "daily terminal one")
        call("experiments", "get", "--experiment-id", e)
        call("experiments", "delete", "--experiment-id", e)
        call("experiments", "restore", "--experiment-id", e)
        call("experiments", "restore", "--experiment-id", "7654321")
        call("runs", "list", "--experiment-id", e)
        call("runs", "delete", "--run-id", run)
        call("runs", "list", "--experiment-id", e, "--view", "deleted_only")
        call("runs", "restore", "--run-id", run)
        call("runs", "describe", "--run-id", run)
        call(
            "runs", "create", "--experiment-id", e, "--run-name", "made there", "--tags", "a=b", "--status", "FINISHED"
        )
    os.environ.pop("MLFLOW_TRACKING_URI")
