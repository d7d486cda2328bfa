"""Train an image classifier of Hugging Face's transformers.

    python huggingface_classification.py config.json
    python huggingface_classification.py --help

The smallest config.json:

    {"model": "ResNetForImageClassification", "checkpoint": "microsoft/resnet-50", "data": "flowers", "output": "out"}

The class is built with the defaults of its configuration, for the classes of ``flowers``, and
starts from the weights of the checkpoint where they can be had, else from random numbers. It
is trained by timm_classification.py, which tells the rest.
"""

import shutil
from dataclasses import dataclass, fields
from pathlib import Path

import timm_classification as timm_recipe
from mallo_trainer.huggingface_models import register
from mallo_trainer.problem import problems_reported
from mallo_trainer.settings import setting, settings_from_command_line
from mallo_trainer.stopping import stop_promptly_on_sigterm


@dataclass(frozen=True)
class Settings(timm_recipe.Settings):
    """What can be set in config.json beside what timm_classification.py knows."""

    model: str = setting("A class of transformers for images, such as ViTForImageClassification.")
    checkpoint: str | None = setting("Its weights on the Hugging Face hub; null: it has none.", None)


def check(settings: Settings) -> None:
    """Refuse settings that do not go together, and make the model known.

    Raises:
        Problem: ``unknown_model``.
    """
    timm_recipe.check(settings)
    register(settings.model, settings.checkpoint)


def train(settings: Settings) -> None:
    """The whole training."""
    check(settings)
    known = {field.name: getattr(settings, field.name) for field in fields(timm_recipe.Settings)}
    timm_recipe.train(timm_recipe.Settings(**known))
    # With it the training can be done again.
    shutil.copyfile(timm_recipe.__file__, settings.output / Path(timm_recipe.__file__).name)


if __name__ == "__main__":
    stop_promptly_on_sigterm()
    with problems_reported():
        train(settings_from_command_line(Settings, __doc__))
