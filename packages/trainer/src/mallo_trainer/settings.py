"""Read a recipe's ``config.json`` into its dataclass of settings, and refuse what is wrong.

A recipe declares its settings once, as a dataclass; the checks, the error sentences and
``--help`` all come from that declaration.
"""

import dataclasses
import difflib
import json
import math
import sys
import types
from dataclasses import MISSING, Field
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from mallo_trainer.problem import Problem

Settings = TypeVar("Settings")


def setting(
    help: str,
    default: Any = MISSING,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    above: float | None = None,
    below: float | None = None,
) -> Any:
    """A field of a settings dataclass: its help text, default (none: required) and limits."""
    limits = {"at_least": at_least, "at_most": at_most, "above": above, "below": below}
    metadata = {"help": help, "limits": {k: v for k, v in limits.items() if v is not None}}
    if default is MISSING:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def settings_from_command_line(kind: type[Settings], description: str | None) -> Settings:
    """``python recipe.py config.json`` or ``python recipe.py --help``."""
    arguments = sys.argv[1:]
    if any(argument in ("-h", "--help") for argument in arguments):
        print(help_text(kind, description or ""))
        sys.exit(0)
    if len(arguments) != 1:
        raise Problem(f"Usage: python {Path(sys.argv[0]).name} config.json (or --help).", "usage")
    return read_settings(kind, Path(arguments[0]))


def read_settings(kind: type[Settings], path: Path) -> Settings:
    """The settings in the JSON file at ``path``.

    Fields of type ``Path`` are taken relative to the file's own folder, so that a folder
    with a recipe, its config and its data can be moved as one.

    Raises:
        Problem: no such file, not JSON, an unknown or missing key, a value out of bounds.
    """
    try:
        raw: Any = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Problem(f"Cannot read {path}: {error.strerror}.", "config_unreadable") from error
    except ValueError as error:
        raise Problem(f"{path} is not valid JSON: {error}.", "config_unreadable") from error
    if not isinstance(raw, dict):
        raise Problem(f"{path} must hold one JSON object.", "config_unreadable")
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    hints = get_type_hints(kind)
    for key in raw:
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1)
            hint = f" Did you mean {near[0]}?" if near else " --help lists the known ones."
            raise Problem(f"Unknown setting {key!r} in {path.name}.{hint}", "unknown_setting", setting=key)
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in raw:
            values[name] = _checked(name, raw[name], hints[name], field)
        elif field.default is MISSING:
            raise Problem(f"The setting {name!r} is missing in {path.name}.", "missing_setting", setting=name)
        else:
            values[name] = field.default
        if isinstance(values[name], Path):
            values[name] = (path.parent / values[name]).resolve()
    return kind(**values)


def _checked(name: str, value: Any, hint: Any, field: Field[Any]) -> Any:
    """``value`` as the type ``hint``, within the limits of ``field``."""
    if get_origin(hint) in (Union, types.UnionType):
        if value is None:
            return None
        hint = next(option for option in get_args(hint) if option is not type(None))
    wrong = Problem(
        f"The setting {name!r} must be {_type_in_words(hint)}, not {json.dumps(value, ensure_ascii=False)}.",
        "bad_setting",
        setting=name,
    )
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise wrong
        return value
    if hint == list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise wrong
        return value
    if hint is Path:
        if not isinstance(value, str) or not value:
            raise wrong
        return Path(value)
    # In Python True is an int; in a config it is a mistake.
    if isinstance(value, bool) is not (hint is bool):
        raise wrong
    if hint is float and isinstance(value, int):
        value = float(value)
    if not isinstance(value, hint) or (isinstance(value, float) and not math.isfinite(value)):
        raise wrong
    return _within_limits(name, value, field.metadata["limits"])


def _within_limits(name: str, value: Any, limits: dict[str, float]) -> Any:
    checks = {
        "at_least": lambda limit: value >= limit,
        "at_most": lambda limit: value <= limit,
        "above": lambda limit: value > limit,
        "below": lambda limit: value < limit,
    }
    if all(checks[kind](limit) for kind, limit in limits.items()):
        return value
    raise Problem(
        f"The setting {name!r} must be {_limits_in_words(limits)}, not {value!r}.", "bad_setting", setting=name
    )


def _limits_in_words(limits: dict[str, float]) -> str:
    return " and ".join(f"{kind.replace('_', ' ')} {limit}" for kind, limit in limits.items())


def _type_in_words(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(str(choice) for choice in get_args(hint))
    words = {str: "text", Path: "a path", int: "a whole number", float: "a number", bool: "true or false"}
    return words.get(hint, "a list of texts")


def help_text(kind: type, description: str) -> str:
    """All settings with type, default and meaning, as ``--help`` prints them."""
    hints = get_type_hints(kind)
    lines = [description.strip(), "", "Settings of config.json:", ""]
    for field in dataclasses.fields(kind):
        hint = hints[field.name]
        optional = type(None) in get_args(hint)
        if optional:
            hint = next(option for option in get_args(hint) if option is not type(None))
        about = _type_in_words(hint) + (" or null" if optional else "")
        limits = _limits_in_words(field.metadata["limits"])
        default = "required" if field.default is MISSING else f"default {_as_json(field.default)}"
        lines += [f"  {field.name}  ({'; '.join(part for part in (about, limits, default) if part)})"]
        lines += [f"      {field.metadata['help']}"]
    return "\n".join(lines)


def _as_json(value: Any) -> str:
    return json.dumps(str(value) if isinstance(value, Path) else value)
