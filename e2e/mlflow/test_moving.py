"""What an MLflow has is in Mallo after an import, and in an MLflow again after an export: the same to the client."""

import os
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import belongings
import mlflow
import pytest
import requests
import servers
from mlflow import MlflowClient
from mlflow.entities import ViewType
from test_projects import token_of

# MLflow's folders are to be opened on purpose since 3.14.
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"

POINTS_AGAIN = 10
KINDS = ["folder", "database", "server"]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A filled MLflow of each kind, made when it is first asked for: what to import, and a client of it."""
    made: dict[str, tuple[str, MlflowClient]] = {}
    contexts = []

    def of(kind: str) -> tuple[str, MlflowClient]:
        if kind in made:
            return made[kind]
        place = tmp_path_factory.mktemp(kind)
        if kind == "server":
            context = servers.mlflow_server()
            contexts.append(context)
            source = uri = context.__enter__().url
        elif kind == "folder":
            source, uri = str(place / "mlruns"), (place / "mlruns").as_uri()
        else:
            source = uri = f"sqlite:///{place}/mlflow.db"
        os.environ.pop("MLFLOW_TRACKING_TOKEN", None)
        before = Path.cwd()
        # The client of a database puts files beside where it runs.
        os.chdir(place)
        try:
            belongings.fill(uri)
        finally:
            os.chdir(before)
        made[kind] = source, MlflowClient(uri, registry_uri=uri)
        return made[kind]

    yield of
    for context in contexts:
        context.__exit__(None, None, None)


def command(mallo: servers.Server, *words: str) -> subprocess.CompletedProcess:
    line = [servers.NODE, str(servers.CLI), *words]
    return subprocess.run(line, env=mallo.env, capture_output=True, text=True, check=False)


def new_project(mallo: servers.Server, name: str, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    """A project of its own, and a client of it."""
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", token_of(mallo, name))
    return MlflowClient(mallo.url, registry_uri=mallo.url)


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    for what, things in one.items():
        assert things.keys() == other[what].keys(), what
        for name, thing in things.items():
            assert thing == other[what][name], f"{what} {name}"


def killed_when(line: list[str], env: dict[str, str], has_come: Callable[[], bool]) -> None:
    """Starts a program and kills it by what has come of it, not by the clock; it may also be done before."""
    program = subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while program.poll() is None and not has_come():
        time.sleep(0.02)
    program.kill()
    program.wait()


def points_read(done: subprocess.CompletedProcess) -> int:
    found = re.search(r"([\d,]+) points?", done.stdout)
    assert found, done.stdout
    return int(found[1].replace(",", ""))


def points_received(mine: MlflowClient) -> int:
    """How many points ever came to the runs of a project, repeats counted: the last numbers of their sequences."""
    headers = {"Authorization": f"Bearer {os.environ['MLFLOW_TRACKING_TOKEN']}"}
    total = 0
    for experiment in mine.search_experiments(view_type=ViewType.ACTIVE_ONLY):
        for run in mine.search_runs([experiment.experiment_id]):
            url = f"{mine.tracking_uri}/live/v1/runs/{run.info.run_id}"
            answer = requests.get(url, headers=headers, timeout=60)
            assert answer.status_code == 200, answer.text
            total += answer.json()["seq"]
    return total


def told(client: MlflowClient, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What an MLflow tells, which wants no token."""
    with monkeypatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_TOKEN", raising=False)
        return belongings.told(client)


