"""Makes the files beside it: tiny models of Ultralytics' own architectures with random weights, exported by Ultralytics,
pictures, and what its own `predict` says of them. Run once, where there is a network:

    uv run --with ultralytics --with onnx --with onnxruntime --with onnxslim python make.py
"""

import base64
import gzip
import json
import os
import tempfile
import zlib
from pathlib import Path

os.environ["YOLO_AUTOINSTALL"] = "false"

import cv2
import numpy as np
import onnx
import torch
import ultralytics
import yaml
from onnx import numpy_helper
from ultralytics import YOLO

FOLDER = Path(__file__).parent
ARCHITECTURES = Path(ultralytics.__file__).parent / "cfg" / "models"
NAMES = {0: "cat", 1: "tailor's dummy", 2: "개"}
MODELS = {
    # file, size of the input (height, width), task
    "11/yolo11.yaml": ([96, 128], "detect"),
    "26/yolo26.yaml": ([96, 128], "detect"),
    "11/yolo11-cls.yaml": ([64, 64], "classify"),
    "11/yolo11-seg.yaml": ([96, 128], "segment"),
    "26/yolo26-seg.yaml": ([96, 128], "segment"),
}
# Wider and taller than the input, of its size, twice as large (which OpenCV resizes in another way).
PICTURES = {"wide": (200, 90), "tall": (61, 173), "exact": (128, 96), "half": (256, 192)}


def picture(width: int, height: int, seed: int) -> np.ndarray:
    """Draw circles and boxes of random colours."""
    random = np.random.default_rng(seed)
    image = np.full((height, width, 3), random.integers(0, 256, 3), np.uint8)
    for _ in range(12):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        size = int(random.integers(4, max(6, min(width, height) // 3)))
        color = tuple(int(value) for value in random.integers(0, 256, 3))
        if random.random() < 0.5:
            cv2.circle(image, (x, y), size, color, -1)
        else:
            cv2.rectangle(image, (x, y), (x + size, y + size), color, -1)
    return image


def randomized(model: YOLO, source: str, size: list[int]) -> None:
    """Give it weights whose outputs differ from place to place."""
    torch.manual_seed(7)
    network = model.model
    network.names = NAMES
    for module in network.modules():
        # One that is not trained has a meaning.
        if isinstance(module, torch.nn.Conv2d) and module.weight.requires_grad:
            weight = torch.nn.init.normal_(module.weight, std=2.2 / np.sqrt(module.weight[0].numel())).data
            # What is zero takes no room in the packed file.
            weight[weight.abs() < weight.abs().quantile(0.67)] = 0
    network.train()
    with torch.no_grad():
        for batch in range(30):
            images = [cv2.resize(picture(200, 150, batch * 4 + at), (size[1], size[0])) for at in range(4)]
            network(torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float() / 255)
    network.eval()
    head = network.model[-1]
    for name in ("cv3", "one2one_cv3"):
        for branch in getattr(head, name, None) or []:
            branch[-1].bias.data[:] = torch.tensor([-1.7, -1.4, -1.6] if source.startswith("11") else [-3.5, -3.2, -3.4])


def coarse(path: Path) -> None:
    """Keep three bits of each weight's fraction, so that the file can be packed small."""
    model = onnx.load(path)
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size > 64:
            bits = values.copy().view(np.uint32) & np.uint32(0xFFF00000)
            tensor.CopyFrom(numpy_helper.from_array(bits.view(np.float32), tensor.name))
    onnx.save(model, path)


def said(result: ultralytics.engine.results.Results) -> list:
    """What Ultralytics says of an image."""
    if result.probs is not None:
        return [float(value) for value in result.probs.data]
    boxes = [
        {
            "box": [round(float(value), 3) for value in box.xyxy[0]],
            "score": round(float(box.conf[0]), 6),
            "class": int(box.cls[0]),
        }
        for box in result.boxes
    ]
    if result.masks is None:
        return boxes
    # The class of the surest thing at each pixel, from 1, in base64.
    classes = np.zeros(result.orig_shape, np.uint8)
    for mask, box in zip(reversed(result.masks.data.numpy()), reversed(boxes), strict=True):
        classes[mask > 0] = box["class"] + 1
    return {"boxes": boxes, "classes": base64.b64encode(zlib.compress(classes.tobytes(), 9)).decode()}


def make(work: Path) -> None:
    """Write all files."""
    for at, (name, (width, height)) in enumerate(PICTURES.items()):
        cv2.imwrite(str(FOLDER / f"{name}.png"), picture(width, height, 1000 + at))
    expected = {}
    for source, (size, task) in MODELS.items():
        name = Path(source).stem
        config = yaml.safe_load((ARCHITECTURES / source).read_text())
        config |= {"nc": len(NAMES), "scales": {"n": [0.25, 0.03125, 64]}}
        (work / f"{name}n.yaml").write_text(yaml.safe_dump(config))
        model = YOLO(str(work / f"{name}n.yaml"))
        randomized(model, source, size)
        exported = work / f"{name}.onnx"
        Path(model.export(format="onnx", imgsz=size, opset=17, device="cpu")).rename(exported)
        coarse(exported)
        session = YOLO(str(exported), task=task)
        images = {image: str(FOLDER / f"{image}.png") for image in PICTURES}
        expected[name] = {
            image: said(session.predict(path, imgsz=size, device="cpu", verbose=False, retina_masks=True)[0])
            for image, path in images.items()
        }
        (FOLDER / f"{name}.onnx.gz").write_bytes(gzip.compress(exported.read_bytes(), 9, mtime=0))
    (FOLDER / "expected.json").write_text(json.dumps(expected, ensure_ascii=False))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        make(Path(folder))
