"""Train an image classifier with timm.

    python timm_classification.py config.json
    python timm_classification.py --help

The smallest config.json:

    {"model": "resnet18", "data": "flowers", "output": "out"}

where ``flowers`` holds one folder of images for each class. Progress is printed one event
a line. In ``out`` afterwards: the weights (model.safetensors, model.pth), the model for use
anywhere (model.onnx: takes a decoded image, gives probabilities), metrics.json and
environment.lock. Interrupted? Run the same command again: it goes on after the last whole
epoch and prints the very numbers it would have printed.
"""

import math
import os
import shutil
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

# CPU threads that wait for each other shall sleep, not spin: where anything else runs on the
# machine, spinning made training three times slower. It is read while torch is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.utils.data import DataLoader

from mallo_trainer.augmentation import Level, augmentation
from mallo_trainer.checkpoint import fingerprint, load_tensors, load_to_resume, save_tensors
from mallo_trainer.environment import environment_lock
from mallo_trainer.files import save_json, write_atomically
from mallo_trainer.hardware import (
    Device,
    Precision,
    choose_device,
    choose_precision,
    loader_processes,
    peak_memory_bytes,
)
from mallo_trainer.image_folder import ImageDataset, LabelledImages, scan_image_folder, stratified_split
from mallo_trainer.learning_rate import Schedule, learning_rate_at
from mallo_trainer.onnx_export import TOLERANCE, export_classifier, largest_difference
from mallo_trainer.preprocessing import ImageClassifier, Preprocessing
from mallo_trainer.problem import Problem, problems_reported
from mallo_trainer.report import event
from mallo_trainer.reproducible import ask_for_determinism, derive_seed, order_of_epoch
from mallo_trainer.scores import classification_scores
from mallo_trainer.settings import setting, settings_from_command_line
from mallo_trainer.stopping import forget_sigterm_handling, stop_promptly_on_sigterm
from mallo_trainer.timm_models import (
    count_parameters,
    create_model,
    freeze_all_but_head,
    published_cfg,
    require_fitting_size,
    train_mode,
)
from mallo_trainer.weights import create_with_weights

# Decoded images up to this size are kept in memory instead of being read every epoch.
CACHE_BYTES = 1_000_000_000

# More points than a chart has room for help nobody.
LINES_PER_EPOCH = 100

# What may change between the parts of one run without making it another run.
MAY_CHANGE = {
    *("data", "output", "class_names", "device", "threads"),
    *("epochs", "learning_rate", "scheduler", "warmup_epochs", "early_stopping_patience"),
}

Optimizer = Literal["adam", "adamw", "sgd", "rmsprop"]


@dataclass(frozen=True)
class Settings:
    """What can be set in config.json. Paths are relative to that file."""

    model: str = setting("Any name of timm.list_models(), such as resnet50 or vit_small_patch16_224.")
    data: Path = setting("Folder with one subfolder of images for each class.")
    output: Path = setting("Folder for checkpoints and results; resumes when one is in it.", Path("output"))
    class_names: list[str] | None = setting("Order of the classes; null: the folders in alphabetical order.", None)
    epochs: int = setting("How often every training image is seen.", 10, at_least=1, at_most=100_000)
    batch_size: int = setting("Images per step.", 32, at_least=1, at_most=65_536)
    learning_rate: float = setting("Its highest value, after warmup.", 0.001, above=0, at_most=100)
    image_size: int = setting("Side of the square images are resized to, in pixels.", 224, at_least=8, at_most=4096)
    optimizer: Optimizer = setting("adamw suits most; sgd wants a rate ten to a hundred times higher.", "adamw")
    scheduler: Schedule = setting("How the learning rate goes down after warmup.", "cosine")
    weight_decay: float = setting("Pull of the weights towards zero.", 0.01, at_least=0, at_most=10)
    momentum: float = setting("For sgd and rmsprop.", 0.9, at_least=0, below=1)
    dropout: float = setting("Share of features hidden from the classifier in training.", 0.0, at_least=0, below=1)
    label_smoothing: float = setting("Share of certainty given to the other classes.", 0.0, at_least=0, below=1)
    pretrained: bool = setting("Start from published weights where they can be had.", True)
    freeze_backbone: bool = setting("Train the classifier only (wants pretrained).", False)
    augmentation: Level = setting("How much images are varied; none for digits and text.", "light")
    seed: int = setting("Of everything random: split, order, start, variation.", 42, at_least=0, at_most=2**32 - 1)
    early_stopping_patience: int | None = setting("Stop after this many epochs without a better one.", None, at_least=1)
    precision: Precision = setting("fp16 and bf16 are faster on a GPU.", "fp32")
    warmup_epochs: int = setting("Epochs in which the learning rate rises.", 0, at_least=0, at_most=100_000)
    validation_split: float = setting("Share of each class held out to measure.", 0.2, above=0, below=1)
    device: Device = setting("auto takes a GPU where there is one.", "auto")
    threads: int | None = setting("CPU threads; null: as many as cores.", None, at_least=1, at_most=1024)


