"""The chosen record beside the list, to be read only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from prevention_app.domain.due import DueItem
from prevention_app.errors import NotFound
from prevention_app.services import records
from prevention_app.ui import icons, layouts, style, words
from prevention_app.ui.page import button
from prevention_app.ui.session import Session


class DuePreview(QScrollArea):
    """What a record holds, field by field; empty ones are left out."""

    open_asked = Signal(str, str)
    closed = Signal()

    def __init__(self, session: Session) -> None:
        """Nothing is shown yet."""
        super().__init__()
        self.setAccessibleName("Aperçu de la fiche")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._session = session
        self._item: DueItem | None = None
        inner = QWidget()
        inner.setObjectName("page")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(18, 14, 18, 18)
        self._column.setSpacing(4)
        self.setWidget(inner)
        self._make_head()
        self._fields = QVBoxLayout()
        self._fields.setSpacing(2)
        self._column.addLayout(self._fields)
        self._column.addStretch(1)

    def _make_head(self) -> None:
        self._title = _wrapped("pane_title")
        close = QToolButton()
        close.setIcon(icons.icon("x"))
        close.setAccessibleName("Fermer l’aperçu")
        close.setToolTip("Fermer l’aperçu (Espace)")
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(head)
        self._under = _wrapped("secondary")
        self._column.addWidget(self._under)
        self._column.addSpacing(8)
        self.open = button("Ouvrir la fiche", "arrow-right")
        self.open.clicked.connect(self._ask_open)
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addStretch(1)
        self._column.addLayout(row)
        self._column.addSpacing(10)

    def show_item(self, item: DueItem | None) -> None:
        """Show a record as it stands now; without one, say what to do."""
        self._item = item
        layouts.empty(self._fields)
        self.open.setVisible(item is not None)
        if item is None:
            self._title.setText("Aucune fiche choisie")
            self._under.setText("Choisissez une ligne de la liste.")
            return
        store = self._session.store
        entity = store.catalogue[item.register]
        self._title.setText(item.title)
        self._under.setText(f"{entity.item_fr or entity.label_fr} · {item.reference}")
        try:
            with store.reading() as read:
                record = read.get(item.register, item.record_id)
                (row,) = records.as_rows(read, entity, [record])
        except NotFound as error:
            self._under.setText(words.sentence(str(error)))
            return
        self._add("Ce qui est dû", item.what)
        for each in entity.fields:
            if row.texts[each.key]:
                self._add(each.label_fr, row.texts[each.key])
        self.verticalScrollBar().setValue(0)

    def _add(self, label: str, text: str) -> None:
        name = _wrapped("secondary")
        name.setText(label)
        value = _wrapped("")
        value.setText(text)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._fields.addWidget(name)
        self._fields.addWidget(value)
        self._fields.addSpacing(8)

    def _ask_open(self) -> None:
        if self._item is not None:
            self.open_asked.emit(self._item.register, self._item.record_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Échap and Espace close it."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Space):
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _wrapped(look: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if look:
        style.mark(label, "look", look)
    return label
