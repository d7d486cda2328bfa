# /// script
# requires-python = ">=3.11"
# dependencies = ["ultralytics==8.4.190", "torch==2.15.0", "torchvision==0.29.2", "timm==1.0.31"]
# ///
"""Ultralytics: every weights file of its releases for which it has a model file, and one of our tasks."""

import re
import sys
from importlib.metadata import metadata
from pathlib import Path

from catalogue import Entry, counted, license_of, quiet, tell, write
from torch import nn
from ultralytics.nn.tasks import (
    ClassificationModel,
    DetectionModel,
    RTDETRDetectionModel,
    SegmentationModel,
    SemanticSegmentationModel,
    guess_model_task,
    yaml_model_load,
)
from ultralytics.utils.downloads import GITHUB_ASSETS_NAMES

TASKS = {
    "detect": ("detection", DetectionModel, 640),
    "segment": ("segmentation", SegmentationModel, 640),
    "semantic": ("segmentation", SemanticSegmentationModel, 1024),
    "classify": ("classification", ClassificationModel, 224),
    "RTDETRDecoder": ("detection", RTDETRDetectionModel, 640),
}
# Weights that learned from other images, or for other input, than the model of the plain name, or need words with it.
VARIANT = re.compile(r"^yoloe|-(world(v2)?|oiv7|objv1.*|distill|grayscale|pf|ade20k|.*-pf|.*-ade20k)$")
METRICS = {
    "Detection (COCO)": [("box_ap", "mAP<sup>val<br>50-95</sup>", "COCO val2017")],
    "Segmentation (COCO)": [
        ("mask_ap", "mAP<sup>mask", "COCO val2017"),
        ("box_ap", "mAP<sup>box", "COCO val2017"),
    ],
    "Semantic Segmentation (Cityscapes)": [("miou", "mIoU", "Cityscapes val")],
    "Classification (ImageNet)": [("top1", "acc<br><sup>top1", "ImageNet"), ("top5", "acc<br><sup>top5", "ImageNet")],
}


def published() -> dict[str, list[Entry]]:
    """The figures in the tables of the package's own description, by the model's name."""
    figures: dict[str, list[Entry]] = {}
    text = metadata("ultralytics").get_payload()
    for section in str(text).split("<summary>")[1:]:
        title, _, body = section.partition("</summary>")
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in body.splitlines() if line.startswith("|")]
        for metric, column, dataset in METRICS.get(title, []):
            at = next(number for number, head in enumerate(rows[0]) if head.startswith(column))
            for row in rows[2:]:
                name = re.sub(r"^\[([^]]+)].*", r"\1", row[0]).lower()
                figure: Entry = {"metric": metric, "value": float(row[at]), "dataset": dataset, "tag": name}
                figure |= {"inputSize": None, "source": f"ultralytics README, {title}"}
                figures.setdefault(name, []).append(figure)
    return figures


def describe(name: str) -> Entry | None:
    """The entry of one weights file; ``None`` for a model of another task or without a model file."""
    # The u of yolov5nu says that its head is the newer one, which the model file has.
    file = f"{re.sub('u$', '', name)}.yaml"
    try:
        plan = yaml_model_load(file)
    except FileNotFoundError as error:
        tell(name, error)
        return None
    # RT-DETR's head is of no task that Ultralytics guesses.
    task = guess_model_task(plan) or plan["head"][-1][2]
    if task not in TASKS or VARIANT.search(name):
        return None
    task_type, kind, size = TASKS[task]
    size = 1280 if "6u" in name else size

    def make() -> nn.Module:
        return kind(file, verbose=False)

    print(name, file, task, file=sys.stderr)
    family = re.match(r"yoloe?(-?v?\d+)?|rtdetr|[a-z]+", name)
    entry: Entry = {"name": name, "family": family[0] if family else name, "taskType": task_type, "inputSize": size}
    entry |= {"license": license_of("ultralytics"), **counted(make, size)}
    entry["pretrained"] = [{"tag": f"{name}.pt", "hubId": None, "license": license_of("ultralytics")}]
    return entry


def main() -> None:
    """Command line entry point."""
    quiet()
    figures = published()
    names = sorted(name.removesuffix(".pt") for name in GITHUB_ASSETS_NAMES if name.endswith(".pt"))
    models = [entry for name in names if (entry := describe(name))]
    for entry in models:
        entry["published"] = figures.get(entry["name"], [])
    write(Path(sys.argv[1]), "ultralytics", models)


main()
