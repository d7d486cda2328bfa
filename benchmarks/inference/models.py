"""Write the models that are measured, with random weights: ``python models.py FOLDER NAME...``."""

import logging
import sys
from pathlib import Path

import timm
import torch

folder = Path(sys.argv[1])
logging.getLogger("torch.onnx").setLevel(logging.ERROR)
torch.manual_seed(0)
for name in sys.argv[2:]:
    torch.onnx.export(
        timm.create_model(name).eval(),
        (torch.zeros(2, 3, 224, 224),),
        folder / f"{name}.onnx",
        input_names=["image"],
        output_names=["logits"],
        dynamic_shapes=[{0: torch.export.Dim("batch", min=1, max=1000)}],
        external_data=False,
        verbose=False,
    )