def check(settings: Settings) -> None:
    """Refuse settings that do not go together."""
    if settings.warmup_epochs >= settings.epochs:
        raise Problem("warmup_epochs must be smaller than epochs.", "bad_setting", setting="warmup_epochs")


def train(settings: Settings) -> None:  # noqa: PLR0915 - it is read from top to bottom
    """The whole training, from a folder of images to a model file."""
    check(settings)
    ask_for_determinism()
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)
    device = choose_device(settings.device)
    precision = choose_precision(settings.precision, device)
    settings.output.mkdir(parents=True, exist_ok=True)

    # ── Data ────────────────────────────────────────────────────────────────────────────
    images = scan_image_folder(settings.data, settings.class_names)
    training, validation = stratified_split(images, settings.validation_split, settings.seed)
    in_memory = images.decoded_bytes <= CACHE_BYTES
    dataset = ImageDataset(images, keep_decoded=in_memory)
    published = published_cfg(settings.model)
    preprocessing = Preprocessing(settings.image_size, published.mean, published.std)
    load = partial(
        DataLoader[Any],
        batch_size=settings.batch_size,
        collate_fn=preprocessing.collate,
        num_workers=loader_processes(device, in_memory=in_memory),
        worker_init_fn=forget_sigterm_handling,
        pin_memory=device.type == "cuda",
    )

    # ── Model: from the last checkpoint, or new ─────────────────────────────────────────
    identity = identity_of_run(settings, images)
    checkpoint = load_to_resume(settings.output / "last.pth", identity)
    model, weights = build_model(settings, images.class_names, checkpoint)
    require_fitting_size(model, settings.model, settings.image_size)
    # A frozen backbone of random numbers would be a lottery; without weights we train it.
    frozen = settings.freeze_backbone and weights != "none"
    if settings.freeze_backbone and not frozen:
        event("warning", code="not_frozen", message="There are no pretrained weights, so every layer is trained.")
    if frozen:
        freeze_all_but_head(model, settings.model)
    # Channels-last is the order in memory that fast convolutions want, on CPU and GPU.
    model = model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = build_optimizer(settings, model)
    # fp16 has few small numbers: the scaler lifts the loss so that gradients do not become 0.
    scaler = torch.amp.GradScaler(device.type, enabled=precision == "fp16")
    history: list[dict[str, Any]] = []
    if checkpoint is not None:
        optimizer.load_state_dict(checkpoint["optimizer"])
        scaler.load_state_dict(checkpoint["scaler"])
        history = checkpoint["history"]

    # One image alone in the last batch would have no batch statistics; it gets its turn
    # in another epoch, as every epoch has another order.
    leave_out_last = settings.batch_size > 1 and len(training) % settings.batch_size == 1
    batches = max(math.ceil(len(training) / settings.batch_size) - leave_out_last, 1)
    first_epoch = len(history) + 1
    event(
        "start",
        model=settings.model,
        params=count_parameters(model)[0],
        classes=len(images.class_names),
        train_images=len(training),
        val_images=len(validation),
        device=device.type,
        precision=precision,
        epochs=settings.epochs,
        batches_per_epoch=batches,
        first_epoch=first_epoch,
        weights=weights,
    )
    if history:
        announce_checkpoints(history)

    # ── Training ────────────────────────────────────────────────────────────────────────
    for epoch in range(first_epoch, settings.epochs + 1):
        if out_of_patience(settings, history):
            break
        started = time.monotonic()
        order = [training[i] for i in order_of_epoch(len(training), settings.seed, epoch)]
        vary = augmentation(settings.augmentation, settings.image_size, settings.seed, epoch)
        # Dropout and the like draw from here: the same in a resumed epoch as in the first try.
        torch.manual_seed(derive_seed(settings.seed, epoch))
        step = history[-1]["step"] if history else 0
        train_mode(model, frozen_backbone=frozen)
        loss_sum, hits, seen, rate = 0.0, 0, 0, 0.0
        loader = load(dataset.with_change(vary), sampler=order)
        batch_started = time.monotonic()
        for batch, (images_in, labels_in) in zip(range(1, batches + 1), loader, strict=False):
            rate = learning_rate_at(
                epoch - 1 + (batch - 1) / batches,
                schedule=settings.scheduler,
                peak=settings.learning_rate,
                epochs=settings.epochs,
                warmup_epochs=settings.warmup_epochs,
                validation_losses=[row["val_loss"] for row in history],
            )
            for group in optimizer.param_groups:
                group["lr"] = rate
            inputs, labels = to_device(images_in, device), labels_in.to(device, non_blocking=True)
            with autocast(device, precision):
                outputs = model(inputs)
                loss = F.cross_entropy(outputs.float(), labels, label_smoothing=settings.label_smoothing)
            optimizer.zero_grad(set_to_none=True)
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()

            step += 1
            loss_now = finite(loss.item(), f"at step {step}")
            loss_sum += loss_now * len(labels)
            hits += int((outputs.argmax(dim=1) == labels).sum())
            seen += len(labels)
            if batch % math.ceil(batches / LINES_PER_EPOCH) == 0 or batch == batches:
                event(
                    "batch",
                    epoch=epoch,
                    batch=batch,
                    batches=batches,
                    step=step,
                    loss=loss_now,
                    learning_rate=rate,
                    images_per_second=round(len(labels) / max(time.monotonic() - batch_started, 1e-9), 1),
                )
            batch_started = time.monotonic()

        val_loss, predicted = evaluate(model, load(dataset, sampler=validation), device)
        truth = [images.labels[i] for i in validation]
        history.append(
            {
                "epoch": epoch,
                "step": step,
                "train_loss": loss_sum / seen,
                "train_accuracy": hits / seen,
                "val_loss": val_loss,
                "val_accuracy": share_equal(truth, predicted),
                "learning_rate": rate,
                "seconds": round(time.monotonic() - started, 3),
            }
        )
        event("epoch", **(history[-1] | {"epochs": settings.epochs}))

        # best.pth before last.pth: killed between the two, this epoch is trained again and
        # writes the same best.pth. The other way round a best model could be lost.
        if best_of(history)["epoch"] == epoch:
            save_tensors(settings.output / "best.pth", to_cpu(model.state_dict()))
        save_tensors(
            settings.output / "last.pth",
            {
                "identity": identity,
                "weights": weights,
                "model": to_cpu(model.state_dict()),
                "optimizer": optimizer.state_dict(),
                "scaler": scaler.state_dict(),
                "history": history,
            },
        )
        announce_checkpoints(history)

    # ── Results, of the best epoch ──────────────────────────────────────────────────────
    best = best_of(history)
    if out_of_patience(settings, history) and len(history) < settings.epochs:
        event(
            "note",
            code="early_stopped",
            message=f"Stopped after epoch {len(history)}: none was better than epoch {best['epoch']}.",
        )
    output = settings.output
    best_state = load_tensors(output / "best.pth")
    model.load_state_dict(best_state)
    _, predicted = evaluate(model, load(dataset, sampler=validation), device)
    scores = classification_scores([images.labels[i] for i in validation], predicted, images.class_names)
    save_tensors(output / "model.pth", best_state)
    write_atomically(output / "model.safetensors", lambda file: save_file(best_state, file))
    write_atomically(output / "environment.lock", lambda file: file.write_text(environment_lock(), "utf-8"))
    save_json(output / "preprocessing.json", describe_preprocessing(images, preprocessing))
    sample = [dataset[i][0] for i in validation[:: math.ceil(len(validation) / 8)]]
    difference = export(ImageClassifier(preprocessing, model), output / "model.onnx", sample)
    save_json(
        output / "metrics.json",
        {
            "model": settings.model,
            "best_epoch": best["epoch"],
            "val_accuracy": best["val_accuracy"],
            "val_loss": best["val_loss"],
            **scores,
            "onnx_max_difference": difference,
            "history": history,
            "seconds": round(sum(row["seconds"] for row in history), 3),
            "peak_memory_bytes": peak_memory_bytes(device),
            "device": device.type,
            "precision": precision,
            "weights": weights,
            "class_names": images.class_names,
            "train_images": len(training),
            "val_images": len(validation),
        },
    )
    event(
        "result",
        val_accuracy=best["val_accuracy"],
        val_loss=best["val_loss"],
        best_epoch=best["epoch"],
        onnx_max_difference=difference,
    )


