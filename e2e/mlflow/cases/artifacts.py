"""Files of runs: put, listed, read, in part, in parts, deleted."""

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import requests
from answers import Answers


def _ask(c: Answers, method: str, path: str, **kwargs: Any) -> requests.Response:
    headers = kwargs.pop("headers", {})
    if c.server.token:
        headers["Authorization"] = f"Bearer {c.server.token}"
    url = f"{c.server.url}/api/2.0/mlflow-artifacts{path}"
    return requests.request(method, url, headers=headers, timeout=60, **kwargs)


def _keep(c: Answers, what: str, answer: requests.Response) -> None:
    # The number of the experiment is each server's own.
    told: Any = re.sub(r"'\d+/", "'<experiment>/", answer.text)
    if answer.text.startswith("{") and answer.headers["content-type"].startswith("application/json"):
        told = {key: value for key, value in json.loads(told).items() if key not in ("sqlstate", "error_class")}
    shown = {
        name: answer.headers[name]
        for name in ("content-type", "content-disposition", "x-content-type-options", "content-range")
        if name in answer.headers and answer.status_code < 300 and told
    }
    if isinstance(told, dict):
        shown.pop("content-type", None)
        shown.pop("x-content-type-options", None)
    c.kept.append([what, answer.status_code, c.plain(told), shown])


def client(c: Answers) -> None:
    e = c.create_experiment("artifacts client")
    run = c.client.create_run(e, start_time=1, run_name="r").info.run_id
    c.list_artifacts(run)
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"a.txt": "a", "b.json": "{}", "한글 메모 📈.txt": "four", "empty": ""}.items():
            Path(folder, name).write_text(text)
            c.log_artifact(run, str(Path(folder, name)), "notes")
        c.log_artifacts(run, folder, "all/of it")
    c.log_text(run, "hello", "deep/er/text.txt")
    c.log_dict(run, {"a": [1, 2]}, "dict.yaml")
    c.list_artifacts(run)
    c.list_artifacts(run, "notes")
    c.list_artifacts(run, "deep")
    c.list_artifacts(run, "all/of it")
    c.list_artifacts(run, "dict.yaml")
    c.list_artifacts(run, "nothing")
    for path in ("notes/a.txt", "notes/한글 메모 📈.txt", "notes/empty", "deep/er/text.txt", "dict.yaml"):
        with tempfile.TemporaryDirectory() as folder:
            read = Path(c.client.download_artifacts(run, path, folder)).read_text()
            c.kept.append(["download", path, read])
    with tempfile.TemporaryDirectory() as folder:
        root = Path(c.client.download_artifacts(run, "", folder))
        c.kept.append(["all", sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())])


def routes(c: Answers) -> None:
    e = c.create_experiment("artifacts routes")
    info = c.client.create_run(e, start_time=1, run_name="r").info
    root = info.artifact_uri.removeprefix("mlflow-artifacts:")
    for name, body, kind in (
        ("plain.txt", b"plain", {"content-type": "text/plain"}),
        ("data.json", b'{"a":1}', {"content-type": "application/json"}),
        ("MLmodel", b"flavors: {}", {"content-type": "application/octet-stream"}),
        ("plot.png", b"png", {"content-type": "image/png"}),
        ("weights.bin", b"0123456789", {}),
    ):
        _keep(c, f"put {name}", _ask(c, "PUT", f"/artifacts{root}/{name}", data=body, headers=dict(kind)))
        _keep(c, f"get {name}", _ask(c, "GET", f"/artifacts{root}/{name}"))
    _keep(c, "part", _ask(c, "GET", f"/artifacts{root}/weights.bin", headers={"Range": "bytes=2-5"}))
    _keep(c, "list", _ask(c, "GET", f"/artifacts?path={root.lstrip('/')}"))
    _keep(c, "list nothing", _ask(c, "GET", f"/artifacts?path={root.lstrip('/')}/nothing"))
    _keep(c, "get nothing", _ask(c, "GET", f"/artifacts{root}/nothing"))
    _keep(c, "list outside", _ask(c, "GET", "/artifacts?path=../x"))
    _keep(c, "get outside", _ask(c, "GET", f"/artifacts{root}/..%2f..%2fx"))
    _keep(c, "put hash", _ask(c, "PUT", f"/artifacts{root}/a%23b", data=b"x"))
    for _ in range(2):
        _keep(c, "delete", _ask(c, "DELETE", f"/artifacts{root}/plain.txt"))
    _keep(c, "list after", _ask(c, "GET", f"/artifacts?path={root.lstrip('/')}"))
    c.rest("GET", "/artifacts/list", params={"run_id": info.run_id})
    c.rest("GET", "/artifacts/list", params={"run_id": "0" * 32})
    c.rest("GET", "/artifacts/list")
    c.rest("GET", "/artifacts/list", params={"run_id": info.run_id, "path": "../x"})
