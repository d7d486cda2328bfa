"""Leave at once when asked to."""

import multiprocessing
import os
import signal
import threading


def stop_promptly_on_sigterm() -> None:
    """On SIGTERM exit with status 143, even in the middle of a long computation.

    Python runs its own signal handlers only between two lines of Python, which can be a
    long batch away. The *wakeup descriptor* is written by the C part at the moment the
    signal comes; a thread waits for that. Nothing is saved: the last whole epoch already is.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def wait() -> None:
        while os.read(reading, 1) != bytes([signal.SIGTERM]):
            pass
        for loader in multiprocessing.active_children():
            loader.kill()
        os._exit(128 + signal.SIGTERM)

    threading.Thread(target=wait, name="sigterm", daemon=True).start()


def forget_sigterm_handling(_worker: int = 0) -> None:
    """For a data-loader process: it shares our pipe, and its end must not become ours."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
