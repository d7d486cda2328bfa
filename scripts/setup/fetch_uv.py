"""Fetches a wheel of uv from the package index and unpacks it, where Python came without pip.

python3 fetch_uv.py VERSION FOLDER     leaves the program at FOLDER/bin/uv

Follows the simple index (PEP 503, PEP 691) named by PIP_INDEX_URL, UV_DEFAULT_INDEX or a pip.conf, else
pypi.org. Only the standard library is used.
"""

import configparser
import hashlib
import html.parser
import io
import json
import os
import pathlib
import platform
import sys
import sysconfig
import urllib.parse
import urllib.request
import zipfile


class Links(html.parser.HTMLParser):
    """The addresses of all links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.addresses += [value for name, value in attrs if name == "href" and value]


def list_files(index: str) -> list[tuple[str, str, str | None]]:
    """Name, address and SHA-256 of every file of uv in the index."""
    page = index.rstrip("/") + "/uv/"
    accept = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"
    request = urllib.request.Request(page, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read().decode()
        if "json" in answer.headers.get("Content-Type", ""):
            return [
                (file["filename"], urllib.parse.urljoin(page, file["url"]), file.get("hashes", {}).get("sha256"))
                for file in json.loads(text)["files"]
            ]
    links = Links()
    links.feed(text)
    files = []
    for link in links.addresses:
        address, _, fragment = urllib.parse.urljoin(page, link).partition("#")
        name = urllib.parse.unquote(address.rsplit("/", 1)[-1])
        files.append((name, address, fragment.partition("sha256=")[2] or None))
    return files


def fits_this_machine(name: str) -> bool:
    """Whether a wheel's platform tag is this machine's (PEP 425)."""
    tags = name.removesuffix(".whl").rsplit("-", 1)[-1].split(".")
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return any(tag.startswith("macosx") and tag.endswith(machine) for tag in tags)
    libc = "musllinux" if "musl" in (sysconfig.get_config_var("SOABI") or "") else "manylinux"
    return any(tag.startswith(libc) and tag.endswith(machine) for tag in tags)


def find_index() -> str:
    """The index that this machine is set to."""
    for variable in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
        if os.environ.get(variable):
            return os.environ[variable]
    settings = configparser.ConfigParser(interpolation=None)
    places = ("/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf")
    settings.read([pathlib.Path(place).expanduser() for place in places])
    return settings.get("global", "index-url", fallback="https://pypi.org/simple")


def main(version: str, folder: str) -> None:
    index = find_index()
    wheels = [file for file in list_files(index) if file[0].startswith(f"uv-{version}-") and file[0].endswith(".whl")]
    fitting = [wheel for wheel in wheels if fits_this_machine(wheel[0])]
    if not fitting:
        sys.exit(f"{index} has no uv {version} for {platform.system()} {platform.machine()}")
    name, address, sha256 = fitting[0]
    with urllib.request.urlopen(address, timeout=60) as answer:
        wheel = answer.read()
    if sha256 and hashlib.sha256(wheel).hexdigest() != sha256:
        sys.exit(f"{name} did not arrive as the index describes it")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        program = archive.read(f"uv-{version}.data/scripts/uv")
    target = pathlib.Path(folder, "bin", "uv")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".new")
    draft.write_bytes(program)
    draft.chmod(0o755)
    draft.replace(target)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
