"""Find out before a training starts whether it can, and get its pretrained weights.

    python -m mallo_trainer.prepare CONFIG.json

Prints one line of JSON:

    {"params": 11181642, "memory_bytes": 266000000, "weights": "hub:timm/resnet18.a1_in1k",
     "message": "timm/resnet18.a1_in1k was downloaded.", "problem": null}

``params``: numbers the model learns. ``memory_bytes``: the least that a step keeps in
memory, or null where it cannot be told. ``weights``: ``none``, ``file:PATH`` or ``hub:NAME``,
remembered for the training; ``message`` says why. ``problem``: null, or ``{"code", "message",
...}`` of what must be put right first. Whatever else there is to say goes to stderr.
"""

import sys
from pathlib import Path

from mallo_trainer.shut_in_training import shut_in_training


def main() -> int:
    """Command line entry point."""
    if len(sys.argv) == 2:
        shut_in_training(Path(sys.argv[1]))
    # Only now: torch starts threads, and those would stay outside.
    from mallo_trainer.preparation import answered  # noqa: PLC0415

    return answered(__doc__)


if __name__ == "__main__":
    sys.exit(main())
