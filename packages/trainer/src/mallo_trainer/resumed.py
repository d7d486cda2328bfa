"""Long work on a list that goes on where it was ended."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

Item = TypeVar("Item")


def resumed(unfinished: Path, items: list[Item], work: Callable[[list[Item]], Iterable[Any]]) -> Iterator[Any]:
    """What ``work`` makes of ``items``, in their order; what an earlier run made is read from ``unfinished``.

    A line of JSON for each, written when it is made. One that was cut short is made again.
    """
    with unfinished.open("a+b") as file:
        file.seek(0)
        made = file.read().splitlines(keepends=True)
        if made and not made[-1].endswith(b"\n"):
            file.truncate(file.tell() - len(made.pop()))
        yield from map(json.loads, made)
        for result in work(items[len(made) :]):
            file.write(json.dumps(result).encode() + b"\n")
            file.flush()
            yield result
