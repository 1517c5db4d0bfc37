"""When the program breaks: a plain sentence now, a report that stays here, a word at next start."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import QLockFile, QTimer

from prevention_app import paths
from prevention_app.errors import PreventionError
from prevention_app.services import failure_reports

_LOG = logging.getLogger("prevention_app")
PLAIN = (
    "Une panne du programme a interrompu cette action. Ce qui était enregistré l’est toujours ; "
    "votre saisie est gardée en brouillon."
)
_MOST_WINDOWS: Final = 8
_LATER_MS: Final = 2000
_VERSIONS: Final = ".versions"


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


# -- errors ----------------------------------------------------------------------------------


def catch(tell: Callable[[str, Path | None], object]) -> None:
    """Let nothing unforeseen reach the user but a plain French sentence, and where the report is.

    What breaks in a thread is reported without a word: the window is not its own to speak to.
    """
    reported: dict[str, Path | None] = {}

    def report(error: BaseException) -> Path | None:
        account = failure_reports.account_of(error)
        if account not in reported:  # what breaks at each repaint is reported once
            _LOG.error(account.rstrip())
            reported[account] = _written(account)
        return reported[account]

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        elif isinstance(error, PreventionError):
            tell(str(error), None)
        else:
            tell(PLAIN, report(error))

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            report(args.exc_value)

    sys.excepthook = hook
    threading.excepthook = thread_hook


def _written(account: str, versions: str = "") -> Path | None:
    try:
        return failure_reports.write(account, versions)
    except OSError:
        return None


# -- crashes ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ending:
    """How a window before this one ended, without having been closed."""

    report: Path | None
    """None where none could be written."""


class Presence:
    """Marks that a window runs, so that the next one learns when it ended badly."""

    def __init__(self) -> None:
        """Nothing is marked yet."""
        self._lock: QLockFile | None = None
        self._trace: TextIOWrapper | None = None

    def begin(self) -> list[Ending]:
        """Mark this window; tells of those that ended badly since the last start."""
        try:
            failure_reports.folder().mkdir(parents=True, exist_ok=True)
        except OSError:
            return []
        endings: list[Ending] = []
        for number in range(1, _MOST_WINDOWS + 1):
            mark = _mark(number)
            left_behind = mark.exists()
            lock = QLockFile(str(mark))
            lock.setStaleLockTime(0)  # however long ago: only a process that is gone counts
            if not lock.tryLock(0):
                continue
            if left_behind:
                endings.append(_ending(number))
            if self._lock is None:
                self._lock = lock
                self._start_trace(number)
            else:
                lock.unlock()
        return endings

    def _start_trace(self, number: int) -> None:
        try:
            self._trace = _trace(number).open("w", encoding="utf-8")
        except OSError:
            return
        faulthandler.enable(self._trace)
        # Asking for them takes as long as a page.
        QTimer.singleShot(_LATER_MS, partial(_note_versions, _versions(number)))

    def end(self) -> None:
        """The window was closed as it should."""
        if self._trace is not None:
            faulthandler.disable()
            self._trace.close()
            trace = Path(self._trace.name)
            for each in (trace, trace.with_suffix(_VERSIONS)):
                each.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.unlock()


def _mark(number: int) -> Path:
    return failure_reports.folder() / f"fenetre-{number}.lock"


def _trace(number: int) -> Path:
    return failure_reports.folder() / f"fenetre-{number}.trace"


def _versions(number: int) -> Path:
    return _trace(number).with_suffix(_VERSIONS)


def _note_versions(file: Path) -> None:
    """Of the program that may crash: the one that tells of it may be another."""
    with contextlib.suppress(OSError):
        file.write_text(failure_reports.versions_here(), encoding="utf-8")


def _ending(number: int) -> Ending:
    account = failure_reports.account_of_crash(_taken(_trace(number)))
    return Ending(_written(account, _taken(_versions(number))))


def _taken(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    file.unlink(missing_ok=True)
    return text
