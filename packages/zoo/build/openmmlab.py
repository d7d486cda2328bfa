# /// script
# requires-python = ">=3.11,<3.12"
# dependencies = [
#   "onedl-mmdetection==3.5.1", "onedl-mmsegmentation==1.4.2", "onedl-mmcv==2.3.6", "onedl-mmengine==0.10.12",
#   "onedl-mmpretrain==1.3.6", "transformers==4.46.3", "torch==2.15.0", "torchvision==0.29.2", "timm==1.0.31",
# ]
# ///
"""MMDetection and MMSegmentation: every model of their metafiles, with the figures these state.

    openmmlab.py mmdetection|mmsegmentation OUT.json

Parameters and multiply-adds are counted by building each model from its own configuration.
"""

import os
import sys
from collections.abc import Iterator
from copy import deepcopy
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import unquote

import torch
import transformers
import yaml
from catalogue import Entry, build, count_gflops, count_parameters, license_of, quiet, tell, write
from mallo_trainer.resumed import resumed
from torch import nn


class CompiledOperators(ModuleType):
    """Stands where mmcv's compiled operators would be: models are built without running them."""

    __file__ = "none"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def missing(*_: Any, **__: Any) -> None:
            raise RuntimeError(f"mmcv was installed without {name}")

        return missing


sys.modules.setdefault("mmcv._ext", CompiledOperators("mmcv._ext"))
from mmengine.config import Config  # noqa: E402
from mmengine.registry import MODELS, init_default_scope  # noqa: E402

# By what a model is asked to do most, the first that its results name.
TASKS = {
    "Panoptic Segmentation": "segmentation",
    "Instance Segmentation": "segmentation",
    "Semantic Segmentation": "segmentation",
    "Object Detection": "detection",
}
METRICS = {"box AP": "box_ap", "mask AP": "mask_ap", "PQ": "pq", "mIoU": "miou"}
KNOWN: dict[str, Entry] = {}
MEMORY = ("Training Memory (GB)", "Memory (GB)")


def metafiles(folder: Path) -> list[tuple[Path, Entry]]:
    """Every model that is stated, with the file that states it; the library's own index leaves some files out."""
    found = []
    for file in sorted(folder.glob("configs/*/metafile.y*ml")):
        content = yaml.safe_load(file.read_text("utf-8"))
        models = content["Models"] if isinstance(content, dict) else content
        found += [(file.relative_to(folder), model) for model in models]
    return found


def results_of(model: Entry) -> list[Entry]:
    """Some metafiles write one result without a list."""
    results = model.get("Results") or []
    return [results] if isinstance(results, dict) else [one for one in results if isinstance(one, dict)]


def published(model: Entry, file: Path) -> list[Entry]:
    """The figures that are stated, in percent."""
    figures = []
    for result in results_of(model):
        for name, value in (result.get("Metrics") or {}).items():
            if name in METRICS and isinstance(value, (int, float)):
                figure = {"metric": METRICS[name], "value": value, "dataset": result["Dataset"], "tag": model["Name"]}
                figures.append(figure | {"inputSize": None, "source": str(file)})
    return figures


# Weights to load, those of a teacher too; and how many layers are computed twice to save memory.
NOT_OF_THE_MODEL = {"pretrained": None, "init_cfg": None, "teacher_ckpt": None, "num_cp": 0}


def plain(config: Any) -> None:
    """Without weights to load, and with batch norms that one process can run."""
    if isinstance(config, dict):
        for key, value in config.items():
            if key in NOT_OF_THE_MODEL:
                config[key] = NOT_OF_THE_MODEL[key]
            elif key == "type" and value in ("SyncBN", "MMSyncBN"):
                config[key] = "BN"
            else:
                plain(value)
    elif isinstance(config, (list, tuple)):
        for one in config:
            plain(one)


def config_file(folder: Path, stated: str) -> Path:
    """The configuration of a model; some metafiles write - for _ or the reverse, or another folder or none."""
    file = folder / unquote(stated)
    if file.exists():
        return file
    alike = [other for other in sorted(folder.glob("configs/*/*.py")) if key(other.stem) == key(file.stem)]
    return min(alike, key=lambda other: other.parent != file.parent, default=file)


