"""What this machine trains with, and how fast, as one line of JSON.

    python -m mallo_trainer.machine

    {"torch": "2.15.0", "timm": "1.0.31", "device": "cpu", "gpus": [], "bf16": false, "cpuCount": 2,
     "gflopsPerSecond": 31.4}

``gflopsPerSecond`` is for estimates, in the unit of the model catalogue (multiply-adds of
one *forward* pass of one image, in thousand millions): an epoch of ``n`` images takes about
``n * gflops / gflopsPerSecond`` seconds of training, backward pass and optimizer included.
"""

import json
import os
import sys
import time

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # as in the recipes, which this is measured for

import timm
import torch
import torch.nn.functional as F

from mallo_trainer.hardware import choose_device, cpu_count
from mallo_trainer.zoo import count_gflops

MEASURE_SECONDS = 1.5


def measure_gflops_per_second(device: torch.device) -> float:
    """Train a ResNet-18 on noise for ``MEASURE_SECONDS``; its fastest step tells.

    Steps in which something else was computed, as while Mallo starts, say nothing about trainings to come.
    """
    size, images = (224, 128) if device.type == "cuda" else (96, 16)
    with torch.device("meta"):
        gflops = count_gflops(timm.create_model("resnet18"), (3, size, size))
    assert gflops is not None
    model = timm.create_model("resnet18").to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(model.parameters())
    inputs = torch.randn(images, 3, size, size, device=device).to(memory_format=torch.channels_last)
    labels = torch.zeros(images, dtype=torch.long, device=device)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        loss.item()  # waits for the GPU

    step()  # the first one also chooses algorithms and takes memory
    step()
    fastest, ends = float("inf"), time.monotonic() + MEASURE_SECONDS
    while (started := time.monotonic()) < ends:
        step()
        fastest = min(fastest, time.monotonic() - started)
    return images * gflops / fastest


def main() -> int:
    """Command line entry point."""
    device = choose_device("auto")
    gpus = [torch.cuda.get_device_properties(i) for i in range(torch.cuda.device_count())]
    answer = {
        "torch": torch.__version__,
        "timm": timm.__version__,
        "device": device.type,
        "gpus": [{"name": gpu.name, "memoryBytes": gpu.total_memory} for gpu in gpus],
        "bf16": device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False),
        "cpuCount": cpu_count(),
        "gflopsPerSecond": round(measure_gflops_per_second(device), 3),
    }
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
