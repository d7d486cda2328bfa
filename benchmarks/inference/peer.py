"""onnxruntime in this process, as a Python program uses it: ``python peer.py FOLDER``.

Reads lines of JSON, ``{"model": ..., "asked": "tensor" | "image", "times": ...}``, and answers each with how long every
time took, in milliseconds, and what came out at the end. Threads are as onnxruntime chooses them.
"""

import json
import sys
import time
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

folder = Path(sys.argv[1])
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)


@cache
def session(model: str) -> onnxruntime.InferenceSession:
    """Open it once."""
    return onnxruntime.InferenceSession(folder / f"{model}.onnx", providers=["CPUExecutionProvider"])


def from_image() -> np.ndarray:
    """Decode, resize and normalize, as Pillow and numpy do it."""
    with Image.open(folder / "image.jpg") as image:
        pixels = np.asarray(image.convert("RGB").resize((224, 224), Image.Resampling.BILINEAR), np.float32)
    return np.ascontiguousarray(((pixels / 255 - MEAN) / STD).transpose(2, 0, 1)[None])


tensor = np.fromfile(folder / "tensor.f32", np.float32).reshape(1, 3, 224, 224)
for line in sys.stdin:
    asked = json.loads(line)
    took = []
    for _ in range(asked["times"]):
        started = time.perf_counter()
        values = tensor if asked["asked"] == "tensor" else from_image()
        (logits,) = session(asked["model"]).run(None, {"image": values})
        powers = np.exp(logits[0] - logits.max())
        most = float((powers / powers.sum()).max())
        took.append((time.perf_counter() - started) * 1000)
    print(json.dumps({"took": took, "most": most}), flush=True)
