"""Shut a training in that runs somebody's code: before torch is imported, as its threads would stay outside."""

import json
import sys
from pathlib import Path
from typing import Any

from mallo_trainer import sandbox

RECIPES = Path(__file__).resolve().parents[2] / "recipes"


def shut_in_training(config: Path) -> None:
    """From now on this process reads the images, the code and ``config`` itself, and writes into ``output`` alone.

    Where the system cannot do that, or the file is none, nothing happens: whoever runs the code asks
    ``sandbox.is_shut_in`` first.
    """
    try:
        raw: dict[str, Any] = json.loads(config.read_text("utf-8"))
        folder = config.resolve().parent
        data, code = (folder / raw[name] for name in ("data", "code"))
        output = folder / raw.get("output", "output")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    # Beside the config there may be what the code shall not see.
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != folder]
    work = output / ".work"
    work.mkdir(parents=True, exist_ok=True)
    sandbox.keep_to(work.resolve())
    try:
        given = [RECIPES, *(path.resolve() for path in (data, code, config))]
        sandbox.shut_in(read=given, write=output.resolve(), gpu=True)
    except sandbox.Unavailable as error:
        print(f"not shut in: {error}", file=sys.stderr)
