"""Things that go wrong because of a setting, a file or the machine, said in one sentence."""

import errno
import sys
import traceback
from collections.abc import Generator
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
def problems_reported() -> Generator[None]:
    """Turn an exception into one ``error`` line and an exit status.

    2: settings, data, memory or disk; running again without a change would fail again.
    1: anything we did not foresee, with its traceback on stderr.
    """
    try:
        yield
    except Exception as error:
        problem, status = as_problem(error)
        event("error", code=problem.code, message=problem.message, **problem.details)
        sys.exit(status)


def as_problem(error: Exception) -> tuple[Problem, int]:
    """The error as something to tell a person, and the exit status; prints an unforeseen one's traceback."""
    text = str(error)
    if isinstance(error, Problem):
        return _own_sentence(error), 2
    # The CPU allocator has no exception class of its own.
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "can't allocate memory" in text:
        message = "The memory of the device is full. Use a smaller batch_size or image_size, or a smaller model."
        return Problem(message, "out_of_memory"), 2
    if (isinstance(error, OSError) and error.errno == errno.ENOSPC) or "PytorchStreamWriter failed" in text:
        return Problem("The disk is full. Free some space, then start again: it goes on.", "disk_full"), 2
    if "Expected more than 1 value per channel" in text:
        message = "This model averages over the images of a batch and needs two or more. Use a larger batch_size."
        return Problem(message, "batch_too_small"), 2
    traceback.print_exc()
    first_line = (text.splitlines() or [""])[0]
    return Problem(f"{type(error).__name__}: {first_line}", "unexpected"), 1


def _own_sentence(problem: Problem) -> Problem:
    """A ``Problem`` raised in a data-loader process arrives wrapped in its traceback; the
    sentence is the last line of it."""
    if "Original Traceback" not in problem.message:
        return problem
    return Problem(problem.message.strip().splitlines()[-1].split("Problem: ", 1)[-1])
