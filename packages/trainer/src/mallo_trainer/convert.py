"""Turn somebody's PyTorch weights into ONNX, shut in.

    python -I -m mallo_trainer.convert SETTINGS.json

with, in SETTINGS.json,

    weights        a file of .pth, .pt (torch.save) or .safetensors, under any name
    architecture   a name of timm, or "file.py:ClassName" for a class in ``code``
    code           that file, or null: run only where it is given, and only shut in
    input_shape    what the model reads, such as [1, 3, 224, 224], or null for what timm says
    output         an empty folder, the only one that can be written to: model.onnx comes there
    memory_bytes, seconds, file_bytes    limits

Prints one line of JSON:

    {"problem": null, "would_run": [], "missing": [], "unexpected": [], "classes": 10,
     "input_shape": [-1, 3, 32, 32], "onnx_max_difference": 1e-6, "shut_in": true}

``problem``: null, or ``{"code", "message", ...}``. A pickle is opened only after its program
was read and calls nothing that torch does not allow, and then with ``weights_only``.
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
    given = [Path(settings[name]) for name in ("weights", "code") if settings[name]]
    answer: dict[str, Any] = {"problem": None, "would_run": [], "missing": [], "unexpected": [], "shut_in": True}
    try:
        sandbox.shut_in(read=given, write=output)
    except sandbox.Unavailable as error:
        answer["shut_in"] = False
        if settings["code"]:
            answer["problem"] = {"code": "sandbox_missing", "message": str(error)}
            print(json.dumps(answer))
            return 2
    # Only now: torch starts threads, and those would stay outside.
    from mallo_trainer.conversion import convert  # noqa: PLC0415

    return convert(settings, answer)


if __name__ == "__main__":
    sys.exit(main())
