"""Write a model as ONNX and prove that it computes the same."""

import contextlib
import io
import logging
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

# Probabilities that differ by more than this would show in the second digit of a percentage.
TOLERANCE = 1e-3


def export_classifier(classifier: nn.Module, path: Path) -> None:
    """Input ``image``: uint8 [batch, height, width, 3], any of these. Output ``probabilities``:
    float32 [batch, classes], or of each pixel. Preprocessing is part of the graph."""
    # Different, odd numbers: a size of the example that equals another one, or 1, would be
    # taken for a rule.
    example = torch.zeros(5, 67, 101, 3, dtype=torch.uint8)
    export_any_size(classifier, path, example, ["batch", "height", "width"], output="probabilities")


def export_any_size(model: nn.Module, path: Path, example: Tensor, any_size: list[str], output: str) -> None:
    """Input ``image``, like ``example``; its first dimensions, named by ``any_size``, may be of any size."""
    model = model.eval().cpu()
    sizes = {place: torch.export.Dim(name, min=1, max=65535) for place, name in enumerate(any_size)}
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (example,),
            path,
            input_names=["image"],
            output_names=[output],
            dynamic_shapes=(sizes,),
            # One file can be uploaded, hashed and opened; protobuf holds up to 2 GB.
            external_data=sum(p.numel() * 4 for p in model.parameters()) > 1.8e9,
            verbose=False,
        )


def largest_difference(classifier: nn.Module, path: Path, images: Iterable[Tensor]) -> float:
    """The largest difference of any probability between PyTorch and onnxruntime.

    ``images`` are decoded, uint8 [3, height, width]. One of an odd size is added.
    """
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    odd = torch.randint(0, 256, (3, 211, 97), generator=torch.Generator().manual_seed(0)).to(torch.uint8)
    largest = 0.0
    for pixels in [*images, odd]:
        image = pixels.permute(1, 2, 0)[None].contiguous()
        with torch.no_grad():
            expected = classifier(image).numpy()
        (found,) = session.run(None, {"image": image.numpy()})
        difference = np.abs(np.asarray(found) - expected).max()
        # A NaN on either side is a difference too, and max() would hide it.
        largest = max(largest, float(np.nan_to_num(difference, nan=1.0)))
    return largest
