"""Walks the widgets of every page and says what a person could not read or hear.

Run in a process of its own, since the scale of the screen is chosen before Qt starts:
walking.py WORKSPACE SCALE prints a list of findings as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

THEMES = ("light", "dark")
LEAST_CONTRAST = 4.5
SIZES = {1: (1440, 900), 2: (1366, 768), 3: (1280, 720)}
"""Logical size of the window by scale: what a common screen has left."""
SETTLE_MS = 250
"""What a page reads comes in a thread or a process."""
KEPT: list = []
"""What Qt lends for a look: let go, the binding would destroy what Qt still uses."""


def walk(workspace: Path, scale: int) -> list[str]:
    """All findings on all pages in both themes."""
    from PySide6.QtTest import QTest

    from prevention_app import bootstrap
    from prevention_app.ui import application
    from prevention_app.ui.main_window import MainWindow
    from prevention_app.ui.places import PURPOSES
    from prevention_app.ui.workspace import Workspace

    started = application.make_application()
    frame = MainWindow()
    frame.resize(*SIZES[scale])
    opened = Workspace(
        frame, bootstrap.open_workspace(workspace), lambda: bootstrap.open_workspace(workspace)
    )
    frame.show()
    frame.activateWindow()
    registers = [each.key for each in opened.session.store.catalogue.registers]
    found: list[str] = []
    for theme in THEMES:
        application.use_theme(started, theme)
        for key in (*(each.key for each in PURPOSES), *registers):
            opened.go(key)
            QTest.qWait(SETTLE_MS)
            where = f"{key}, {theme}, {scale}00 %"
            found += [f"{where}: {each}" for each in findings(frame, scale)]
    frame.close()
    opened.session.store.close()
    return found


def findings(frame, scale: int) -> Iterator[str]:
    """What is wrong with what the window shows now."""
    from PySide6.QtWidgets import QLabel, QPushButton

    if frame.width() > SIZES[scale][0] or frame.height() > SIZES[scale][1]:
        yield f"pushes the window to {frame.width()} × {frame.height()}"
    for widget in seen(frame):
        yield from nameless(widget)
        if isinstance(widget, QLabel):
            yield from cut_label(widget)
            if scale == 3:
                yield from pale(widget)
        elif isinstance(widget, QPushButton):
            yield from cut_button(widget)


def seen(frame) -> list:
    """Every widget that can be seen now."""
    from PySide6.QtWidgets import QWidget

    return [each for each in frame.findChildren(QWidget) if each.isVisible()]


def told(widget) -> str:
    name = widget.objectName() or widget.accessibleName()
    text = widget.text() if hasattr(widget, "text") else ""
    return f"{type(widget).__name__} « {name or text} »"


def takes_focus(widget) -> bool:
    from PySide6.QtCore import Qt

    policy = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(policy) and widget.isEnabled() and widget.isVisible()


def nameless(widget) -> Iterator[str]:
    """A screen reader has a name and a role to say for whatever takes the focus."""
    from PySide6.QtGui import QAccessible

    if not takes_focus(widget) or widget.focusProxy() is not None:
        return
    heard = QAccessible.queryAccessibleInterface(widget)
    KEPT.append(heard)
    if heard is None or not heard.text(QAccessible.Text.Name).strip():
        yield f"{told(widget)} has no name"
    elif heard.role() in (QAccessible.Role.NoRole, QAccessible.Role.Client):
        yield f"{told(widget)} has no role"


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
    if button.text() and button.minimumSizeHint().width() > button.width() + 2:
        yield f"{told(button)} needs {button.minimumSizeHint().width()} of {button.width()}"


def pale(label) -> Iterator[str]:
    """Words stand out from their ground: 4.5 to 1, as WCAG 2.2 AA wants."""
    if not label.text() or not label.isEnabled() or label.width() < 4:
        return
    if label.visibleRegion().boundingRect() != label.rect():
        return  # scrolled out in part: its words are not in the picture
    picture = (
        label.window()
        .grab(label.rect().translated(label.mapTo(label.window(), label.rect().topLeft())))
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
        yield f"{told(label)} has a contrast of {best:.1f}"


def luminance(pixel: int) -> float:
    parts = [(pixel >> shift & 255) / 255 for shift in (16, 8, 0)]
    red, green, blue = (
        each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = sys.argv[2]
    said = walk(Path(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
