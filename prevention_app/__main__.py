"""The program: a window without arguments, else one command."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from prevention_app import paths

_FOLDER: Final = "--data"
_PASSPHRASE: Final = "--passphrase-file"  # noqa: S105  (an option, no secret)


def main() -> int:
    """Open the window, or run the command named in the arguments."""
    if getattr(sys, "frozen", False):
        _begin_frozen()
    arguments = sys.argv[1:]
    if arguments[:1] == ["--try-window"]:
        from prevention_app.ui.window_trial import try_window

        return try_window(Path(arguments[1]))
    options = _window_options(arguments)
    if options is not None:
        from prevention_app.ui.start import run_window

        if options.get(_PASSPHRASE):
            os.environ[paths.PASSPHRASE_FILE] = str(Path(options[_PASSPHRASE]).absolute())
        return run_window(options.get(_FOLDER))
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


def _window_options(arguments: Sequence[str]) -> dict[str, str] | None:
    """What is given by name, where there is no command; None where it is anything else."""
    found: dict[str, str] = {}
    waiting = list(arguments)
    while waiting:
        name, _, value = waiting.pop(0).partition("=")
        if not value and waiting:
            value = waiting.pop(0)
        if name not in (_FOLDER, _PASSPHRASE) or not value:
            return None
        found[name] = value
    return found


if __name__ == "__main__":
    sys.exit(main())
