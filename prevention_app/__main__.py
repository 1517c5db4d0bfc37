"""The program: a window without arguments, else one command."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main() -> int:
    """Open the window, or run the command named in the arguments."""
    if getattr(sys, "frozen", False):
        _begin_frozen()
    arguments = sys.argv[1:]
    if arguments[:1] == ["--try-window"]:
        from prevention_app.ui.window_trial import try_window

        return try_window(Path(arguments[1]))
    named = _folder_alone(arguments)
    if not arguments or named:
        from prevention_app.ui.start import run_window

        return run_window(named)
    from prevention_app.cli.main import run

    return run(arguments)


def _begin_frozen() -> None:
    """What a packed program does first: it is its own worker process, and may have no console."""
    if "--multiprocessing-fork" in sys.argv or "-c" in sys.argv:
        from multiprocessing import freeze_support

        freeze_support()  # does not return where the process is a worker
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, nowhere)


def _folder_alone(arguments: Sequence[str]) -> str | None:
    """The workspace named, where nothing but « --data FOLDER » or « --data=FOLDER » is given."""
    if len(arguments) == 2 and arguments[0] == "--data":
        return arguments[1]
    if len(arguments) == 1 and arguments[0].startswith("--data="):
        return arguments[0].removeprefix("--data=") or None
    return None


if __name__ == "__main__":
    sys.exit(main())
