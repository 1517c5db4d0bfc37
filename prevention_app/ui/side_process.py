"""A process beside the window: it has what processor time the window leaves.

No Qt here, so that it starts quickly.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Final

_GIVES_WAY: Final = 10
"""How nice it is: the window goes before it, other programs that work in the background do not."""
_BELOW_NORMAL: Final = 0x4000
"""https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-setpriorityclass"""

_first: Callable[[], None] | None = None


def do_first(act: Callable[[], None] | None) -> None:
    """Let every process that is started from now on do this first; it is pickled."""
    global _first  # noqa: PLW0603  (one window, one workspace)
    _first = act


def start(serve: Callable[..., None], *arguments: Any) -> tuple[SpawnProcess, Any]:
    """Let a process run `serve(pipe, *arguments)`; returns it and our end of the pipe.

    `serve` is a module-level function; what goes through the pipe is pickled. Windows has another
    class of pipe.
    """
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=_run, args=(_first, serve, theirs, arguments), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def ended_by(process: SpawnProcess) -> Callable[..., None]:
    """What ends a process when its owner is destroyed: nobody would hear of it any more."""

    def end(*_: object) -> None:
        process.terminate()

    return end


def _run(
    first: Callable[[], None] | None,
    serve: Callable[..., None],
    pipe: Connection,
    arguments: tuple[Any, ...],
) -> None:
    _give_way()
    if first is not None:
        first()
    with contextlib.suppress(BrokenPipeError):  # the window is gone
        serve(pipe, *arguments)


def _give_way() -> None:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(_GIVES_WAY)
