"""A client of Mallo's API, with nothing but the standard library."""

import hashlib
import http.client
import json
import os
import re
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

from mallo.words import WORDS, Locale

CHUNK_BYTES = 1 << 20
TIMEOUT_SECONDS = 60
# Between attempts of a download that bring nothing; what brings bytes begins them anew.
PATIENCE_SECONDS = (0.2, 1, 3, 10, 30)


class MalloError(Exception):
    """What could not be done: a code that stays, a sentence for people, and the HTTP status where Mallo answered."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True)
class File:
    """A file of a version; `name` may have folders."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class ModelVersion:
    """A version of a model, which never changes, and the aliases that point to it now."""

    model_id: str
    name: str
    version: str
    aliases: tuple[str, ...]
    metrics: Mapping[str, float]
    files: tuple[File, ...]


class Client:
    """The models of a Mallo. What is not given comes from MALLO_URL and MALLO_TOKEN, or from MLflow's variables."""

    def __init__(self, url: str | None = None, token: str | None = None, locale: Locale | None = None) -> None:
        self._locale: Locale = locale or _locale_of_environment()
        self._url = (url or _first_set("MALLO_URL", "MLFLOW_TRACKING_URI")).rstrip("/")
        self._token = token or _first_set("MALLO_TOKEN", "MLFLOW_TRACKING_TOKEN")
        if not self._url or not self._token:
            raise self._problem("client.unset")

    def resolve(self, uri: str) -> ModelVersion:
        """The version that `mallo://models/pets@champion` means now; `/1.2.0`, `/latest` and `/best` are others."""
        found = self._json(f"/api/v1/models/resolve?{urlencode({'uri': uri})}")
        model = self._json(f"/api/v1/models/{found['modelId']}")
        return ModelVersion(
            model_id=found["modelId"],
            name=found["modelName"],
            version=found["version"],
            aliases=tuple(alias for alias, version in model["aliases"].items() if version == found["version"]),
            metrics=found["metrics"],
            files=tuple(File(one["name"], one["sizeBytes"], one["sha256"]) for one in found["artifacts"]),
        )

    def download(self, uri: str, folder: str | Path) -> list[Path]:
        """Downloads the files of a version to a folder, each whole or not at all; those that are there stay."""
        version, folder = self.resolve(uri), Path(folder).resolve()
        targets = [self._place(folder, file) for file in version.files]
        for file, target in zip(version.files, targets, strict=True):
            if not (target.is_file() and _sha256_of(target) == file.sha256):
                self._download(version, file, target)
        return targets

    def predict(self, uri: str, image: bytes) -> dict[str, Any]:
        """What the version says of an image: `task`, and by it `classes`, `boxes`, `mask` or `score`."""
        parts = re.fullmatch(r"mallo://models/([^@/?#\s]+)(?:@([\w-]+)|/(@?[\w.:-]+))?", uri)
        if not parts:
            raise self._problem("client.uri_invalid", uri=uri)
        name, alias, reference = parts.groups()
        path = f"{quote(unquote(name), safe='')}/{f'@{alias}' if alias else reference or 'latest'}"
        return self._json(f"/api/v1/models/{path}/predict", image)["predictions"][0]

    def _place(self, folder: Path, file: File) -> Path:
        target = folder if "\0" in file.name else (folder / file.name).resolve()
        if target == folder or not target.is_relative_to(folder):
            raise self._problem("client.file_name", name=file.name, folder=folder)
        return target

    def _download(self, version: ModelVersion, file: File, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".mallo-{secrets.token_hex(8)}")
        try:
            if self._write(version, file, draft) != file.sha256:
                raise self._problem("client.file_altered", name=file.name)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)

    def _write(self, version: ModelVersion, file: File, draft: Path) -> str:
        """Writes what comes, as often as the connection is cut from where it was. Returns the SHA-256 of it."""
        path = f"/api/v1/models/{version.model_id}/versions/{version.version}/artifacts/{quote(file.name, safe='')}"
        digest, done, farthest, failures = hashlib.sha256(), 0, 0, 0
        with draft.open("xb") as output:
            while done < file.bytes:
                try:
                    answer = self._open(path, headers={"Range": f"bytes={done}-", "If-Range": f'"{file.sha256}"'})
                except MalloError as problem:
                    is_momentary = problem.status in (None, 429, 502, 503, 504)
                    if not is_momentary or failures == len(PATIENCE_SECONDS):
                        raise
                else:
                    with answer:
                        if answer.status != http.client.PARTIAL_CONTENT:
                            # All of it came, from its beginning.
                            digest, done = hashlib.sha256(), 0
                            output.seek(0)
                            output.truncate()
                        while done <= file.bytes and (chunk := _read(answer)):
                            output.write(chunk)
                            digest.update(chunk)
                            done += len(chunk)
                if done < file.bytes:
                    failures = 0 if done > farthest else failures + 1
                    farthest = max(farthest, done)
                    if failures > len(PATIENCE_SECONDS):
                        raise self._problem("client.unreachable", url=self._url, reason="the connection is cut")
                    time.sleep(PATIENCE_SECONDS[max(failures - 1, 0)])
        return digest.hexdigest()

    def _json(self, path: str, body: bytes | None = None) -> Any:
        with self._open(path, body, {"Content-Type": "application/octet-stream"} if body is not None else {}) as answer:
            try:
                return json.loads(answer.read())
            except (OSError, http.client.HTTPException) as cause:
                raise self._problem("client.unreachable", url=self._url, reason=cause) from cause
            except ValueError as cause:
                raise self._problem("client.not_mallo", answer.status, url=self._url, status=answer.status) from cause

    def _open(self, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Any:
        try:
            request = urllib.request.Request(self._url + path, body, dict(headers or {}))
            # It is for this server alone, not for one that it sends us to.
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
            return urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
        except urllib.error.HTTPError as refusal:
            raise self._refusal(refusal) from None
        except (OSError, http.client.HTTPException, ValueError) as cause:
            reason = getattr(cause, "reason", cause)
            raise self._problem("client.unreachable", url=self._url, reason=reason) from cause

    def _refusal(self, refusal: urllib.error.HTTPError) -> MalloError:
        try:
            said = json.loads(refusal.read())["error"]
            return MalloError(said["code"], said["message"][self._locale], refusal.code)
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return self._problem("client.not_mallo", refusal.code, url=self._url, status=refusal.code)

    def _problem(self, code: str, http_status: int | None = None, **named: object) -> MalloError:
        return MalloError(code, WORDS[code][self._locale].format(**named), http_status)


def _first_set(*names: str) -> str:
    return next((value for name in names if (value := os.environ.get(name))), "")


def _locale_of_environment() -> Locale:
    return "ko" if _first_set("MALLO_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG").lower().startswith("ko") else "en"


def _read(answer: Any) -> bytes:
    """What comes next; nothing where the connection was cut, which the missing bytes say too."""
    try:
        return answer.read(CHUNK_BYTES)
    except (OSError, http.client.HTTPException):
        return b""


def _sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
