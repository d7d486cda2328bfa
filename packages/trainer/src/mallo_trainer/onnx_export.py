"""Write a classifier as ONNX and prove that it computes the same."""

import contextlib
import io
import logging
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from mallo_trainer.preprocessing import ImageClassifier

# Probabilities that differ by more than this would show in the second digit of a percentage.
TOLERANCE = 1e-3


def export_classifier(classifier: ImageClassifier, path: Path) -> None:
    """Input ``image``: uint8 [batch, height, width, 3], any of these. Output
    ``probabilities``: float32 [batch, classes]. Preprocessing is part of the graph."""
    classifier = classifier.eval().cpu()
    # Different, odd numbers: a size of the example that equals another one, or 1, would be
    # taken for a rule.
    example = torch.zeros(5, 67, 101, 3, dtype=torch.uint8)
    sizes = {0: torch.export.Dim("batch", min=1, max=65535)}
    sizes |= {1: torch.export.Dim("height", min=1, max=65535), 2: torch.export.Dim("width", min=1, max=65535)}
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            classifier,
            (example,),
            path,
            input_names=["image"],
            output_names=["probabilities"],
            dynamic_shapes={"image": sizes},
            # One file can be uploaded, hashed and opened; protobuf holds up to 2 GB.
            external_data=sum(p.numel() * 4 for p in classifier.parameters()) > 1.8e9,
            verbose=False,
        )


def largest_difference(classifier: ImageClassifier, path: Path, images: Iterable[Tensor]) -> float:
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
