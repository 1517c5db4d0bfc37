"""The program: a window without arguments, else one command."""

from __future__ import annotations

import sys


def main() -> int:
    """Open the window, or run the command named in the arguments."""
    arguments = sys.argv[1:]
    if not arguments or (len(arguments) == 2 and arguments[0] == "--data"):
        from prevention_app.ui.application import run_window

        return run_window(arguments[1] if arguments else None)
    from prevention_app.cli.main import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
