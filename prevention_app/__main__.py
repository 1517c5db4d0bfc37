"""The program: a window without arguments, else one command."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main() -> int:
    """Open the window, or run the command named in the arguments."""
    arguments = sys.argv[1:]
    named = _folder_alone(arguments)
    if not arguments or named:
        from prevention_app.ui.application import run_window

        return run_window(named)
    from prevention_app.cli.main import run

    return run(arguments)


def _folder_alone(arguments: Sequence[str]) -> str | None:
    """The workspace named, where nothing but « --data FOLDER » or « --data=FOLDER » is given."""
    if len(arguments) == 2 and arguments[0] == "--data":
        return arguments[1]
    if len(arguments) == 1 and arguments[0].startswith("--data="):
        return arguments[0].removeprefix("--data=") or None
    return None


if __name__ == "__main__":
    sys.exit(main())
