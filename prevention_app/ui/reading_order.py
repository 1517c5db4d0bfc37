"""Tab goes as one reads: line by line and pane by pane, whatever was made first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QScrollArea, QWidget

_AFTER: Final = "tab_after"


def put_after(before: QWidget, after: QWidget) -> None:
    """Let Tab go from one to the other at once, though something stands between them."""
    after.setProperty(_AFTER, before)
    QWidget.setTabOrder(before, after)


def go_on(root: QWidget, here: QWidget | None, *, forwards: bool) -> bool:
    """Put the focus to what comes next, or before, among what can be seen in a widget now.

    After the last comes the first. False where nothing in it has the focus.
    """
    stops = list(_stops(root))
    for each in [each for each in stops if each.property(_AFTER) in stops]:
        stops.remove(each)
        stops.insert(stops.index(each.property(_AFTER)) + 1, each)
    while here is not None and here not in stops:
        here = here.parentWidget()
    if here is None:
        return False
    reason = Qt.FocusReason.TabFocusReason if forwards else Qt.FocusReason.BacktabFocusReason
    there = stops[(stops.index(here) + (1 if forwards else -1)) % len(stops)]
    there.setFocus(reason)
    _bring_into_sight(there)
    return True


def _bring_into_sight(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()


def _stops(widget: QWidget) -> Iterator[QWidget]:
    """Where Tab stops in a widget: at itself, then at its parts in their order."""
    stops_here = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    if stops_here and widget.isEnabled() and widget.focusProxy() is None:
        yield widget
    if not isinstance(widget, QAbstractItemView):
        for each in _as_read(widget):
            yield from _stops(each)


def _as_read(widget: QWidget) -> list[QWidget]:
    """The parts of a widget that are shown: from the top, each line from the left.

    By where they stand, not by the layouts: the binding mistakes one item of a layout for
    another.
    """
    parts = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    lines: list[list[QWidget]] = []
    bottom = 0
    for each in sorted(
        (each for each in parts if not each.isHidden() and not each.isWindow()),
        key=lambda each: each.y(),
    ):
        if lines and 2 * (bottom - each.y()) > min(each.height(), bottom - lines[-1][0].y()):
            lines[-1].append(each)
            bottom = max(bottom, each.geometry().bottom())
        else:
            lines.append([each])
            bottom = each.geometry().bottom()
    return [each for line in lines for each in sorted(line, key=lambda each: each.x())]
