"""Hugging Face: every architecture that transformers' own mappings list for a vision task, and its checkpoints.

An entry is named by the class that is trained, and counted with the defaults of its configuration. Beside them stand
the checkpoints of the hub that the documentation of these classes and of their configurations names, which is all that
the package tells of the hub: their names and classes. Their sizes it does not tell: of 53 of which the documentation
says that the defaults are like them, six are of another size (dfine-xlarge twice, ijepa_vith14 seven times as large).
"""

import re
import sys
from pathlib import Path
from typing import Any

import transformers
from catalogue import Entry, counted, license_of, quiet, write
from mallo_trainer.huggingface_models import (
    USUAL_SIZE,
    classifiers,
    key,
    own_size,
    register,
)
from mallo_trainer.zoo import size_step
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.models.auto import modeling_auto
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

MAPPINGS = {
    "classification": ["IMAGE_CLASSIFICATION"],
    "detection": ["OBJECT_DETECTION"],
    "segmentation": ["SEMANTIC_SEGMENTATION", "UNIVERSAL_SEGMENTATION", "INSTANCE_SEGMENTATION", "IMAGE_SEGMENTATION"],
}
# As documentation names a checkpoint: an example that loads one, and the link of a configuration.
LOADED = re.compile(r"""\.from_pretrained\(\s*(?:\.\.\.\s*)?["']([\w.-]+/[\w.-]+)["']""")
LINKED = re.compile(r"\]\(https://huggingface\.co/([\w.-]+/[\w.-]+)\)")


def usual_checkpoint(config: type[PreTrainedConfig], model_type: str) -> str | None:
    """The checkpoint that the configuration's defaults are said to be like."""
    named = [name for name in LINKED.findall(config.__doc__ or "") if is_of(name, model_type)]
    return named[0] if named else None


def shown_checkpoints(model: type[PreTrainedModel], model_type: str) -> list[str]:
    """The checkpoints that the examples of a class load."""
    text = f"{model.__doc__}{model.forward.__doc__}"
    return list(dict.fromkeys(name for name in LOADED.findall(text) if is_of(name, model_type)))


def is_of(checkpoint: str, model_type: str) -> bool:
    """Whether the name tells that it is of this model: some documentation names one of another model."""
    return all(word in key(checkpoint.split("/")[-1]) for word in re.split(r"[-_]", model_type))


def described(task: str, model_type: str, name: str) -> list[Entry]:
    """The entry of one class, and those of its checkpoints."""
    config_class = CONFIG_MAPPING[model_type]
    config: Any = config_class()
    size, fixed = own_size(config, model_type)
    if size is None and task == "classification":
        size = USUAL_SIZE
    # Where no example loads another one, a configuration's is of its class too.
    usual = usual_checkpoint(config_class, model_type)
    checkpoints = shown_checkpoints(getattr(transformers, name), model_type) or ([usual] if usual else [])
    print(name, size, *checkpoints, file=sys.stderr)
    about: Entry = {"family": key(model_type), "taskType": task}
    weights = [{"tag": one, "hubId": one, "license": None} for one in checkpoints]
    entry: Entry = {"name": name, **about, "inputSize": size, "fixedInputSize": fixed, "pretrained": weights}
    entry |= {"license": license_of("transformers")} | counted(lambda: getattr(transformers, name)(config), size)
    if fixed and size and name in classifiers():
        register(name, None)
        entry["sizeStep"] = size_step(name, size)
    return [entry, *({"name": one["tag"], **about, "architecture": name, "pretrained": [one]} for one in weights)]


def main() -> None:
    """Command line entry point."""
    quiet()
    entries: dict[str, Entry] = {}
    seen: set[str] = set()
    for task, mappings in MAPPINGS.items():
        for mapping in mappings:
            for model_type, names in getattr(modeling_auto, f"MODEL_FOR_{mapping}_MAPPING_NAMES").items():
                name = names[0] if isinstance(names, tuple) else names
                # One that wraps any model of timm is no architecture of its own.
                if name in seen or model_type == "timm_wrapper":
                    continue
                seen.add(name)
                for entry in described(task, model_type, name):
                    # Where two classes name the same checkpoint it is of the first.
                    entries.setdefault(entry["name"], entry)
    write(Path(sys.argv[1]), "transformers", list(entries.values()))


main()
