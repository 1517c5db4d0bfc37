"""How the window feels on a very large workspace, as ratios.

    python -m bench.window_speed WORKSPACE [--repetitions 5]

WORKSPACE is one that bench/make_large.py made. Measured, each in processes of their own that take
turns, the least of each counting:

- start: from the start of the process to the first paint and to the first rows, against a bare
  window of Qt that a Python process opens and paints (goals 1.3 and 3);
- delays: while pages are opened, scrolled, sorted, filtered and typed in, how long the event
  loop is held between repaints: 99th percentile (goal 16 ms) and longest (goal 50 ms); repaints
  of a scrolled table against those of a model that holds one constant row (goal 1.5);
- memory: what the process holds at the end (goal 400 MiB).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from typing import Any

BARE, PLACE, START, DELAYS = "bare", "place", "start", "delays"
_REGISTER = "health_safety_entry"
_SETTLED_S = 0.5
_ROWS = 1_000_000
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"


def main() -> None:
    """Measure and print, or be one of the processes measured."""
    asked = argparse.ArgumentParser(description="How the window feels, as ratios.")
    asked.add_argument("workspace", type=Path)
    asked.add_argument("--repetitions", type=int, default=5)
    asked.add_argument("--case", choices=_CASES, help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    if chosen.case:
        print(json.dumps(_CASES[chosen.case](chosen.workspace)))
        return
    runs: dict[str, list[dict[str, Any]]] = {BARE: [], START: [], DELAYS: []}
    with tempfile.TemporaryDirectory() as compiled:
        # As where the program is installed: its modules are compiled once, before. The window
        # comes back to where it stood, on the largest register.
        for case in (BARE, PLACE, START):
            _run(case, chosen.workspace, compiled)
        for _ in range(chosen.repetitions):
            for case in (BARE, START):
                runs[case].append(_run(case, chosen.workspace, compiled))
        runs[DELAYS].append(_run(DELAYS, chosen.workspace, compiled))
    _report(runs)


def _run(case: str, workspace: Path, compiled: str) -> dict[str, Any]:
    started = time.time()
    said = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "bench.window_speed", str(workspace), "--case", case],
        check=False,
        capture_output=True,
        text=True,
        env={
            **{name: each for name, each in os.environ.items() if name != _NO_BYTECODE},
            "PYTHONPYCACHEPREFIX": compiled,
            "PYTHONFAULTHANDLER": "1",
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_CONFIG_HOME": str(Path(compiled) / "settings"),
            "BENCH_STARTED": str(started),
        },
    )
    if said.returncode:
        raise SystemExit(f"{case} ended with {said.returncode}:\n{said.stderr}")
    measured: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return measured


def _report(runs: dict[str, list[dict[str, Any]]]) -> None:
    bare = min(each["painted"] for each in runs[BARE])
    painted = min(each["painted"] for each in runs[START])
    rows = min(each["rows"] for each in runs[START])
    print(f"first paint     {painted / bare:6.2f} × a bare window ({bare * 1000:.0f} ms)  goal 1.3")
    print(f"first rows      {rows / bare:6.2f} × a bare window  goal 3")
    held = runs[DELAYS][0]
    print(f"delay, 99 %     {held['p99']:6.1f} ms between repaints  goal 16")
    print(f"delay, longest  {held['longest']:6.1f} ms ({held['during']})  goal 50")
    print(f"repaint         {held['repaint']:6.2f} × that of a constant model  goal 1.5")
    print(f"memory          {held['memory']:6.0f} MiB  goal 400")


# -- the processes measured ---------------------------------------------------------------------


def _since_start() -> float:
    return time.time() - float(os.environ["BENCH_STARTED"])


def _bare(_workspace: Path) -> dict[str, float]:
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Bare(QMainWindow):
        painted = 0.0

        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            self.painted = self.painted or _since_start()
            QTimer.singleShot(0, QApplication.quit)

    application = QApplication([])
    window = Bare()
    window.resize(1440, 900)
    window.show()
    application.exec()
    return {"painted": window.painted}


def _place(workspace: Path) -> dict[str, float]:
    from prevention_app.ui import settings
    from prevention_app.ui.window_memory import place_key

    settings.remember(place_key(workspace), [_REGISTER, "", "", ""])
    settings.settings().sync()
    return {}


def _start(workspace: Path) -> dict[str, float]:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from prevention_app.ui import start

    started = QApplication([])
    moments: dict[str, float] = {}
    window = start.show_window(started, workspace)
    window.painted.connect(lambda: moments.setdefault("painted", _since_start()))

    def look() -> None:
        page: Any = window.page
        if page is not None and page.table.records.row(0) is not None:
            moments["rows"] = _since_start()
            started.quit()

    timer = QTimer(interval=1)
    timer.timeout.connect(look)
    timer.start()
    started.exec()
    return moments


def _delays(workspace: Path) -> dict[str, Any]:
    from prevention_app.ui import page_making, start
    from prevention_app.ui.record_page import RecordPage
    from prevention_app.ui.workspace import Workspace

    watch = _watched_application()
    frame = start.show_window(watch, workspace)
    frame.resize(1440, 900)
    last_page = f"prevention_app.ui.{page_making.MODULES[-1]}"
    while last_page not in sys.modules:  # by then someone has looked around
        _settle()
    _settle()
    opened = frame.findChild(Workspace)
    assert opened is not None
    opened.go("home")
    _settle()
    watch.begin()
    for key in ("due", "risk_document", "plant_protection", "organisation", _REGISTER):
        watch.now = f"opening {key}"
        opened.go(key)
        _settle()
    page = opened.page_of(_REGISTER)
    assert isinstance(page, RecordPage)
    repaint = _live_in(page, watch)
    measured = watch.end()
    measured["repaint"] = repaint / _constant_repaint(page, watch)
    measured["memory"] = _memory()
    return measured


def _live_in(page: Any, watch: Any) -> float:
    """Scroll, sort, filter, type; returns the middle repaint while scrolling, in seconds."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    table = page.table

    def settle() -> None:
        _settle()
        while table.records.row(0) is None:
            _settle()

    settle()
    watch.now = "scrolling"
    repaint = _scroll(table, watch)
    watch.now = "jumping to the end"
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    settle()
    watch.now = "sorting"
    page._sort(("observation",))  # noqa: SLF001  (what a click on the heading asks for)
    settle()
    watch.now = "filtering"
    page.focus_filter()
    for letter in "parking":
        QTest.keyClicks(page.filters.line, letter)
        QTest.qWait(60)
    settle()
    watch.now = "opening a record"
    table.setFocus()
    table.selectRow(3)
    QTest.keyClick(table, Qt.Key.Key_Return)
    settle()
    assert page.form is not None
    watch.now = "typing"
    QTest.keyClicks(page.form, "abc def")
    settle()
    return repaint


