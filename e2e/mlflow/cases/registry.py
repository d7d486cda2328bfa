"""Registered models and versions: made, found, tagged, aliased, staged, renamed, deleted.

In Mallo a stage is a view of two aliases: Production is @champion, Staging @candidate, and @rollback is what was
@champion before. So where one is compared, what the other says is left out.
"""

import tempfile
from pathlib import Path
from typing import Any

import mlflow
from answers import Answers
from mlflow.exceptions import MlflowException

OWN_ALIASES = {"candidate", "rollback"}
OF_STAGES = OWN_ALIASES | {"champion"}


class _Registry:
    """The client's calls, without what only Mallo answers."""

    def __init__(self, c: Answers, hidden: set[str] = OWN_ALIASES, stages: bool = True) -> None:
        self._c, self._hidden, self._stages = c, hidden, stages

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._c.client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._c.keep(
                name,
                lambda: method(*args, **kwargs),
                lambda answer: _common(self._c.plain(answer), self._hidden, self._stages),
            )

        return call


def _common(value: Any, hidden: set[str], stages: bool) -> Any:
    if isinstance(value, list):
        shown = [_common(one, hidden, stages) for one in value]
        # One a stage, in any order.
        if stages and all(isinstance(one, dict) and "current_stage" in one for one in shown):
            shown.sort(key=lambda one: (one["name"], int(one["version"])))
        return shown
    if not isinstance(value, dict):
        return value
    shown = {key: _common(item, hidden, stages) for key, item in value.items()}
    if not stages:
        shown.pop("current_stage", None)
    if "aliases" in shown:
        of = [one for one in shown.pop("aliases") if (one["alias"] if isinstance(one, dict) else one) not in hidden]
        if of:
            shown["aliases"] = sorted(of, key=str)
    return shown


def _logged(c: Answers, experiment: str) -> tuple[str, str]:
    """A run with a folder of files that says what model it is, and where that folder is."""
    run = c.client.create_run(experiment, start_time=1, run_name="r").info
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "data").mkdir()
        Path(folder, "MLmodel").write_text("flavors:\n  sklearn:\n    sklearn_version: 1.8.0\n")
        Path(folder, "data", "weights.bin").write_bytes(b"\x00\x01")
        c.client.log_artifacts(run.run_id, folder, "model")
    return run.run_id, f"{run.artifact_uri}/model"


def models(c: Answers) -> None:
    r = _Registry(c)
    r.create_registered_model("m1", tags={"team": "vision", "a": "b"}, description="finds scratches")
    r.create_registered_model("m1")
    r.create_registered_model("")
    r.create_registered_model("a/b")
    r.create_registered_model("a:b")
    r.create_registered_model("..")
    r.create_registered_model("불량 검사")
    r.get_registered_model("m1")
    r.get_registered_model("불량 검사")
    r.get_registered_model("none")
    r.update_registered_model("m1", description="new")
    r.update_registered_model("none", description="new")
    r.set_registered_model_tag("m1", "team", "nlp")
    r.set_registered_model_tag("m1", "x y:z/w.v-u_t", "")
    r.set_registered_model_tag("m1", "../a", "v")
    r.set_registered_model_tag("m1", "a*b", "v")
    r.set_registered_model_tag("none", "a", "v")
    r.get_registered_model("m1")
    r.delete_registered_model_tag("m1", "team")
    r.delete_registered_model_tag("m1", "team")
    r.delete_registered_model_tag("none", "team")
    r.rename_registered_model("m1", "m1-new")
    r.rename_registered_model("m1", "m1-other")
    r.rename_registered_model("m1-new", "x/y")
    r.get_registered_model("m1-new")
    r.delete_registered_model("m1-new")
    r.delete_registered_model("m1-new")
    r.create_registered_model("m1-new")
    c.rest("POST", "/registered-models/create", {"name": 3})
    c.rest("POST", "/registered-models/create", {})
    c.rest("POST", "/registered-models/create", {"name": "q", "tags": "no"})
    c.rest("GET", "/registered-models/get")
    c.rest("GET", "/registered-models/search", params={"max_results": "1001"})


def versions(c: Answers) -> None:
    r = _Registry(c)
    e = c.create_experiment("registry versions")
    run, source = _logged(c, e)
    r.create_registered_model("v1")
    r.create_model_version("v1", source, run, tags={"t": "1"}, run_link="http://x/1", description="first")
    r.create_model_version("v1", source, run)
    r.create_model_version("v1", "s3://bucket/model")
    r.create_model_version("none", source, run)
    r.create_model_version("v1", source)
    r.create_model_version("v1", source, "0" * 32)
    r.create_model_version("v1", "/etc/passwd")
    r.create_model_version("v1", "mlflow-artifacts:/0/../../x", run)
    r.create_model_version("v1", "models:/m-" + "0" * 32)
    r.create_model_version("v1", "models:/none/1")
    r.create_model_version("v1", f"runs:/{run}/model", run)
    r.create_model_version("v1", f"runs:/{run}/model", "0" * 32)
    r.create_model_version("v1", "models:/v1/1")
    r.get_model_version("v1", "1")
    r.get_model_version("v1", "99")
    r.get_model_version("v1", "x")
    r.get_model_version("none", "1")
    r.get_model_version_download_uri("v1", "3")
    r.get_model_version_download_uri("v1", "99")
    r.update_model_version("v1", "1", description="changed")
    r.update_model_version("v1", "99", description="changed")
    r.set_model_version_tag("v1", "1", "stage", "ok")
    r.set_model_version_tag("v1", "99", "stage", "ok")
    r.set_model_version_tag("v1", "1", "../x", "ok")
    r.get_model_version("v1", "1")
    r.delete_model_version_tag("v1", "1", "stage")
    r.delete_model_version_tag("v1", "1", "stage")
    r.delete_model_version("v1", "2")
    r.delete_model_version("v1", "2")
    r.get_model_version("v1", "2")
    r.create_model_version("v1", source, run)
    c.rest("POST", "/model-versions/create", {"name": "v1"})
    c.rest("GET", "/model-versions/get", params={"name": "v1"})