def identity_of_run(settings: Settings, images: LabelledImages) -> dict[str, Any]:
    """All that a checkpoint depends on; with another value of any it belongs to another run."""
    fixed = {name: value for name, value in asdict(settings).items() if name not in MAY_CHANGE}
    listing = [f"{label} {file}" for file, label in zip(images.files, images.labels, strict=True)]
    return {**fixed, "images": fingerprint(listing), "classes": images.class_names}


def build_model(settings: Settings, class_names: list[str], checkpoint: dict[str, Any] | None) -> tuple[nn.Module, str]:
    """The model to train and where its first weights came from."""
    classes, size, dropout = len(class_names), settings.image_size, settings.dropout
    if checkpoint is None:
        return create_with_weights(
            settings.model,
            wanted=settings.pretrained,
            output=settings.output,
            classes=classes,
            image_size=size,
            dropout=dropout,
            seed=settings.seed,
        )
    model = create_model(settings.model, classes=classes, image_size=size, dropout=dropout)
    model.load_state_dict(checkpoint["model"])
    return model, checkpoint["weights"]


def build_optimizer(settings: Settings, model: nn.Module) -> torch.optim.Optimizer:
    """The optimizer over all layers that are trained.

    Weight decay is for matrices: biases and the scales of normalization layers are few,
    and pulling them to zero only hurts.
    """
    trained = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": settings.weight_decay},
        {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
    ]
    rate, momentum = settings.learning_rate, settings.momentum
    if settings.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=rate, momentum=momentum, nesterov=momentum > 0)
    if settings.optimizer == "rmsprop":
        return torch.optim.RMSprop(groups, lr=rate, momentum=momentum)
    if settings.optimizer == "adam":
        return torch.optim.Adam(groups, lr=rate)
    return torch.optim.AdamW(groups, lr=rate)


