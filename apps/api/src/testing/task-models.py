"""Makes small real networks for each task as their frameworks export them, and what PyTorch says of an image.

    python task-models.py FOLDER    (in it: image.png; needs the environment of the recipes)
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from mallo_trainer.image_folder import decode_image
from mallo_trainer.preprocessing import Preprocessing
from torch import Tensor, nn
from torchvision.ops import batched_nms

folder = Path(sys.argv[1])
torch.manual_seed(3)
image = decode_image(folder / "image.png", folder)
height, width = image.shape[1:]
said = {}
imagenet = Preprocessing(64, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
plain = Preprocessing(64, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def backbone(channels: int, stride: int = 4) -> nn.Module:
    """A few convolutions whose outputs differ from place to place."""
    return nn.Sequential(nn.Conv2d(3, 12, 5, 2, 2), nn.Tanh(), nn.Conv2d(12, channels, 3, stride // 2, 1))


def trained(model: nn.Module) -> nn.Module:
    """Bring its outputs to both sides of zero."""
    with torch.no_grad():
        for _ in range(20):
            model(imagenet(image[None]) + torch.randn(4, 3, 64, 64) / 4)
    return model.eval()


def export(model: nn.Module, example: Tensor, name: str, outputs: list[str], batch: bool = True) -> None:
    """Write it as ONNX, any number of images at once unless said otherwise."""
    shapes = {0: torch.export.Dim("batch", min=1, max=1000)} if batch else None
    torch.onnx.export(
        model.eval(),
        (example,),
        folder / name,
        input_names=["images"],
        output_names=outputs,
        dynamic_shapes=[shapes] if batch else None,
        external_data=False,
        verbose=False,
    )


example = torch.rand(2, 3, 64, 64)

# Segmentation: logits at a quarter of the size.
segmenter = backbone(4).eval()
export(segmenter, example, "segmenter.onnx", ["logits"])
with torch.no_grad():
    logits = segmenter(imagenet(image[None]))
    full = F.interpolate(logits, (height, width), mode="bilinear", align_corners=False)
    said["segmenter"] = full.argmax(1)[0].flatten().tolist()


# As the demo's: pixels in, probabilities out.
class FromPixels(nn.Module):
    """Preprocessing is part of it."""

    def forward(self, pixels: Tensor) -> Tensor:
        """See the class."""
        return segmenter(imagenet(pixels.permute(0, 3, 1, 2))).softmax(1)


torch.onnx.export(
    FromPixels().eval(),
    (torch.zeros(2, 67, 101, 3, dtype=torch.uint8),),
    folder / "pixels.onnx",
    input_names=["image"],
    output_names=["probabilities"],
    dynamic_shapes=[{at: torch.export.Dim(name, min=1, max=9999) for at, name in enumerate(["n", "h", "w"])}],
    external_data=False,
    verbose=False,
)
with torch.no_grad():
    full = F.interpolate(logits.softmax(1), (height, width), mode="bilinear", align_corners=False)
    said["pixels"] = full.argmax(1)[0].flatten().tolist()

# One plane: a thing or not.
binary = trained(nn.Sequential(backbone(1), nn.BatchNorm2d(1)))
export(binary, example, "binary.onnx", ["logits"])
with torch.no_grad():
    full = F.interpolate(binary(imagenet(image[None])), (height, width), mode="bilinear", align_corners=False)
    said["binary"] = (full[0, 0] > 0).int().flatten().tolist()


class Detr(nn.Module):
    """Queries with logits, the last for “nothing”, and boxes as shares."""

    def __init__(self) -> None:
        super().__init__()
        self.features = backbone(9)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        found = self.features(images).flatten(2).transpose(1, 2)
        return found[..., :5] * 6, found[..., 5:].sigmoid()


detr = Detr().eval()
export(detr, example, "detr.onnx", ["logits", "pred_boxes"])


def corners(boxes: Tensor) -> Tensor:
    """Middles and sizes as corners."""
    middle, size = boxes[..., :2], boxes[..., 2:]
    return torch.cat([middle - size / 2, middle + size / 2], -1)


def listed(boxes: Tensor, scores: Tensor, labels: Tensor, limit: int = 300) -> list:
    """As JSON, the surest first, inside the image."""
    boxes = boxes.clone()
    boxes[:, 0::2] = boxes[:, 0::2].clamp(0, width)
    boxes[:, 1::2] = boxes[:, 1::2].clamp(0, height)
    order = scores.argsort(descending=True)[:limit]
    return [[*boxes[at].tolist(), scores[at].item(), labels[at].item()] for at in order if scores[at] > 0.25]


with torch.no_grad():
    # https://github.com/huggingface/transformers: DetrImageProcessor.post_process_object_detection
    logits, boxes = detr(imagenet(image[None]))
    scores, labels = logits.softmax(-1)[0, :, :-1].max(-1)
    said["detr"] = listed(corners(boxes[0]) * torch.tensor([width, height, width, height]), scores, labels)


class Torchvision(nn.Module):
    """One image in; boxes, labels from 1 and scores out, sorted out already."""

    def __init__(self) -> None:
        super().__init__()
        self.features = backbone(6)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See the class."""
        found = self.features(image[None])[0].flatten(1)
        boxes = corners(found[:4].sigmoid().T * 64)
        return boxes, (found[4] > 0).long() + 1, found[5].sigmoid()


torchvision = Torchvision().eval()
export(torchvision, torch.rand(3, 64, 64), "torchvision.onnx", ["boxes", "labels", "scores"], batch=False)
with torch.no_grad():
    boxes, labels, scores = torchvision(plain(image[None])[0])
    scale = torch.tensor([width / 64, height / 64, width / 64, height / 64])
    said["torchvision"] = listed(boxes * scale, scores, labels - 1)

# Boxes by the rows, which overlap: what torchvision's own suppression leaves of them.
rows = trained(nn.Sequential(backbone(7), nn.BatchNorm2d(7), nn.Sigmoid(), nn.Flatten(2)))


class Rows(nn.Module):
    """Ultralytics' form without its metadata."""

    def forward(self, images: Tensor) -> Tensor:
        """See the class."""
        found = rows(images)
        return torch.cat([found[:, :2] * 64, found[:, 2:4] * 16, found[:, 4:]], 1)


export(Rows(), example, "rows.onnx", ["output0"])
with torch.no_grad():
    # The picture for this one is square and as large as the input: nothing is resized.
    found = Rows()(decode_image(folder / "square.png", folder)[None].float() / 255)[0]
    boxes, (scores, labels) = corners(found[:4].T), found[4:].max(0)
    boxes, scores, labels = boxes[scores > 0.25], scores[scores > 0.25], labels[scores > 0.25]
    kept = batched_nms(boxes, scores, labels, 0.7)
    width, height = 64, 64
    said["rows"] = listed(boxes[kept], scores[kept], labels[kept])


class Anomaly(nn.Module):
    """As anomalib exports: a score, a label and a map."""

    def __init__(self) -> None:
        super().__init__()
        self.features = backbone(1)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See the class."""
        strange = self.features(images).sigmoid()
        score = strange.amax((1, 2, 3))
        return score, score > 0.5, strange


anomaly = Anomaly().eval()
export(anomaly, example, "anomaly.onnx", ["pred_score", "pred_label", "anomaly_map"])
with torch.no_grad():
    score, label, strange = anomaly(imagenet(image[None]))
    said["anomaly"] = {"score": score.item(), "label": label.item(), "map": strange.flatten().tolist()}

(folder / "said.json").write_text(json.dumps(said))
