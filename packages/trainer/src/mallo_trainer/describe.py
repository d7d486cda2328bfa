"""Say what the model of somebody's Python file is, shut in.

    python -I -m mallo_trainer.describe SETTINGS.json

with, in SETTINGS.json,

    code           the file
    entry          the class or function in it that makes the model, or null where there is only one
    input_size     width and height of the images that it is to be looked at with
    output         an empty folder, the only one that can be written to
    memory_bytes, seconds, file_bytes    limits

Prints one line of JSON:

    {"problem": null, "entry": "Net", "params": 61706, "gflops": 0.1, "activations_m": 0.5, "fixed_input_size": false}

``problem``: null, or ``{"code", "message", ...}``.
"""

import json
import sys
from pathlib import Path
from typing import Any

from mallo_trainer import sandbox


def main() -> int:
    """Command line entry point."""
    settings: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    output = sandbox.begin(settings)
    answer: dict[str, Any] = {"problem": None}
    try:
        sandbox.shut_in(read=[Path(settings["code"])], write=output)
    except sandbox.Unavailable as error:
        answer["problem"] = {"code": "sandbox_missing", "message": str(error)}
        print(json.dumps(answer))
        return 2
    # Only now: torch starts threads, and those would stay outside.
    from mallo_trainer.added_model import describe  # noqa: PLC0415

    return describe(settings, answer)


if __name__ == "__main__":
    sys.exit(main())
