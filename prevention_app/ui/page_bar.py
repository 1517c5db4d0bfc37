"""The bar above every page: where one is, and the buttons of the page."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from prevention_app.ui import layouts, style
from prevention_app.ui.eliding_label import ElidingLabel
from prevention_app.ui.icons import IconLabel
from prevention_app.ui.page import Page


class PageBar(QFrame):
    """Shows the title of a page, what it belongs to, its tag and its buttons."""

    def __init__(self) -> None:
        """Without a page yet."""
        super().__init__()
        self.setObjectName("page_bar")
        style.fix_height(self, "page_bar")
        self._crumb = QLabel()
        style.mark(self._crumb, "look", "crumb")
        self._arrow = IconLabel("chevron-right", "text_tertiary", 14)
        self._title = ElidingLabel()
        style.mark(self._title, "look", "page_title")
        self._tag = QLabel()
        style.mark(self._tag, "look", "tag")
        style.fix_height(self._tag, "state_chip")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 16, 0)
        row.setSpacing(8)
        for each in (self._crumb, self._arrow, self._title, self._tag):
            row.addWidget(each)
        row.addStretch(1)
        row.addLayout(self._buttons)

    def show_page(self, page: Page) -> None:
        """Show what a page says of itself."""
        self._crumb.setText(page.crumb)
        self._crumb.setVisible(bool(page.crumb))
        self._arrow.setVisible(bool(page.crumb))
        self._title.setText(page.title)
        self._tag.setText(page.tag)
        self._tag.setVisible(bool(page.tag))
        layouts.empty(self._buttons, keep=True)
        for each in page.buttons:
            self._buttons.addWidget(each)
            each.show()