def aliases(c: Answers) -> None:
    r = _Registry(c, stages=False)
    r.create_registered_model("al")
    for _ in range(3):
        c.client.create_model_version("al", "s3://bucket/model")
    r.set_registered_model_alias("al", "champion", "1")
    r.set_registered_model_alias("al", "mine", "1")
    r.set_registered_model_alias("al", "champion", "2")
    r.set_registered_model_alias("al", "latest", "2")
    r.set_registered_model_alias("al", "v3", "2")
    r.set_registered_model_alias("al", "a b", "2")
    r.set_registered_model_alias("al", "x", "99")
    r.set_registered_model_alias("none", "x", "1")
    r.get_model_version_by_alias("al", "champion")
    r.get_model_version_by_alias("al", "mine")
    r.get_model_version_by_alias("al", "latest")
    r.get_model_version_by_alias("al", "none")
    r.delete_registered_model_alias("al", "mine")
    r.delete_registered_model_alias("al", "mine")
    r.get_model_version("al", "1")
    r.delete_model_version("al", "2")
    r.get_model_version_by_alias("al", "champion")


def stages(c: Answers) -> None:
    r = _Registry(c, hidden=OF_STAGES)
    r.create_registered_model("st")
    for _ in range(3):
        c.client.create_model_version("st", "s3://bucket/model")
    r.get_latest_versions("st")
    r.transition_model_version_stage("st", "1", "Staging")
    r.transition_model_version_stage("st", "1", "production")
    r.transition_model_version_stage("st", "2", "Production", archive_existing_versions=True)
    r.get_model_version("st", "1")
    r.get_latest_versions("st", ["Production"])
    r.get_latest_versions("st", ["None"])
    r.get_latest_versions("st", ["Archived", "production"])
    r.get_latest_versions("st", ["nothing"])
    r.get_latest_versions("none")
    r.transition_model_version_stage("st", "3", "nothing")
    r.transition_model_version_stage("st", "99", "Staging")
    r.transition_model_version_stage("st", "3", "Archived")
    r.transition_model_version_stage("st", "3", "None")
    r.get_latest_versions("st")
    r.get_registered_model("st")


def search(c: Answers) -> None:
    r = _Registry(c)
    for name in ("find-a", "find-B", "find-c", "find_d"):
        c.client.create_registered_model(name, tags={"kind": name[-1]})
        for n in range(2):
            c.client.create_model_version(name, f"s3://{name}/{n}", tags={"n": str(n)})
    for text in (
        "name LIKE 'find%'",
        "name LIKE 'find-_'",
        "name ILIKE 'FIND-b'",
        "name = 'find-a'",
        "name != 'find-a' AND name LIKE 'find%'",
        "name IN ('find-a', 'find_d')",
        "tags.kind = 'c'",
        "tags.kind != 'c' AND name LIKE 'find%'",
        "tags.none = 'x'",
        "name > 'a'",
        "foo = 'a'",
        "name = a",
        "run.x = 'a'",
        "name = 'a' OR name = 'b'",
    ):
        r.search_registered_models(filter_string=text)
    everything = "name LIKE 'find%'"
    page = r.search_registered_models(filter_string=everything, max_results=3, order_by=["name DESC"])
    r.search_registered_models(filter_string=everything, max_results=3, order_by=["name DESC"], page_token=page.token)
    r.search_registered_models(filter_string=everything, order_by=["foo"])
    for text in (
        "name = 'find-a'",
        "name LIKE 'find%' AND version_number > 1",
        "source_path = 's3://find-c/1'",
        "tags.n = '0' AND name LIKE 'find%'",
        "version_number = 1.5",
        "version_number LIKE '1'",
        "name = 3",
        "colour = 'x'",
    ):
        r.search_model_versions(text, order_by=["name ASC", "version_number ASC"])
    r.search_model_versions(everything, max_results=5, order_by=["name ASC", "version_number DESC"])
    r.search_model_versions(everything, order_by=["run_id"])


def copies(c: Answers) -> None:
    r = _Registry(c, stages=False)
    e = c.create_experiment("registry copies")
    run, source = _logged(c, e)
    r.create_registered_model("from")
    r.create_model_version("from", source, run)
    r.set_registered_model_alias("from", "champion", "1")
    r.copy_model_version("models:/from/1", "to")
    r.copy_model_version("models:/from@champion", "to")
    r.copy_model_version("models:/from/9", "to")
    r.search_model_versions("name = 'to'", order_by=["version_number ASC"])


def _read(c: Answers, uri: str) -> Any:
    try:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(mlflow.artifacts.download_artifacts(uri, dst_path=folder, tracking_uri=c.server.url))
            return {str(path.relative_to(root)): path.read_bytes().hex() for path in root.rglob("*") if path.is_file()}
    except MlflowException as error:
        return error.error_code


def files(c: Answers) -> None:
    """The files of a version are what the folder held, wherever each server says that they are."""
    e = c.create_experiment("registry files")
    run, source = _logged(c, e)
    c.client.create_registered_model("kept")
    c.client.create_model_version("kept", source, run)
    for name in ("models:/kept/1", f"runs:/{run}/model"):
        shown = _read(c, name)
        shown.pop("registered_model_meta", None)
        c.kept.append([name.split(":")[0], shown])