@pytest.mark.parametrize("kind", KINDS)
def test_there_and_back(
    kind: str, origin: Any, mallo: servers.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, theirs = origin(kind)
    expected = told(theirs, monkeypatch)
    # Runs are in one project only: those of each kind are others.
    mine = new_project(mallo, f"from {kind}", monkeypatch)

    first = command(mallo, "mlflow:import", source, "--project", f"from {kind}")
    assert first.returncode == 0, first.stdout + first.stderr
    same(expected, belongings.told(mine))
    loaded = mlflow.sklearn.load_model("models:/pets@champion")
    assert (loaded.predict(belongings.FEATURES) == belongings.LABELS).all()

    received = points_received(mine)
    assert received > belongings.POINTS
    again = command(mallo, "mlflow:import", source, "--project", f"from {kind}")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "New in Mallo: 0 runs, 0 files, 0 versions" in again.stdout
    # Of curves only those of a run that still goes on, and those that a folder has twice.
    assert points_received(mine) - received <= POINTS_AGAIN
    assert points_read(first) > belongings.POINTS
    assert points_read(again) <= POINTS_AGAIN
    same(expected, belongings.told(mine))

    folder = tmp_path / "exported"
    exported = command(mallo, "mlflow:export", str(folder), "--project", f"from {kind}")
    assert exported.returncode == 0, exported.stdout + exported.stderr
    back = MlflowClient(folder.as_uri(), registry_uri=folder.as_uri())
    same(expected, told(back, monkeypatch))
    refused = command(mallo, "mlflow:export", str(folder), "--project", f"from {kind}")
    assert refused.returncode == 1
    assert "is not an empty folder" in refused.stderr
    if kind == "database":
        with servers.mlflow_server(str(folder)) as server:
            same(expected, told(MlflowClient(server.url, registry_uri=server.url), monkeypatch))
    # In the end, as it notes the experiment that it was loaded in.
    prompt = mine.load_prompt("prompts:/greet@production")
    assert (prompt.version, prompt.format(name="Mallo")) == (3, "Hi Mallo")


def test_to_a_server_once_and_again(
    origin: Any, mallo: servers.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "mlruns"
    with monkeypatch.context() as patch:
        patch.chdir(tmp_path)
        belongings.fill(theirs.as_uri())
    mine = new_project(mallo, "to a server", monkeypatch)
    assert command(mallo, "mlflow:import", str(theirs), "--project", "to a server").returncode == 0
    # One whose files are of no run: it is registered from files that were put beside.
    folder = tmp_path / "loose"
    mlflow.sklearn.save_model(mlflow.sklearn.load_model("models:/pets@champion"), str(folder))
    run = mine.create_run("0", run_name="for a while").info.run_id
    mine.log_artifacts(run, str(folder), "model")
    mine.create_registered_model("loose")
    mine.create_model_version("loose", f"runs:/{run}/model", run)
    mine.delete_run(run)
    expected = belongings.told(mine)
    with servers.mlflow_server() as server:
        words = ["mlflow:export", "--to", server.url, "--project", "to a server"]
        line = [servers.NODE, str(servers.CLI), *words]
        there = MlflowClient(server.url, registry_uri=server.url)
        killed_when(line, mallo.env, lambda: len(runs_of(there, "pets")) >= 2)
        assert there.search_registered_models() == [], "it was done before it was killed"

        done = command(mallo, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        found = told(there, monkeypatch)
        same(as_exported(expected, {}), as_exported(found, ids_in_mallo(found)))
        again = command(mallo, *words)
        assert again.returncode == 0, again.stdout + again.stderr
        assert "0 files (0 byte)" in again.stdout
        assert points_read(again) == 0
        assert told(there, monkeypatch) == found
        loaded = mlflow.sklearn.load_model("models:/pets@champion")
        assert (loaded.predict(belongings.FEATURES) == belongings.LABELS).all()

        there.create_model_version("pets", "s3://bucket/theirs")
        mine.create_model_version("pets", "s3://bucket/mine")
        refused = command(mallo, *words)
        assert refused.returncode == 1
        assert "pets 4: is something else on that server already" in refused.stderr


def ids_in_mallo(found: dict[str, Any]) -> dict[str, str]:
    """The ids of runs and logged models of an export, by what they are there."""
    return {
        there: thing["tags"]["mallo.id"] for what in ["runs", "logged models"] for there, thing in found[what].items()
    }


def as_exported(found: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    """What comes over to a server: all but the times of experiments and models, which are its own."""

    def mallos(tags: dict[str, str]) -> dict[str, str]:
        # A server notes by itself which versions were made of a logged model.
        return {
            key: value for key, value in tags.items() if not key.startswith("mallo.") and key != "mlflow.modelVersions"
        }

    def id_of(there: str | None) -> str | None:
        return ids.get(there or "", there)

    runs = {}
    for there, run in found["runs"].items():
        points = {
            key: [(step, time_ms, value.replace("inf", "1.7976931348623157e+308")) for step, time_ms, value in curve]
            for key, curve in run["points"].items()
        }
        latest = {key: value.replace("inf", "1.7976931348623157e+308") for key, value in run["latest"].items()}
        runs[id_of(there)] = {
            **run,
            "tags": mallos(run["tags"]),
            "points": {key: sorted(curve) for key, curve in points.items()},
            "latest": latest,
            "inputs": sorted(id_of(one) or "" for one in run["inputs"]),
            "outputs": sorted((id_of(one), step) for one, step in run["outputs"]),
        }
    models = {
        id_of(there): {
            **model,
            "is": [model["is"][0], model["is"][1], id_of(model["is"][2]), model["is"][3]],
            "times": None,
            "tags": mallos(model["tags"]),
            "points": sorted((*point[:4], id_of(point[4])) for point in model["points"]),
        }
        for there, model in found["logged models"].items()
        # Made for a version that has files of its own.
        if not (id_of(there) or "").startswith("models:/")
    }
    registered = {
        name: {
            **model,
            "created": None,
            "versions": {
                number: {
                    **version,
                    "source": None,
                    "created": None,
                    "run": id_of(version["run"]) or None,
                    "tags": mallos(version["tags"]),
                }
                for number, version in model["versions"].items()
            },
        }
        for name, model in found["registered models"].items()
    }
    experiments = {
        name: {"stage": one["stage"], "tags": mallos(one["tags"])} for name, one in found["experiments"].items()
    }
    return {"experiments": experiments, "runs": runs, "logged models": models, "registered models": registered}


def test_an_import_that_is_killed_goes_on(
    mallo: servers.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "mlruns"
    theirs = MlflowClient(source.as_uri(), registry_uri=source.as_uri())
    large = tmp_path / "large.bin"
    large.write_bytes(os.urandom(3_000_000))
    experiment = theirs.create_experiment("killed")
    for number in range(25):
        run = theirs.create_run(experiment, run_name=f"run {number}").info
        metrics = source / experiment / run.run_id / "metrics"
        metrics.mkdir(exist_ok=True)
        for key in ["a", "b"]:
            (metrics / key).write_text("".join(f"{1000 + step} {step / 7} {step}\n" for step in range(4_000)))
        theirs.log_artifact(run.run_id, str(large), "files")
        theirs.log_param(run.run_id, "n", number)
        theirs.set_terminated(run.run_id)
    mine = new_project(mallo, "killed", monkeypatch)

    line = [servers.NODE, str(servers.CLI), "mlflow:import", str(source), "--project", "killed"]
    found: list[int] = []
    for _ in range(5):
        wanted = 4 * (len(found) + 1)
        killed_when(line, mallo.env, lambda wanted=wanted: len(runs_of(mine, "killed")) >= wanted)
        found.append(len(runs_of(mine, "killed")))
    assert found[0] < 25, "it was done before it was killed"
    done = command(mallo, "mlflow:import", str(source), "--project", "killed")
    assert done.returncode == 0, done.stdout + done.stderr
    same(told(theirs, monkeypatch), belongings.told(mine))


def runs_of(client: MlflowClient, experiment: str) -> list[Any]:
    found = client.get_experiment_by_name(experiment)
    return client.search_runs([found.experiment_id]) if found else []


def test_what_is_broken_is_named_and_the_rest_comes(
    origin: Any, mallo: servers.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, _ = origin("folder")
    theirs = tmp_path / "mlruns"
    client = MlflowClient(theirs.as_uri(), registry_uri=theirs.as_uri())
    broken, good, pointless = [
        client.create_run("0", run_name=name).info.run_id for name in ["broken", "good", "pointless"]
    ]
    for name in ["first", "__proto__", "constructor"]:
        client.log_param(good, name, "kept")
        client.set_tag(good, name, "kept")
        client.log_metric(good, name, 0.5)
    client.log_metric(pointless, "m", 1.5)
    (theirs / "0" / broken / "meta.yaml").write_text("a: [")
    with (theirs / "0" / pointless / "metrics" / "m").open("a") as file:
        file.write("nonsense\n")
    shutil.rmtree(theirs / "0" / good / "artifacts")
    client.create_registered_model("s3")
    client.create_model_version("s3", "s3://bucket/model")
    for name in ["first", "__proto__", "constructor"]:
        client.set_registered_model_alias("s3", name, "1")
        client.set_registered_model_tag("s3", name, "kept")
        client.set_model_version_tag("s3", "1", name, "kept")
    aliases = theirs / "models" / "s3" / "aliases"
    (aliases / "first").rename(aliases / "latest")
    mine = new_project(mallo, "broken", monkeypatch)

    done = command(mallo, "mlflow:import", str(theirs), "--project", "broken")
    assert done.returncode == 1
    assert {run.info.run_id for run in mine.search_runs(["0"])} == {good, pointless}
    assert [point.value for point in mine.get_metric_history(pointless, "m")] == [1.5]
    for told_of in [
        f"/{broken}: could not be read",
        f"{pointless} metrics/m: 1 line is no point",
        f"{good}: Its files are not here",
        "s3 1: is registered without files: its source s3://bucket/model",
        "s3@latest: cannot be an alias here",
        "s3@__proto__: cannot be an alias here",
        "s3 __proto__: is a tag that no model or version can have here",
        "s3 1 __proto__: is a tag that no model or version can have here",
    ]:
        assert told_of in done.stderr, done.stderr
    # What JavaScript has a meaning of its own for is a name like any other, where it can be.
    assert mine.get_model_version_by_alias("s3", "constructor").version == "1"
    for tags in [mine.get_registered_model("s3").tags, mine.get_model_version("s3", "1").tags]:
        assert tags == {"first": "kept", "constructor": "kept"}
    kept = mine.get_run(good).data
    for name in ["first", "__proto__", "constructor"]:
        assert (kept.params[name], kept.tags[name], kept.metrics[name]) == ("kept", "kept", 0.5)
        assert [point.value for point in mine.get_metric_history(good, name)] == [0.5]
    korean = subprocess.run(
        [servers.NODE, str(servers.CLI), "mlflow:import", str(theirs), "--project", "broken"],
        env={**mallo.env, "MALLO_LOCALE": "ko"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "원본과 다른 것" in korean.stderr
    assert source != str(theirs)


def test_a_run_is_in_one_project_and_what_was_changed_here_stays(
    mallo: servers.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "mlruns"
    client = MlflowClient(theirs.as_uri())
    run = client.create_run("0").info.run_id
    client.log_param(run, "lr", 1)
    client.set_tag(run, "note", "theirs")
    client.set_terminated(run)
    mine = new_project(mallo, "first", monkeypatch)
    assert command(mallo, "mlflow:import", str(theirs), "--project", "first").returncode == 0
    mine.set_tag(run, "note", "mine")
    client.log_metric(run, "late", 2)
    again = command(mallo, "mlflow:import", str(theirs), "--project", "first")
    assert again.returncode == 1
    assert f"{run}: is there already and differs in tag note; what is in Mallo stayed." in again.stderr
    found = mine.get_run(run)
    assert (found.data.tags["note"], found.data.metrics) == ("mine", {"late": 2})

    token_of(mallo, "second")
    second = command(mallo, "mlflow:import", str(theirs), "--project", "second")
    assert second.returncode == 1
    assert f"{run} is in another project of this Mallo already" in second.stderr


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{empty}/nothing", "There is nothing at"),
        ("{empty}", "is not an mlruns folder"),
        ("{empty}/other.db", "is not a database of MLflow"),
        ("{empty}/newer.db", "whose schema (zzz) is not known here"),
        ("http://127.0.0.1:9", "does not answer"),
        ("{mallo}", "does not let you in"),
        ("{mallo}/docs", "is not an MLflow server"),
    ],
)
def test_what_is_no_mlflow_is_refused_in_a_sentence(
    source: str, said: str, mallo: servers.Server, tmp_path: Path
) -> None:
    (tmp_path / "other.db").write_text("no database at all, but some words of text")
    with sqlite3.connect(tmp_path / "newer.db") as database:
        database.executescript(
            "create table alembic_version (version_num text); insert into alembic_version values ('zzz')"
        )
    database.close()
    folder = tmp_path
    if source == "{empty}":
        folder = tmp_path / "inner"
        folder.mkdir()
    done = command(mallo, "mlflow:import", source.format(empty=folder, mallo=mallo.url))
    assert done.returncode == 1
    assert said in done.stderr
    assert "at Object" not in done.stderr


def test_no_token_is_left(mallo: servers.Server) -> None:
    headers = {"Authorization": f"Bearer {mallo.token}"}
    tokens = requests.get(f"{mallo.url}/api/v1/tokens", headers=headers, timeout=60).json()
    kept = [one["name"] for one in tokens if re.match("mlflow ", one["name"])]
    # Those of the five imports and the export that were killed go by themselves, two hours after they were last used.
    assert len(kept) <= 6
