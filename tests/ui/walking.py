"""Walks the widgets of every page and says what a person could not read, hear or reach.

Run in a process of its own, since the scale of the screen is chosen before Qt starts:
walking.py WORKSPACE SCALE [PAGE…] prints a list of findings as JSON; without pages, all of them.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path

THEMES = ("light", "dark")
LEAST_CONTRAST = 4.5
SHARP = 2
"""From this scale a stroke of a letter has a pixel of its own colour."""
SIZES = {1: (1440, 900), 2: (1366, 768), 3: (1280, 720)}
"""Logical size of the window by scale: what a common screen has left."""
ROUND_MS, STILL_ROUNDS, PATIENCE_S = 20, 8, 20.0
"""What a page reads comes in a thread or a process; so many looks must find all in its place."""
BUSY = ("Lecture", "Mise à jour", "L’aperçu se prépare")
MOST_STEPS = 250
SEEN_PIXELS = 60
"""So many pixels at 100 % differ where the focus is: more than a caret, less than a frame."""
KEPT: list = []
"""What Qt lends for a look: let go, the binding would destroy what Qt still uses."""


def walk(workspace: Path, scale: int, pages: Sequence[str] = ()) -> list[str]:
    """All findings on these pages, or on all, in both themes."""
    from prevention_app import bootstrap
    from prevention_app.ui import application
    from prevention_app.ui.first_opening import FirstOpening
    from prevention_app.ui.main_window import MainWindow
    from prevention_app.ui.places import PURPOSES
    from prevention_app.ui.workspace import Workspace

    started = application.make_application()
    frame = MainWindow()
    frame.resize(*SIZES[scale])
    frame.show_page(FirstOpening())
    frame.show()
    frame.activateWindow()
    found = [f"first opening: {each}" for each in findings(frame, scale)]
    opened = Workspace(
        frame, bootstrap.open_workspace(workspace), lambda: bootstrap.open_workspace(workspace)
    )
    registers = [each.key for each in opened.session.store.catalogue.registers]
    for theme in THEMES:
        application.use_theme(started, theme)
        for key in pages or (*(each.key for each in PURPOSES), *registers):
            opened.go(key)
            where = f"{key}, {theme}, {scale}00 %"
            found += [f"{where}: {each}" for each in findings(frame, scale)]
    frame.close()
    opened.session.store.close()
    return found


def settle(frame) -> None:
    """Wait until the page shown has read what it shows, and has laid it out."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QLabel

    until, still, before = time.monotonic() + PATIENCE_S, 0, None
    while time.monotonic() < until and still < STILL_ROUNDS:
        QTest.qWait(ROUND_MS)
        busy = any(each.text().startswith(BUSY) for each in seen(frame, QLabel))
        now = [each.geometry().getRect() for each in seen(frame)]
        still = still + 1 if now == before and not busy else 0
        before = now


def findings(frame, scale: int) -> Iterator[str]:
    """What is wrong with what the window shows now."""
    from PySide6.QtWidgets import (
        QApplication,
        QCheckBox,
        QHeaderView,
        QLabel,
        QLineEdit,
        QPushButton,
    )

    settle(frame)
    if frame.width() > SIZES[scale][0] or frame.height() > SIZES[scale][1]:
        yield f"pushes the window to {frame.width()} × {frame.height()}"
    for window in QApplication.topLevelWidgets():
        if window.isVisible() and window is not frame:
            yield f"{told(window)} is a window of its own"
    for widget in seen(frame):
        yield from nameless(widget)
        yield from sticks_out(widget)
        if isinstance(widget, QLabel):
            yield from cut_label(widget)
        elif isinstance(widget, (QPushButton, QCheckBox)):
            yield from cut_button(widget)
        elif isinstance(widget, QLineEdit):
            yield from cut_prompt(widget)
        elif isinstance(widget, QHeaderView):
            yield from cut_headings(widget)
        if scale >= SHARP and isinstance(widget, (QLabel, QPushButton, QCheckBox)):
            yield from pale(widget)
    yield from unreached(frame, scale)


