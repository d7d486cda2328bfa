"""Mallo's own Python client, and its command in the terminal, against a real Mallo; also on a network that is cut."""

import http.server
import io
import json
import os
import socket
import subprocess
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import servers
from mallo import Client, MalloError
from onnx import TensorProto, helper
from PIL import Image
from test_projects import token_of

NAME = "색 분류/3"
URI = "mallo://models/%EC%83%89%20%EB%B6%84%EB%A5%98%2F3"
LARGE = os.urandom(20_000_000)


def classifier() -> bytes:
    """Float32 images of any number in, the mean of each of their three channels out."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["images"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["logits"]),
    ]
    inputs = [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["n", 3, 8, 8])]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 3])]
    graph = helper.make_graph(nodes, "colours", inputs, outputs)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def ask(mallo: servers.Server, method: str, path: str, **more: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {mallo.token}", **more.pop("headers", {})}
    answer = requests.request(method, mallo.url + path, headers=headers, timeout=60, **more)
    assert answer.ok, answer.text
    return answer


def register(mallo: servers.Server, project: str, files: dict[str, bytes]) -> dict[str, Any]:
    """Registers a version of files as a page does, by resumable uploads."""
    uploads = []
    for name, content in files.items():
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(content)),
            "Content-Type": "application/offset+octet-stream",
        }
        made = ask(mallo, "POST", "/api/v1/uploads", data=content, headers=headers)
        uploads.append({"uploadId": made.headers["location"].rsplit("/", 1)[-1], "name": name})
    form = {
        "name": NAME,
        "bump": "minor",
        "files": uploads,
        "framework": "onnx",
        "architecture": "mean",
        "taskType": "classification",
        "classNames": ["red", "green", "blue"],
        "metrics": {"val_accuracy": 0.875},
        "key": str(uuid.uuid4()),
    }
    return ask(mallo, "POST", f"/api/v1/projects/{project}/models/register", json=form).json()


@pytest.fixture(scope="module")
def version(mallo: servers.Server) -> dict[str, Any]:
    """Version 1.0.0, the champion, and 1.1.0 after it."""
    project = ask(mallo, "GET", "/api/v1/projects").json()[0]["id"]
    first = register(mallo, project, {"model.onnx": classifier(), "weights.bin": LARGE, "메모 1.txt": b"memo"})
    register(mallo, project, {"model.onnx": classifier()})
    form = {"version": "1.0.0", "key": str(uuid.uuid4())}
    ask(mallo, "POST", f"/api/v1/models/{first['modelId']}/promote", json=form)
    return first


@pytest.fixture
def client(mallo: servers.Server, version: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Client:
    for name in ("MALLO_URL", "MALLO_TOKEN", "MALLO_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mallo.url)
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", mallo.token or "")
    return Client()


def image(colour: str, form: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (9, 5), colour).save(file, form)
    return file.getvalue()


class CuttingDoor:
    """A way to a server on which answers are cut after some bytes; it remembers where each request began to read."""

    def __init__(self, to: str, after_bytes: int, times: int) -> None:
        self._address = to.removeprefix("http://").split(":")
        self._after_bytes, self._times = after_bytes, times
        self.ranges: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass, args=(near,), daemon=True).start()

    def _pass(self, near: socket.socket) -> None:
        with near, socket.create_connection((self._address[0], int(self._address[1]))) as far:
            head = near.recv(65536)
            far.sendall(head)
            lines = head.decode().split("\r\n")
            left = float("inf")
            if "/artifacts/weights.bin " in lines[0]:
                self.ranges += [line for line in lines if line.lower().startswith("range:")]
                if len(self.ranges) <= self._times:
                    left = self._after_bytes
            while left > 0 and (chunk := far.recv(int(min(left, 65536)))):
                near.sendall(chunk)
                left -= len(chunk)

    def close(self) -> None:
        self._listener.close()


def test_a_reference_means_a_version(client: Client, version: dict[str, Any]) -> None:
    found = client.resolve(f"{URI}@champion")
    assert (found.model_id, found.name, found.version) == (version["modelId"], NAME, "1.0.0")
    assert (found.aliases, found.metrics) == (("champion",), {"val_accuracy": 0.875})
    assert {file.name: (file.bytes, file.sha256) for file in found.files} == {
        one["name"]: (one["sizeBytes"], one["sha256"]) for one in version["artifacts"]
    }
    assert [client.resolve(f"{URI}{ref}").version for ref in ("", "/latest", "/v1", "/1.0.0")] == [
        "1.1.0",
        "1.1.0",
        "1.0.0",
        "1.0.0",
    ]


def test_refusals_have_a_code_and_the_language_of_the_person(
    client: Client, mallo: servers.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(MalloError) as english:
        client.resolve("mallo://models/nothing")
    assert (english.value.code, english.value.status) == ("model.not_found", 404)
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    with pytest.raises(MalloError, match=r"[가-힣]") as korean:
        Client().resolve("mallo://models/nothing")
    assert korean.value.message != english.value.message == str(english.value)
    with pytest.raises(MalloError) as stranger:
        Client(token="wrong").resolve(URI)
    assert (stranger.value.code, stranger.value.status) == ("auth.required", 401)
    with pytest.raises(MalloError) as away:
        Client("http://127.0.0.1:9").resolve(URI)
    assert (away.value.code, away.value.status) == ("client.unreachable", None)
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    with pytest.raises(MalloError) as unset:
        Client()
    assert unset.value.code == "client.unset"
    monkeypatch.setenv("MALLO_URL", mallo.url)
    assert Client().resolve(URI).version == "1.1.0"


def test_an_image_is_asked_about(client: Client) -> None:
    for reference in (f"{URI}@champion", f"{URI}/latest", URI):
        said = client.predict(reference, image("red"))
        assert (said["task"], said["classes"][0]["name"]) == ("classification", "red")
    assert client.predict(URI, image("blue", "PNG"))["classes"][0]["name"] == "blue"
    with pytest.raises(MalloError) as refusal:
        client.predict(URI, b"no image")
    assert refusal.value.code == "image.unreadable"
    with pytest.raises(MalloError) as invalid:
        client.predict("models:/pets/1", image("red"))
    assert invalid.value.code == "client.uri_invalid"


def test_files_come_whole_and_stay(client: Client, tmp_path: Path) -> None:
    paths = client.download(f"{URI}@champion", tmp_path / "models")
    assert {path.name: path.read_bytes() for path in paths} == {
        "model.onnx": classifier(),
        "weights.bin": LARGE,
        "메모 1.txt": b"memo",
    }
    before = {path: path.stat().st_mtime_ns for path in paths}
    paths[0].write_bytes(b"altered")
    assert client.download(f"{URI}@champion", tmp_path / "models") == paths
    assert {path for path in paths if path.stat().st_mtime_ns != before[path]} == {paths[0]}
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == sorted(path.name for path in paths)


def test_a_download_that_is_cut_goes_on_where_it_was(client: Client, mallo: servers.Server, tmp_path: Path) -> None:
    door = CuttingDoor(mallo.url, 3_000_000, 5)
    try:
        Client(door.url).download(f"{URI}@champion", tmp_path)
    finally:
        door.close()
    assert (tmp_path / "weights.bin").read_bytes() == LARGE
    starts = [int(line.split("=")[1].rstrip("-")) for line in door.ranges]
    assert len(starts) == 6
    assert starts == sorted(set(starts))
    assert starts[0] == 0
    assert starts[-1] > 5 * 2_900_000


def test_a_download_that_always_breaks_leaves_nothing(
    client: Client, mallo: servers.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mallo.client.PATIENCE_SECONDS", (0, 0))
    door = CuttingDoor(mallo.url, 100, 1_000)
    try:
        with pytest.raises(MalloError) as refusal:
            Client(door.url).download(f"{URI}@champion", tmp_path)
    finally:
        door.close()
    assert refusal.value.code == "client.unreachable"
    assert "weights.bin" not in {path.name for path in tmp_path.iterdir()}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


class Liar(http.server.BaseHTTPRequestHandler):
    """A server that says what Mallo never says."""

    files: tuple[dict[str, Any], ...] = ()

    def do_GET(self) -> None:
        said: Any = {"aliases": {}}
        if self.path.startswith("/api/v1/models/resolve"):
            said = {"modelId": "mdl_1", "modelName": "x", "version": "1.0.0", "metrics": {}, "artifacts": self.files}
        body = b"not it" if "/artifacts/" in self.path else json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def liar() -> Iterator[Client]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Client(f"http://127.0.0.1:{server.server_address[1]}", "any", "en")
        server.shutdown()


@pytest.mark.parametrize(
    "name", ["../escaped", "/tmp/escaped", "a/../../escaped", "", ".", "..", "out/escaped", "a\0b"]
)
def test_a_name_that_leaves_the_folder_is_refused(
    name: str, liar: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (folder / "out").symlink_to(tmp_path)
    said = [{"name": one, "sizeBytes": 6, "sha256": "0" * 64} for one in ("good", name)]
    monkeypatch.setattr(Liar, "files", said)
    with pytest.raises(MalloError) as refusal:
        liar.download("mallo://models/x", folder)
    assert refusal.value.code == "client.file_name"
    assert [path.name for path in folder.iterdir()] == ["out"]
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]


@pytest.mark.parametrize("size", [3, 6, 1_000])
def test_bytes_that_are_not_the_registered_ones_are_not_kept(
    size: int, liar: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mallo.client.PATIENCE_SECONDS", (0, 0))
    monkeypatch.setattr(Liar, "files", [{"name": "model.bin", "sizeBytes": size, "sha256": "0" * 64}])
    with pytest.raises(MalloError) as refusal:
        liar.download("mallo://models/x", tmp_path)
    assert refusal.value.code == ("client.unreachable" if size == 1_000 else "client.file_altered")
    assert list(tmp_path.iterdir()) == []


def run(mallo: servers.Server, *words: str, locale: str = "en") -> subprocess.CompletedProcess[str]:
    line = [servers.NODE, str(servers.CLI), "model", *words]
    env = {**mallo.env, "MALLO_LOCALE": locale}
    return subprocess.run(line, env=env, capture_output=True, text=True, check=False)


def test_the_command_says_the_version_and_downloads_it(
    mallo: servers.Server, version: dict[str, Any], tmp_path: Path
) -> None:
    said = run(mallo, f"{URI}@champion")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith(f"{NAME} 1.0.0 ")
    for artifact in version["artifacts"]:
        assert artifact["sha256"] in said.stdout
    folder = tmp_path / "new" / "models"
    downloaded = run(mallo, f"{URI}@champion", str(folder), "--json", locale="ko")
    assert json.loads(downloaded.stdout)["artifacts"] == version["artifacts"]
    assert "파일 3개" in downloaded.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "model.onnx": classifier(),
        "weights.bin": LARGE,
        "메모 1.txt": b"memo",
    }
    nothing = run(mallo, "mallo://models/nothing", str(tmp_path / "none"))
    assert (nothing.returncode, nothing.stdout, (tmp_path / "none").exists()) == (1, "", False)
    assert nothing.stderr.count("\n") == 1
    assert run(mallo).returncode == run(mallo, URI, "--force").returncode == 2


def test_a_name_that_two_projects_have(mallo: servers.Server, client: Client) -> None:
    token = token_of(mallo, "A copy")
    [project] = [one["id"] for one in ask(mallo, "GET", "/api/v1/projects").json() if one["name"] == "A copy"]
    register(mallo, project, {"model.onnx": classifier()})
    assert client.resolve(URI).version == "1.1.0"
    copy = Client(token=token)
    assert (copy.resolve(URI).version, copy.predict(URI, image("green"))["classes"][0]["name"]) == ("1.0.0", "green")
    asked = run(mallo, URI)
    assert asked.returncode == 1
    assert project in asked.stderr
    assert run(mallo, URI, "--project", "A copy").stdout.startswith(f"{NAME} 1.0.0 ")
