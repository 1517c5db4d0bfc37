"""What the user sees when the program breaks: a plain sentence; the detail goes to a log file."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from prevention_app import paths
from prevention_app.errors import PreventionError

_LOG = logging.getLogger("prevention_app")
PLAIN = (
    "Une panne du programme a interrompu cette action. Ce qui était enregistré l’est toujours ; "
    "votre saisie est gardée en brouillon. Le détail est dans le journal technique."
)


def log_file() -> Path:
    """Where the technical log of this computer lies."""
    return paths.data_folder() / "journal-technique.log"


def start_log() -> None:
    """Write what breaks to the log file, small and turned over."""
    file = log_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(file, maxBytes=500_000, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    _LOG.addHandler(handler)


def catch(tell: Callable[[str], None]) -> None:
    """Let nothing unforeseen reach the user but a plain French sentence."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        if isinstance(error, PreventionError):
            tell(str(error))
            return
        # Where it broke, never what was being typed or read: the log holds no personal data.
        unnamed = RuntimeError(kind.__name__)
        _LOG.error("%s", kind.__name__, exc_info=(RuntimeError, unnamed, trace))
        tell(PLAIN)

    sys.excepthook = hook
