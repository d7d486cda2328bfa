"""The learning rate at any moment of a training, as a plain function.

A function of where we are (and, for ``plateau``, of the losses so far) needs no state of
its own, so resuming cannot get it wrong.
"""

import math
from collections.abc import Sequence
from typing import Literal

Schedule = Literal["cosine", "step", "linear", "plateau", "constant"]


def learning_rate_at(
    progress: float,
    *,
    schedule: Schedule,
    peak: float,
    epochs: int,
    warmup_epochs: int,
    validation_losses: Sequence[float] = (),
) -> float:
    """The rate for the batch that starts at ``progress`` epochs (0 = the very beginning).

    First a straight climb to ``peak`` over ``warmup_epochs``: early gradients point in
    wild directions and adaptive optimizers do not yet know their scale (Goyal et al.
    2017, arXiv:1706.02677). Then:

    - ``cosine``: half a cosine wave down to 0 (Loshchilov & Hutter 2016, arXiv:1608.03983);
    - ``linear``: a straight line down to 0;
    - ``step``: a tenth after each third of what remains (He et al. 2015, arXiv:1512.03385);
    - ``plateau``: half, each time 3 epochs in a row bring no lower validation loss;
    - ``constant``: no change.
    """
    if progress < warmup_epochs:
        # Never exactly 0: a first batch that changes nothing is a batch wasted.
        return peak * (progress + 0.1) / (warmup_epochs + 0.1)
    done = (progress - warmup_epochs) / max(epochs - warmup_epochs, 1e-9)
    if schedule == "cosine":
        return peak * 0.5 * (1 + math.cos(math.pi * done))
    if schedule == "linear":
        return peak * (1 - done)
    if schedule == "step":
        return peak * 0.1 ** min(int(done * 3), 2)
    if schedule == "plateau":
        return peak * 0.5 ** count_plateaus(validation_losses, patience=3)
    return peak


def count_plateaus(losses: Sequence[float], patience: int) -> int:
    """How often ``patience`` epochs in a row passed without a new lowest loss."""
    best, waited, plateaus = math.inf, 0, 0
    for loss in losses:
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            plateaus, waited = plateaus + 1, 0
    return plateaus