def key(name: str) -> str:
    """Letters and digits alone."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def without_words() -> None:
    """Detectors that read words hold a language model: built as its library's defaults are, which are BERT base's.

    Its weights and vocabulary would come from the network.
    """
    words = SimpleNamespace(convert_tokens_to_ids=lambda tokens: [0] * len(tokens))
    transformers.AutoTokenizer.from_pretrained = lambda *_, **__: words
    transformers.BertConfig.from_pretrained = lambda *_, **__: transformers.BertConfig()

    def made(_: str, config: transformers.BertConfig, add_pooling_layer: bool) -> nn.Module:
        return transformers.BertModel(config, add_pooling_layer)

    transformers.BertModel.from_pretrained = made


def counted(folder: Path, model: Entry, scope: str) -> Entry:
    """Parameters, and where the model runs without images' labels, multiply-adds at the size it was trained with."""
    try:
        init_default_scope(scope)
        config = Config.fromfile(config_file(folder, model["Config"]))
        plain(config.model)
    except Exception as error:
        tell(model["Name"], error)
        return {}
    height, width = size_of(config)
    # Many differ in the length of their training alone.
    key = repr((config.model, height, width))
    if key not in KNOWN:
        KNOWN[key] = count(config.model, height, width)
    return KNOWN[key] | {"inputSize": height if height == width else None}


def count(plan: Any, height: int | None, width: int | None) -> Entry:
    """What is the same for every model of this plan."""

    def make() -> nn.Module:
        # Some take out of it what they have read.
        return MODELS.build(deepcopy(plan))

    built = build(make)
    if built is None:
        return {}
    built.eval()  # of students it answers nothing
    gflops = count_gflops(built, height, width) if height and width else None
    return {"paramsM": count_parameters(built), "gflops": gflops}


def size_of(config: Any) -> tuple[int | None, int | None]:
    """Height and width of the images that the configuration trains on; where they differ from image to image, of
    those that it scales to when it is tested, on a grid of 32 pixels."""
    size = config.get("crop_size") or (config.model.get("data_preprocessor") or {}).get("size")
    if isinstance(size, int):
        return size, size
    if size:
        return size[0], size[1]
    scales = [step["scale"] for step in config.get("test_pipeline") or [] if step.get("type") == "Resize"]
    if not scales or isinstance(scales[0], int):
        return None, None
    width, height = scales[0]
    return (height, width) if height == width else tuple(-(-side // 32) * 32 for side in (height, width))


def describe(folder: Path, file: Path, model: Entry, library: str, scope: str) -> Entry | None:
    """The entry of one model; ``None`` for tasks that are not ours, such as tracking."""
    named = {result.get("Task") for result in results_of(model)}
    task = next((ours for theirs, ours in TASKS.items() if theirs in named), None)
    if task is None:
        return None
    about = model.get("Metadata") or {}
    memory = next((about[name] for name in MEMORY if isinstance(about.get(name), (int, float))), None)
    weights = (
        [{"tag": Path(model["Weights"]).name, "hubId": None, "license": license_of(library)}]
        if model.get("Weights")
        else []
    )
    entry: Entry = {"name": model["Name"], "family": model["In Collection"], "taskType": task}
    entry |= {"license": license_of(library), **counted(folder, model, scope)}
    entry |= {"published": published(model, file), "publishedTrainingMemoryGb": memory}
    return entry | {"pretrained": weights}


def main() -> None:
    """Command line entry point."""
    quiet()
    source, out = sys.argv[1], Path(sys.argv[2])
    library = f"onedl-{source}"
    scope = {"mmdetection": "mmdet", "mmsegmentation": "mmseg"}[source]
    __import__(f"{scope}.models")
    spec = find_spec(scope)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{scope} is not installed")
    folder = Path(spec.origin).parent / ".mim"
    # Configurations name those of their teachers from here.
    os.chdir(folder)
    without_words()
    # A few stand in two metafiles.
    stated = list({model["Name"]: (file, model) for file, model in reversed(metafiles(folder))}.values())

    def described(missing: list[tuple[Path, Entry]]) -> Iterator[Entry | None]:
        for file, model in missing:
            entry = describe(folder, file, model, library, scope)
            print(model["Name"], entry and entry.get("paramsM"), entry and entry.get("gflops"), file=sys.stderr)
            yield entry

    write(out, library, [entry for entry in resumed(out.with_suffix(".part"), stated, described) if entry])


torch.manual_seed(0)
main()