def seen(frame, kind: type | None = None) -> list:
    """Every widget of a kind that can be seen now."""
    from PySide6.QtWidgets import QWidget

    return [each for each in frame.findChildren(kind or QWidget) if each.isVisible()]


def told(widget) -> str:
    name = widget.objectName() or widget.accessibleName()
    text = widget.text() if hasattr(widget, "text") else ""
    return f"{type(widget).__name__} « {name or text} »"


def takes_focus(widget) -> bool:
    from PySide6.QtCore import Qt

    tab = Qt.FocusPolicy.TabFocus.value
    policy = widget.focusPolicy().value & tab == tab
    return policy and widget.isEnabled() and widget.isVisible() and widget.focusProxy() is None


# -- what is heard -----------------------------------------------------------------------------


def nameless(widget) -> Iterator[str]:
    """A screen reader has a name and a role to say for whatever takes the focus."""
    from PySide6.QtGui import QAccessible

    if not takes_focus(widget):
        return
    heard = QAccessible.queryAccessibleInterface(widget)
    KEPT.append(heard)
    if heard is None or not heard.text(QAccessible.Text.Name).strip():
        yield f"{told(widget)} has no name"
    elif heard.role() in (QAccessible.Role.NoRole, QAccessible.Role.Client):
        yield f"{told(widget)} has no role"


# -- what is cut -------------------------------------------------------------------------------


