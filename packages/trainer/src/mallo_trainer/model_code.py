"""Somebody's Python file as a module. It runs their code: only where the process is shut in (``sandbox``)."""

import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

from mallo_trainer.problem import Problem


def module_of(code: Path) -> ModuleType:
    """The file, run once, whatever its name ends in.

    Raises:
        Problem: ``code_failed``.
    """
    loader = SourceFileLoader("model_code", str(code))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = module
    try:
        loader.exec_module(module)
    # Also sys.exit(), which is no Exception.
    except BaseException as error:
        raise failed(error) from error
    return module


def failed(error: BaseException) -> Problem:
    """What their code raised, as a sentence."""
    first_line = (str(error).splitlines() or [""])[0][:300]
    return Problem(f"{type(error).__name__}: {first_line}", "code_failed")
