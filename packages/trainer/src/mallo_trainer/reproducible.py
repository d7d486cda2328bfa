"""The same settings, seed and machine give the same numbers, bit for bit.

Everything random in a recipe is a function of the seed and of *what it is for* (this
epoch, this image), never of how much randomness was used before. A run that was killed
and resumed therefore draws the very numbers the uninterrupted run would have drawn, and
no random state needs to be saved. It also does not matter how many processes load data.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager

import numpy as np
import torch


def derive_seed(*parts: int) -> int:
    """One 63-bit seed out of several whole numbers, such as (seed, epoch, image)."""
    return int(np.random.SeedSequence(parts).generate_state(1, np.uint64)[0] >> np.uint64(1))


def ask_for_determinism() -> None:
    """Have torch choose algorithms that add up in the same order every time.

    It warns rather than fails where a GPU has no such algorithm: a run that differs in
    the last digit is better than no run.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=True)
    # Also switched on by the line above, slow, and only for code that reads memory it never wrote.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.backends.cudnn.benchmark = False


@contextmanager
def random_numbers_of(*parts: int) -> Generator[None]:
    """Inside the block torch's CPU random numbers start from ``derive_seed(*parts)``;
    after it they go on as if the block had not been.

    ``torch.manual_seed`` would also reseed the GPU, and so repeat its dropout masks.
    """
    generator = torch.default_generator
    before = generator.get_state()
    generator.manual_seed(derive_seed(*parts))
    try:
        yield
    finally:
        generator.set_state(before)


def order_of_epoch(count: int, seed: int, epoch: int) -> list[int]:
    """The order in which an epoch visits ``count`` training images."""
    generator = torch.Generator().manual_seed(derive_seed(seed, epoch))
    return torch.randperm(count, generator=generator).tolist()
