"""Write files so that a power cut leaves the old one or the new one, never half of one."""

import json
import os
from collections.abc import Callable
from pathlib import Path


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Have ``write`` fill a temporary file beside ``path``, get it onto the disk, rename it.

    A rename within one folder is atomic; the two fsyncs make sure that the contents
    reach the disk before the name does.
    """
    temporary = path.with_name(f".{path.name}.writing")
    write(temporary)
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(temporary, path)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def save_json(path: Path, contents: object) -> None:
    """Readable JSON, atomically."""
    text = json.dumps(contents, indent=2, ensure_ascii=False) + "\n"
    write_atomically(path, lambda temporary: temporary.write_text(text, "utf-8"))