def to_device(inputs: Tensor, device: torch.device) -> Tensor:
    """A batch on the device, in the memory order of the model."""
    return inputs.to(device, non_blocking=True, memory_format=torch.channels_last)


def autocast(device: torch.device, precision: Precision) -> AbstractContextManager[Any]:
    """Within it, layers that bear it compute in the given precision (automatic mixed precision)."""
    if precision == "fp32":
        return nullcontext()
    return torch.autocast(device.type, torch.float16 if precision == "fp16" else torch.bfloat16)


@torch.no_grad()
def evaluate(model: nn.Module, loader: DataLoader[Any], device: torch.device) -> tuple[float, list[int]]:
    """Mean loss over all images of the loader, and the class predicted for each.

    In fp32, whatever the training uses: it is what the exported model computes.
    """
    model.eval()
    loss_sum = 0.0
    predicted: list[int] = []
    for inputs, labels in loader:
        outputs = model(to_device(inputs, device))
        loss_sum += F.cross_entropy(outputs, labels.to(device), reduction="sum").item()
        predicted += outputs.argmax(dim=1).tolist()
    return finite(loss_sum / len(predicted), "in validation"), predicted


def finite(loss: float, when: str) -> float:
    """The loss, unless the training has run away."""
    if math.isfinite(loss):
        return loss
    raise Problem(f"The loss became {loss} {when}. Lower the learning_rate, or add warmup_epochs.", "loss_not_finite")


