"""Train an image classifier of your own: a class or function in a Python file.

    python added_classification.py config.json
    python added_classification.py --help

The smallest config.json:

    {"model": "my_net", "code": "model.py", "entry": "Net", "data": "flowers", "output": "out"}

``Net(num_classes=...)`` gives a torch.nn.Module that reads float32 [batch, 3, height, width]
and gives scores [batch, num_classes]. It is trained by timm_classification.py, which tells
the rest, and its code runs shut in: it reads the images and Python, and writes into ``out``.
"""

import sys
from pathlib import Path

from mallo_trainer import sandbox
from mallo_trainer.shut_in_training import shut_in_training

if __name__ == "__main__" and len(sys.argv) == 2 and not sys.argv[1].startswith("-"):
    shut_in_training(Path(sys.argv[1]))

# Only now: torch starts threads, and those would stay outside.
import shutil
from dataclasses import dataclass, fields

import timm_classification as timm_recipe
from mallo_trainer.added_model import register
from mallo_trainer.problem import Problem, problems_reported
from mallo_trainer.settings import setting, settings_from_command_line
from mallo_trainer.stopping import stop_promptly_on_sigterm


@dataclass(frozen=True)
class Settings(timm_recipe.Settings):
    """What can be set in config.json beside what timm_classification.py knows."""

    code: Path = setting("Python file that makes the model.", Path("model.py"))
    entry: str = setting("The class or function in it.", "Net")


def check(settings: Settings) -> None:
    """Refuse settings that do not go together, and make the model known.

    Raises:
        Problem: ``sandbox_missing``; ``code_failed``.
    """
    timm_recipe.check(settings)
    if not sandbox.is_shut_in():
        raise Problem("This system cannot shut code in, so the code of a model is not run.", "sandbox_missing")
    register(settings.code, settings.entry, settings.model)


def train(settings: Settings) -> None:
    """The whole training."""
    check(settings)
    known = {field.name: getattr(settings, field.name) for field in fields(timm_recipe.Settings)}
    timm_recipe.train(timm_recipe.Settings(**known))
    # With these the weights can be loaded, and the training be done again.
    for file in (settings.code, Path(timm_recipe.__file__)):
        shutil.copyfile(file, settings.output / file.name)
    shutil.rmtree(settings.output / ".work", ignore_errors=True)


if __name__ == "__main__":
    stop_promptly_on_sigterm()
    with problems_reported():
        train(settings_from_command_line(Settings, __doc__))
