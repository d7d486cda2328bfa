"""Things that go wrong because of a setting, a file or the machine, said in one sentence."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from mallo_trainer.report import Value, event


class Problem(Exception):
    """Something the person can put right.

    ``code`` is for programs (and for translation), ``message`` for people: what happened,
    then what to do about it. ``details`` become further fields of the ``error`` line.
    """

    def __init__(self, message: str, code: str = "bad_data", **details: Value) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.details = details


@contextmanager
def problems_reported() -> Iterator[None]:
    """Turn an exception into one ``error`` line and an exit status.

    2: settings, data or memory; running again without a change would fail again.
    1: anything we did not foresee, with its traceback on stderr.
    """
    try:
        yield
    except Problem as problem:
        event("error", code=problem.code, message=_own_sentence(problem.message), **problem.details)
        sys.exit(2)
    except (torch.OutOfMemoryError, MemoryError):
        _out_of_memory()
    except RuntimeError as error:
        # The CPU allocator has no exception class of its own.
        if "can't allocate memory" in str(error) or "not enough memory" in str(error):
            _out_of_memory()
        _unexpected(error)
    except Exception as error:
        _unexpected(error)


def _own_sentence(message: str) -> str:
    """A ``Problem`` raised in a data-loader process arrives wrapped in its traceback; the
    sentence is the last line of it."""
    if "Original Traceback" not in message:
        return message
    return message.strip().splitlines()[-1].split("Problem: ", 1)[-1]


def _out_of_memory() -> None:
    event(
        "error",
        code="out_of_memory",
        message="The memory of the device is full. Use a smaller batch_size or image_size, or a smaller model.",
    )
    sys.exit(2)


def _unexpected(error: Exception) -> None:
    traceback.print_exc()
    event("error", code="unexpected", message=f"{type(error).__name__}: {error}".splitlines()[0])
    sys.exit(1)