def share_equal(truth: list[int], predicted: list[int]) -> float:
    """The accuracy: how many of the predictions are true."""
    return sum(a == b for a, b in zip(truth, predicted, strict=True)) / len(truth)


def best_of(history: list[dict[str, Any]]) -> dict[str, Any]:
    """The epoch of the highest accuracy; of equal ones that of the lowest loss, then the first."""
    return min(history, key=lambda row: (-row["val_accuracy"], row["val_loss"]))


def out_of_patience(settings: Settings, history: list[dict[str, Any]]) -> bool:
    """Whether the last epochs brought nothing better."""
    patience = settings.early_stopping_patience
    return patience is not None and bool(history) and len(history) - best_of(history)["epoch"] >= patience


def announce_checkpoints(history: list[dict[str, Any]]) -> None:
    """Say what is on the disk after the last epoch."""
    last = history[-1]
    if best_of(history) is last:
        event("checkpoint", epoch=last["epoch"], path="best.pth", val_accuracy=last["val_accuracy"])
    event("checkpoint", epoch=last["epoch"], path="last.pth")


def to_cpu(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights as files keep them: in ordinary memory order, each with memory of its own."""
    return {
        name: tensor.detach().to("cpu").clone(memory_format=torch.contiguous_format) for name, tensor in state.items()
    }


def describe_preprocessing(images: LabelledImages, preprocessing: Preprocessing) -> dict[str, Any]:
    """What a program must know to use the model: for model.onnx the first part is all of it."""
    return {
        "onnx": {
            "input": {"name": "image", "type": "uint8", "shape": ["batch", "height", "width", 3], "colors": "RGB"},
            "output": {"name": "probabilities", "type": "float32", "shape": ["batch", len(images.class_names)]},
        },
        "class_names": images.class_names,
        "weights": {
            "image_size": preprocessing.image_size,
            "resize": "bilinear, antialiased, to a square, proportions not kept",
            "mean": preprocessing.mean.flatten().tolist(),
            "std": preprocessing.std.flatten().tolist(),
        },
    }


def export(classifier: ImageClassifier, path: Path, images: list[Tensor]) -> float:
    """Write model.onnx and return its largest difference from PyTorch in any probability.

    It gets its name only after it was found to compute the same.
    """
    folder = path.with_name(".onnx.writing")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        export_classifier(classifier, folder / path.name)
        difference = largest_difference(classifier, folder / path.name, images)
    except Exception as error:
        raise Problem(
            f"The weights are saved, but {type(error).__name__} came up while they were written as ONNX.",
            "onnx_export_failed",
        ) from error
    if difference > TOLERANCE:
        raise Problem(
            f"The weights are saved, but model.onnx would differ from them by {difference} in a probability.",
            "onnx_differs",
        )
    for file in sorted(folder.iterdir(), reverse=True):
        os.replace(file, path.parent / file.name)
    folder.rmdir()
    return difference


if __name__ == "__main__":
    stop_promptly_on_sigterm()
    with problems_reported():
        train(settings_from_command_line(Settings, __doc__))
