"""What a config.json may say, and the sentences for what it may not."""

import json
from pathlib import Path
from typing import Any

import pytest

from mallo_trainer.problem import Problem
from mallo_trainer.settings import help_text, read_settings

SMALL = {"model": "resnet18", "data": "images"}


def read(recipe: Any, folder: Path, raw: object) -> Any:
    """The settings in a file that holds ``raw``."""
    file = folder / "config.json"
    file.write_text(raw if isinstance(raw, str) else json.dumps(raw), "utf-8")
    return read_settings(recipe.Settings, file)


def test_paths_are_relative_to_the_file(recipe: Any, tmp_path: Path) -> None:
    settings = read(recipe, tmp_path, SMALL)
    assert settings.data == tmp_path / "images"
    assert settings.output == tmp_path / "output"


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"epochs": 10**9}, "bad_setting", "at most 100000, not 1000000000"),
        ({"epochs": 0}, "bad_setting", "at least 1"),
        ({"epochs": "three"}, "bad_setting", 'a whole number, not "three"'),
        ({"epochs": True}, "bad_setting", "a whole number, not true"),
        ({"epochs": 1.5}, "bad_setting", "a whole number"),
        ({"learning_rate": 0}, "bad_setting", "above 0"),
        ({"dropout": 1}, "bad_setting", "below 1"),
        ({"optimizer": "lion"}, "bad_setting", "one of adam, adamw, sgd, rmsprop"),
        ({"class_names": "a"}, "bad_setting", "a list of texts"),
        ({"data": None}, "bad_setting", "a path"),
        ({"epoch": 3}, "unknown_setting", "Did you mean epochs?"),
        ({"zzz": 3}, "unknown_setting", "--help"),
    ],
)
def test_refuses_what_cannot_be_meant(
    changes: dict[str, Any], code: str, words: str, recipe: Any, tmp_path: Path
) -> None:
    with pytest.raises(Problem) as raised:
        read(recipe, tmp_path, SMALL | changes)
    assert raised.value.code == code
    assert words in raised.value.message
    assert raised.value.details["setting"] in changes


@pytest.mark.parametrize("raw", ["", "{", "[]", '{"model": "resnet18"}', '{"model": NaN, "data": "x"}'])
def test_refuses_what_is_no_config_at_all(raw: str, recipe: Any, tmp_path: Path) -> None:
    with pytest.raises(Problem):
        read(recipe, tmp_path, raw)


def test_refuses_not_a_number_where_a_number_is_asked_for(recipe: Any, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="learning_rate"):
        read(recipe, tmp_path, '{"model": "resnet18", "data": "x", "learning_rate": NaN}')


def test_refuses_a_warmup_that_never_ends(recipe: Any, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="warmup_epochs"):
        recipe.check(read(recipe, tmp_path, SMALL | {"epochs": 3, "warmup_epochs": 3}))


def test_help_names_every_setting_with_its_default(recipe: Any) -> None:
    text = help_text(recipe.Settings, recipe.__doc__)
    for name in ("model", "learning_rate", "early_stopping_patience", "validation_split"):
        assert f"  {name}  (" in text
    assert 'one of cosine, step, linear, plateau, constant; default "cosine"' in text