def _scroll(table: Any, watch: Any) -> float:
    from PySide6.QtTest import QTest

    watch.repaints.clear()
    watch.canvas = table.viewport()
    bar = table.verticalScrollBar()
    for step in range(120):
        bar.setValue(step * 7 if step % 10 else step * 4001)
        QTest.qWait(5)
    return sorted(watch.repaints)[len(watch.repaints) // 2]


def _constant_repaint(page: Any, watch: Any) -> float:
    """The same table, delegate and columns over a model that answers from one constant row."""
    from PySide6.QtCore import QAbstractTableModel

    from prevention_app.ui.cells import CELL
    from prevention_app.ui.record_table import RecordTable

    table = page.table
    held = [table.records.index(0, at) for at in range(table.records.columnCount())]
    cells = [each.data(CELL) for each in held]

    class Constant(QAbstractTableModel):
        def rowCount(self, parent: Any = None) -> int:
            return 0 if parent and parent.isValid() else _ROWS

        def columnCount(self, parent: Any = None) -> int:
            return 0 if parent and parent.isValid() else len(cells)

        def data(self, index: Any, role: int = 0) -> Any:
            return cells[index.column()] if role == CELL else None

    bare = RecordTable(page.session, table.records)
    constant = Constant(bare)
    from PySide6.QtWidgets import QTableView

    QTableView.setModel(bare, constant)
    bare.resize(table.size())
    for at in range(len(cells)):
        bare.setColumnWidth(at, table.columnWidth(at))
    bare.show()
    _settle()
    return _scroll(bare, watch)


def _watched_application() -> Any:
    """An application that times each event it handles, repaints apart from all others."""
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QApplication

    repainting = {QEvent.Type.Paint, QEvent.Type.UpdateRequest, QEvent.Type.Expose}

    class Watched(QApplication):
        def __init__(self) -> None:
            super().__init__([])
            self.now = ""
            self.repaints: list[float] = []
            self._held: list[tuple[float, str]] = []
            self.canvas: QObject | None = None
            self._depth = 0
            self._watching = False

        def begin(self) -> None:
            self._watching = True

        def end(self) -> dict[str, Any]:
            self._watching = False
            times = [each for each, _ in self._held]
            longest, during = max(self._held)
            return {
                "p99": quantiles(times, n=100)[98] * 1000,
                "longest": longest * 1000,
                "during": during,
            }

        def notify(self, receiver: QObject, event: QEvent) -> bool:
            kind = event.type()
            started = time.perf_counter()
            self._depth += 1
            try:
                return super().notify(receiver, event)
            finally:
                self._depth -= 1
                took = time.perf_counter() - started
                if kind in repainting:
                    if kind is QEvent.Type.Paint and receiver is self.canvas:
                        self.repaints.append(took)
                elif self._depth == 0 and self._watching:
                    self._held.append((took, self.now))

    return Watched()


def _settle() -> None:
    """Let the window do what it has to, as when a person looks at it."""
    from PySide6.QtTest import QTest

    QTest.qWait(int(_SETTLED_S * 1000))


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


_CASES: dict[str, Callable[[Path], dict[str, Any]]] = {
    BARE: _bare,
    PLACE: _place,
    START: _start,
    DELAYS: _delays,
}

if __name__ == "__main__":
    main()
