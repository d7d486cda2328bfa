# /// script
# requires-python = ">=3.11"
# dependencies = ["transformers==5.23.0", "timm==1.0.31", "torch==2.15.0", "torchvision==0.29.2", "scipy==1.17.1"]
# ///
"""Hugging Face: every architecture that transformers' own mappings list for a vision task.

An entry is named by the class that is trained, and counted with the defaults of its configuration. Beside them stand
checkpoints of the hub by their names (huggingface-checkpoints.json), which no package lists; one that a
configuration names as its own example is counted, the others' sizes are what their publishers tell, rounded.
"""

import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any

import transformers
from catalogue import Entry, counted, license_of, quiet, write
from transformers import PreTrainedConfig
from transformers.models.auto import modeling_auto
from transformers.models.auto.configuration_auto import CONFIG_MAPPING
from transformers.models.auto.image_processing_auto import IMAGE_PROCESSOR_MAPPING_NAMES

MAPPINGS = {
    "classification": ["IMAGE_CLASSIFICATION"],
    "detection": ["OBJECT_DETECTION"],
    "segmentation": ["SEMANTIC_SEGMENTATION", "UNIVERSAL_SEGMENTATION", "INSTANCE_SEGMENTATION", "IMAGE_SEGMENTATION"],
}
CHECKPOINTS = Path(__file__).with_name("huggingface-checkpoints.json")
# Sizes that their publishers round, and heads for other numbers of classes, differ by less.
SAME_SIZE = 0.06


def key(name: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def example_checkpoint(config: type[PreTrainedConfig], model_type: str) -> str | None:
    """The checkpoint that the configuration's documentation names; some name one of another model."""
    source = inspect.getsource(sys.modules[config.__module__])
    found = re.search(rf'checkpoint="([^"]+)"\)\s*(?:@strict\s*)?class {config.__name__}\b', source)
    return found[1] if found and key(model_type) in key(found[1].split("/")[-1]) else None


def own_size(config: PreTrainedConfig, model_type: str, task: str) -> tuple[int | None, bool]:
    """Pixels that the configuration is made for, else those to which its image processor scales; whether fixed."""
    size = getattr(config, "image_size", None) or getattr(getattr(config, "vision_config", None), "image_size", None)
    if isinstance(size, (list, tuple)):
        size = size[0]
    if isinstance(size, int):
        return size, True
    name = (IMAGE_PROCESSOR_MAPPING_NAMES.get(model_type) or {}).get("torchvision", "")
    # One that was written for another model scales to that model's size.
    if not key(name).startswith(key(model_type)):
        return (224 if task == "classification" else None), False
    processor = getattr(transformers, name)
    for shape in (getattr(processor, "crop_size", None), getattr(processor, "size", None)):
        if isinstance(shape, dict):
            return shape.get("height") or shape.get("shortest_edge"), False
    return None, False


def architecture(task: str, model_type: str, name: str) -> tuple[Entry, str | None]:
    """The entry of one class, and the checkpoint that it is counted like."""
    config_class = CONFIG_MAPPING[model_type]
    config: Any = config_class()
    size, fixed = own_size(config, model_type, task)
    checkpoint = example_checkpoint(config_class, model_type)
    print(name, size, checkpoint, file=sys.stderr)
    entry: Entry = {"name": name, "family": key(model_type), "taskType": task, "inputSize": size}
    entry |= {"fixedInputSize": fixed, "license": license_of("transformers")}
    entry |= counted(lambda: getattr(transformers, name)(config), size)
    if checkpoint:
        entry["pretrained"] = [{"tag": checkpoint, "hubId": checkpoint, "license": None}]
    return entry, checkpoint


def known_checkpoints(counted_like: dict[tuple[str, str], Entry]) -> list[Entry]:
    """Checkpoints of the hub, those that were counted with their figures."""
    entries: list[Entry] = json.loads(CHECKPOINTS.read_text("utf-8"))
    for entry in entries:
        name = entry["name"]
        entry["pretrained"] = [{"tag": name, "hubId": name, "license": entry.get("license")}]
        same = counted_like.get((name, entry["taskType"]))
        if same and abs(same.get("paramsM", 0) / entry["paramsM"] - 1) < SAME_SIZE:
            figures = ("gflops", "activationsM", "inputSize", "fixedInputSize", "paramsM")
            entry |= {figure: same[figure] for figure in figures if figure in same}
    return entries


def main() -> None:
    """Command line entry point."""
    quiet()
    entries: dict[str, Entry] = {}
    by_checkpoint: dict[tuple[str, str], Entry] = {}
    for task, mappings in MAPPINGS.items():
        for mapping in mappings:
            for model_type, names in getattr(modeling_auto, f"MODEL_FOR_{mapping}_MAPPING_NAMES").items():
                name = names[0] if isinstance(names, tuple) else names
                # One that wraps any model of timm is no architecture of its own.
                if name in entries or model_type == "timm_wrapper":
                    continue
                entries[name], checkpoint = architecture(task, model_type, name)
                if checkpoint:
                    by_checkpoint[checkpoint, task] = entries[name]
    write(Path(sys.argv[1]), "transformers", [*entries.values(), *known_checkpoints(by_checkpoint)])


main()