def sticks_out(widget) -> Iterator[str]:
    """A widget has its place within its parent, unless that one scrolls so far."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QAbstractScrollArea, QSplitterHandle

    parent = widget.parentWidget()
    if parent is None or widget.isWindow() or isinstance(widget, QSplitterHandle):
        return
    area = parent.parentWidget()
    place = widget.geometry()
    wide, high = place.right() - parent.rect().right(), place.bottom() - parent.rect().bottom()
    if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
        if area.horizontalScrollBarPolicy() is not Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            return
        high = 0
    if wide > 1 or high > 1:
        yield f"{told(widget)} sticks {wide} × {high} out of {told(parent)}"


def cut_label(label) -> Iterator[str]:
    """A label has room for its words, unless it is one that shows how it is cut."""
    from prevention_app.ui.eliding_label import ElidingLabel

    if isinstance(label, ElidingLabel) or not label.text():
        return
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        if needed > label.height() + 2:
            yield f"{told(label)} needs {needed} of {label.height()} in height"
    elif label.sizeHint().width() > label.width() + 2:
        yield f"{told(label)} needs {label.sizeHint().width()} of {label.width()} in width"


def cut_button(button) -> Iterator[str]:
    needed = button.minimumSizeHint().width()
    if button.text() and needed > button.width() + 2:
        yield f"{told(button)} needs {needed} of {button.width()}"


def cut_prompt(line) -> Iterator[str]:
    """What a line says while it is empty can be read."""
    margins = line.textMargins()
    room = line.contentsRect().width() - margins.left() - margins.right()
    needed = line.fontMetrics().horizontalAdvance(line.placeholderText())
    if not line.text() and needed > room:
        yield f"{told(line)} needs {needed} of {room} for « {line.placeholderText()} »"


def cut_headings(header) -> Iterator[str]:
    from PySide6.QtCore import Qt

    if header.orientation() is not Qt.Orientation.Horizontal:
        return
    for at in range(header.count()):
        words = str(header.model().headerData(at, header.orientation()) or "")
        needed = header.fontMetrics().horizontalAdvance(words)
        if not header.isSectionHidden(at) and needed > header.sectionSize(at):
            yield f"heading « {words} » needs {needed} of {header.sectionSize(at)}"


# -- what is pale ------------------------------------------------------------------------------


def pale(widget) -> Iterator[str]:
    """Words stand out from their ground: 4.5 to 1, as WCAG 2.2 AA wants."""
    if not widget.text() or not widget.isEnabled() or widget.width() < 4:
        return
    if widget.visibleRegion().boundingRect() != widget.rect():
        return  # scrolled out in part: its words are not in the picture
    picture = (
        widget.window()
        .grab(widget.rect().translated(widget.mapTo(widget.window(), widget.rect().topLeft())))
        .toImage()
    )
    colours: Counter[int] = Counter(
        picture.pixel(x, y)
        for y in range(0, picture.height(), 2)
        for x in range(0, picture.width(), 2)
    )
    if len(colours) < 2:
        return
    ground = luminance(colours.most_common(1)[0][0])
    best = max(contrast(luminance(each), ground) for each in colours)
    if best < LEAST_CONTRAST:
        yield f"{told(widget)} has a contrast of {best:.1f}"


def luminance(pixel: int) -> float:
    parts = [(pixel >> shift & 255) / 255 for shift in (16, 8, 0)]
    red, green, blue = (
        each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


# -- what Tab reaches --------------------------------------------------------------------------


def unreached(frame, scale: int) -> Iterator[str]:
    """Tab comes to everything that takes the focus, as one reads, and one sees where it is."""
    wanted = [each for each in seen(frame) if takes_focus(each)]
    if not wanted:
        yield "has nothing that takes the focus"
        return
    start = min(wanted, key=lambda each: (placed(each).left() > 240, placed(each).top()))
    reached, unseen, last = tabbed(start, scale)
    if not reached:
        yield f"{told(start)} does not take the focus"
        return
    if last is not reached[0]:
        end = told(last) if last is not None else "nothing"
        yield f"Tab goes round from {told(reached[-1])} to {end}, not to {told(reached[0])}"
    yield from (f"{told(each)} does not show the focus" for each in unseen)
    yield from (
        f"{told(each)} is not reached by Tab"
        for each in wanted
        if takes_focus(each) and each not in reached
    )
    for before, after in pairwise(reached):
        if after.property("tab_after") is before or before.property("tab_after") is not None:
            continue  # as the page says at its foot
        if against_reading(placed(room_of(before, after)), placed(room_of(after, before))):
            yield f"Tab goes back from {told(before)} to {told(after)}"


def tabbed(start, scale: int) -> tuple[list, list, object]:
    """What Tab comes to from a widget on, what of it looks the same without the focus, and
    to which of them it comes back."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    start.setFocus(Qt.FocusReason.TabFocusReason)
    reached, unseen = [], []
    here = QApplication.focusWidget()
    while here is not None and len(reached) < MOST_STEPS:
        reached.append(here)
        with_focus = here.grab().toImage()
        QTest.keyClick(here, Qt.Key.Key_Tab)
        there = QApplication.focusWidget()
        if not differ(with_focus, here.grab().toImage(), SEEN_PIXELS * scale):
            unseen.append(here)
        if there in reached:
            return reached, unseen, there
        here = there
    return reached, unseen, None


def differ(one, other, pixels: int) -> bool:
    """Whether at least so many pixels of two pictures are not the same."""
    if one.size() != other.size():
        return True
    pictures = (memoryview(each.constBits()).cast("I") for each in (one, other))
    both = zip(*pictures, strict=True)
    return sum(1 for _ in islice((1 for a, b in both if a != b), pixels)) >= pixels


def placed(widget):
    """Where a widget stands in its window."""
    from PySide6.QtCore import QPoint, QRect

    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def room_of(widget, other):
    """The outermost pane or scroll area that holds a widget and not the other; else itself."""
    from PySide6.QtWidgets import QAbstractScrollArea, QSplitter

    room, above = widget, widget.parentWidget()
    while above is not None and not above.isAncestorOf(other):
        is_pane = isinstance(above.parentWidget(), QSplitter)
        if isinstance(above, QAbstractScrollArea) or is_pane:
            room = above
        above = above.parentWidget()
    return room


def against_reading(before, after) -> bool:
    """Whether a place comes before another as one reads: lines, or columns side by side."""
    common = min(before.bottom(), after.bottom()) - max(before.top(), after.top())
    if common * 2 > min(before.height(), after.height()):
        return after.left() < before.left()
    return after.bottom() <= before.top() and after.left() < before.right()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = sys.argv[2]
    said = walk(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
