# /// script
# requires-python = ">=3.11,<3.12"
# dependencies = [
#   "torch==2.15.0", "torchvision==0.29.2", "timm==1.0.31", "fvcore==0.1.5.post20221221", "omegaconf==2.3.0",
#   "hydra-core==1.3.2", "pycocotools==2.0.11", "cloudpickle==3.1.2", "matplotlib==3.10.8", "setuptools==80.9.0",
#   "pip==26.3",
# ]
# ///
"""Detectron2: every detection and segmentation model of its own list, built from its own configuration.

Detectron2 itself is in no registry. A package of somebody else's holds its files: known by its hash, it is read as
an archive, so that nothing of it is installed and its compiled operators are not loaded.
"""

import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import torch
from catalogue import Entry, build, count_parameters, quiet, write
from torch import nn

RELEASE = "0.6"
PACKAGE = "sal-detectron2==0.7.2"
SHA256 = "491af0c7f79bdb2d178e46f6cb16a97c4ac968d45c41ea3f6b6435d59bbee561"


def fetch(folder: Path) -> Path:
    """Unpack the package beside the file to write; answers where."""
    wanted = folder / "detectron2.txt"
    wanted.write_text(f"{PACKAGE} --hash=sha256:{SHA256}\n", "utf-8")
    # Its compiled part is for one Python, its other files for all.
    of_any_python = ["--python-version=3.10", "--implementation=cp", "--only-binary=:all:", "--no-deps"]
    pip = [sys.executable, "-m", "pip", "download", "--require-hashes", *of_any_python]
    subprocess.run([*pip, "-r", str(wanted), "-d", str(folder)], check=True, stdout=sys.stderr)
    (wheel,) = folder.glob("sal_detectron2-*.whl")
    unpacked = folder / "detectron2"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked, [name for name in archive.namelist() if not name.endswith(".so")])
    return unpacked


sys.path.insert(0, str(fetch(Path(sys.argv[1]).parent)))
# Stands where its compiled operators would be: models are built without running them.
sys.modules["detectron2._C"] = ModuleType("detectron2._C")
from detectron2.config import instantiate  # noqa: E402
from detectron2.model_zoo import get_config, model_zoo  # noqa: E402
from detectron2.modeling import build_model  # noqa: E402

BACKBONES = {"R", "X", "regnetx", "regnety"}


def task_of(name: str) -> str | None:
    """Ours; ``None`` for those that find key points, or places where anything might be."""
    architecture = name.split("/")[1]
    if "keypoint" in architecture or architecture.startswith("rpn_"):
        return None
    return "segmentation" if "mask_rcnn" in architecture or "panoptic" in architecture else "detection"


def family_of(name: str) -> str:
    """What stands before the backbone, such as ``mask_rcnn``."""
    words = name.split("/")[1].removeprefix("scratch_").split("_")
    return "_".join(words[: next(at for at, word in enumerate(words) if word in BACKBONES)])


def describe(name: str, weights: str) -> Entry | None:
    """The entry of one model of the list."""
    task = task_of(name)
    if task is None:
        return None

    def make() -> nn.Module:
        try:
            config = get_config(f"{name}.yaml")
        except RuntimeError:
            return instantiate(get_config(f"{name}.py").model)
        config.MODEL.DEVICE = "meta"
        return build_model(config)

    model = build(make)
    print(name, file=sys.stderr)
    entry: Entry = {"name": name, "family": family_of(name), "taskType": task, "license": "Apache-2.0"}
    entry["paramsM"] = count_parameters(model) if model else None
    return entry | {"pretrained": [{"tag": weights, "hubId": None, "license": "Apache-2.0"}]}


def main() -> None:
    """Command line entry point."""
    quiet()
    listed = model_zoo._ModelZooUrls.CONFIG_PATH_TO_URL_SUFFIX.items()
    models = [entry for name, weights in listed if (entry := describe(name, weights))]
    write(Path(sys.argv[1]), "detectron2", models, RELEASE)


torch.manual_seed(0)
main()
