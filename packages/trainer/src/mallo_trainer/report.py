"""What a recipe says to whoever is listening: one event a line, in logfmt.

    epoch epoch=1 epochs=3 step=23 train_loss=0.41 val_accuracy=0.93

The first word is the kind of event. Numbers are printed so that reading them back gives
the very same number (``repr``); text with anything but plain letters in it is a JSON
string. The line is flushed at once: a reader sees it when it happens.
"""

import json
import os
import re
import sys

Value = str | int | float | bool | None

_PLAIN = re.compile(r"[A-Za-z0-9_.:/+-]+")


def logfmt(kind: str, fields: dict[str, Value]) -> str:
    """One line for an event of ``kind``, without the line break."""
    return " ".join([kind, *(f"{key}={format_value(value)}" for key, value in fields.items())])


def format_value(value: Value) -> str:
    """A value as it stands on the line: ``true``, ``none``, ``0.1``, ``plain`` or ``"with space"``."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def event(kind: str, **fields: Value) -> None:
    """Print one event.

    Whoever reads our output may die before us. That must not end a training that has
    run for hours, so when the reader is gone the lines go nowhere and the work goes on.
    """
    try:
        print(logfmt(kind, fields), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
