"""Run a module for a process that waits for it, and end when that does.

    python -m mallo_trainer.tied PID MODULE ARGUMENT...

PID is the process that started this. When it is killed the kernel kills this one too: whoever takes its place would
else compute beside the one left behind. On Linux; elsewhere the module goes on to its end, which nobody hears.
"""

import ctypes
import os
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Command line entry point."""
    parent, module, *arguments = sys.argv[1:]
    # Before anything that takes long to import.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != int(parent):
        # It was killed before it could be told of.
        sys.exit(1)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
