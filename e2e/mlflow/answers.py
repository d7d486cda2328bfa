"""Calls a server and keeps each answer in a form in which two servers can be compared.

What a server makes up by itself (ids, times, random names) is replaced by a name for it, in the order of appearance.
"""

import json
import math
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

import requests
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.store.entities.paged_list import PagedList
from mlflow.utils.proto_json_utils import message_to_json
from servers import Server

RUN_ID = re.compile(r"\brun_[0-9A-Za-z]{20}\b|(?<![\w-])[0-9a-f]{32}\b")
MODEL_ID = re.compile(r"\bm-[0-9a-f]{32}\b")
RANDOM_NAME = re.compile(r"^[a-z]+-[a-z]+-\d{1,3}$")
# Python prints a set in any order.
SET = re.compile(r"\{('[^{}]*')\}")
ADDRESS = re.compile(r"(?<=host=')127\.0\.0\.1', port=\d+|127\.0\.0\.1:\d+")
RECENT_MS = 24 * 60 * 60 * 1000


class Answers:
    """The calls of one case to one server, and what came back."""

    def __init__(self, server: Server) -> None:
        self.client = MlflowClient(server.url, registry_uri=server.url)
        self.server = server
        self.kept: list[Any] = []
        self._names: dict[str, str] = {}
        self._experiments: dict[str, str] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """A method of `MlflowClient`: its answer, or its error, is kept and given back."""
        method = getattr(self.client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            return self.keep(name, lambda: method(*args, **kwargs))

        return call

    def keep(self, name: str, call: Callable[[], Any], show: Callable[[Any], Any] | None = None) -> Any:
        """Keeps what a call answers, or of it what `show` says. Errors are given back, not thrown."""
        try:
            answer = call()
        except MlflowException as error:
            message = ADDRESS.sub("<server>", error.message.split(" Error: ")[0])
            self.kept.append([name, "error", error.error_code, self.plain(message)])
            return error
        if name == "create_experiment":
            shown = self._experiments.setdefault(answer, f"<experiment-{len(self._experiments) + 1}>")
        else:
            shown = self.plain(show(answer) if show else answer)
        self.kept.append([name, shown])
        return answer

    def rest(self, method: str, path: str, body: Any = None, params: Any = None) -> Any:
        """A request that the client would not send; the status and the JSON are kept."""
        headers = {"Authorization": f"Bearer {self.server.token}"} if self.server.token else {}
        url = f"{self.server.url}/api/2.0/mlflow{path}"
        answer = requests.request(method, url, json=body, params=params, headers=headers, timeout=60)
        told = answer.json() if answer.text.startswith("{") else {}
        for extra in ("sqlstate", "error_class"):
            told.pop(extra, None)
        self.kept.append([f"{method} {path}", answer.status_code, self.plain(told)])
        return told

    def plain(self, value: Any) -> Any:
        if hasattr(value, "to_proto"):
            return self.plain(json.loads(message_to_json(value.to_proto())))
        if isinstance(value, PagedList):
            return {"items": self._list(value), "has_more": bool(value.token)}
        if isinstance(value, dict):
            return {key: self._field(key, item) for key, item in sorted(value.items())}
        if isinstance(value, list | tuple):
            return self._list(value)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        if isinstance(value, int) and not isinstance(value, bool) and self._is_recent(value):
            return "<time>"
        return value

    def _field(self, key: str, value: Any) -> Any:
        if key == "experiment_id" and value in self._experiments:
            return self._experiments[value]
        # Which page comes next is said in each server's own way.
        if key == "next_page_token":
            return "<token>"
        return self.plain(value)

    def _list(self, values: Iterable[Any]) -> list[Any]:
        plain = [self.plain(value) for value in values]
        # Tags, params and metrics of one thing are sets: servers answer them in any order.
        if plain and all(isinstance(one, dict) and "key" in one for one in plain):
            return sorted(plain, key=lambda one: [str(one.get(name)) for name in ("key", "step", "timestamp", "value")])
        return plain

    def _text(self, text: str) -> str:
        if RANDOM_NAME.match(text):
            return "<random name>"
        text = SET.sub(lambda found: "{" + ", ".join(sorted(found.group(1).split(", "))) + "}", text)
        text = MODEL_ID.sub(lambda found: self._named("model", found.group()), text)
        text = RUN_ID.sub(lambda found: self._named("run", found.group()), text)
        for experiment_id, name in self._experiments.items():
            text = re.sub(rf"(mlflow-artifacts:/){experiment_id}(?=/|$)", rf"\1{name}", text)
            text = re.sub(rf"(experiment |id[= ])'?{experiment_id}\b", rf"\1{name}", text)
        return text

    def _named(self, kind: str, value: str) -> str:
        count = sum(name.startswith(f"<{kind}-") for name in self._names.values())
        return self._names.setdefault(value, f"<{kind}-{count + 1}>")

    @staticmethod
    def _is_recent(value: int) -> bool:
        return abs(value - time.time() * 1000) < RECENT_MS
