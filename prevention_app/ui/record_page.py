"""The page of any register: filters and table, with the form of the current record beside."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMessageBox, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Entity
from prevention_app.errors import NotFound, PreventionError
from prevention_app.services import records
from prevention_app.services.records import Row
from prevention_app.storage.query import Query
from prevention_app.ui import settings, theme, words
from prevention_app.ui.filters import FilterBar
from prevention_app.ui.page import EmptyState, Keys, Page, button
from prevention_app.ui.record_form import RecordForm
from prevention_app.ui.record_table import RecordModel, RecordTable
from prevention_app.ui.session import Session

_MANY = 20
_ROOM_FOR_BOTH = 880
_VISIBLE = "form/visible"


class RecordPage(Page):
    """One register: what is written in it, and the form to read and write a record."""

    import_asked = Signal(str)
    export_asked = Signal(str)

    def __init__(self, session: Session, entity: Entity) -> None:
        """Show a register from its declaration."""
        super().__init__()
        self.session = session
        self.entity = entity
        self.title = entity.label_fr
        self.crumb = entity.group_fr
        self.tag = "Registre légal" if entity.statutory else ""
        self.order: tuple[str, ...] = ()
        self.filters = FilterBar(entity, session)
        self.table = RecordTable(RecordModel(session, entity))
        self.form = RecordForm(session, entity)
        self.empty = EmptyState()
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.reload()

    # -- what it is made of ----------------------------------------------------------------

    def _make_buttons(self) -> None:
        writable = self.session.may_write(self.entity)
        self.new_button = button("Nouvelle fiche", "plus", "primary")
        self.new_button.setToolTip("Nouvelle fiche (N)")
        self.new_button.clicked.connect(self.new_record)
        self.delete_button = button("Supprimer", "trash-2", "quiet")
        self.delete_button.setToolTip("Supprimer les fiches choisies (Suppr)")
        self.delete_button.clicked.connect(self.delete_selected)
        importing = button("Importer…", "upload")
        importing.clicked.connect(lambda: self.import_asked.emit(self.entity.key))
        exporting = button("Exporter…", "download")
        exporting.clicked.connect(lambda: self.export_asked.emit(self.entity.key))
        self.buttons = [exporting]
        if writable:
            self.buttons = [self.delete_button, importing, exporting, self.new_button]

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(20, 14, 10, 0)
        column.setSpacing(10)
        column.addWidget(self.filters)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._make_empty())
        column.addWidget(self._stack, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.form)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setHandleWidth(1)
        self.form.setMinimumWidth(380)
        self._splitter.setSizes([760, theme.width("form_pane")])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._splitter)
        self.form.hide()

    def _make_empty(self) -> EmptyState:
        self._clear_button = button("Retirer les filtres", "x")
        self._clear_button.clicked.connect(self.filters.clear)
        self._first_button = button("Nouvelle fiche", "plus")
        self._first_button.clicked.connect(self.new_record)
        self._bring_button = button("Importer un fichier…", "upload")
        self._bring_button.clicked.connect(lambda: self.import_asked.emit(self.entity.key))
        for each in (self._clear_button, self._first_button, self._bring_button):
            self.empty.add_button(each)
        return self.empty

    def _connect(self) -> None:
        self.filters.changed.connect(self.reload)
        self.table.moved.connect(self._on_moved)
        self.table.opened.connect(self._on_opened)
        self.table.detail_asked.connect(self.toggle_form)
        self.table.order_asked.connect(self._sort)
        self.table.selectionModel().selectionChanged.connect(self._tell)
        self.form.saved.connect(self._on_saved)
        self.form.closed.connect(self.close_form)
        self.session.owners_changed.connect(self.reload)
        self.session.changed.connect(self.refresh)
        here = Qt.ShortcutContext.WidgetShortcut
        for keys, act in (
            ("N", self.new_record),
            ("Delete", self.delete_selected),
            ("/", self.filters.line.setFocus),
        ):
            QShortcut(QKeySequence(keys), self.table, act, context=here)
        QShortcut(QKeySequence("N"), self.empty, self.new_record, context=here)
        down = QShortcut(QKeySequence("Down"), self.filters.line, self.focus_main, context=here)
        down.setAutoRepeat(False)

    # -- the list --------------------------------------------------------------------------

    def _query(self) -> Query:
        ids = self._quoted()
        return Query(
            self.entity.key,
            self.filters.conditions,
            self.session.owners(self.entity),
            self.order,
            ids,
            text="" if ids else self.filters.words,
        )

    def _quoted(self) -> tuple[str, ...] | None:
        """The record whose reference stands in the filter line, if it is one."""
        if self.filters.words.count("-") < 3:
            return None
        try:
            with self.session.store.reading() as read:
                entity, record = read.find(self.filters.words)
        except NotFound:
            return None
        return (record.id,) if entity.key == self.entity.key else None

    def reload(self) -> None:
        """Read the list again as the filters want it."""
        self.table.show_rows(self._query())
        self.table.show_order(self.order or self.entity.order)
        found = self.table.records.rows.count
        self._stack.setCurrentIndex(0 if found else 1)
        if not found:
            self._explain_empty()
        elif not self.table.currentIndex().isValid() and not self.form.isVisible():
            self.table.selectRow(0)
        self.filters.line.setPlaceholderText(f"Filtrer ces {words.count(found, 'fiche')}")
        self._tell()

    def _explain_empty(self) -> None:
        filtered = self.filters.active
        writable = self.session.may_write(self.entity)
        self._clear_button.setVisible(bool(filtered))
        self._first_button.setVisible(not filtered and writable)
        self._bring_button.setVisible(not filtered)
        if filtered:
            chosen = "ce filtre" if filtered == 1 else f"ces {filtered} filtres"
            self.empty.show_text(f"Aucune fiche ne correspond à {chosen}.")
        else:
            where = self.session.department_name(self.session.owner)
            of = f" pour « {where} »" if self.session.owners(self.entity) else ""
            self.empty.show_text(words.sentence(f"Aucune fiche dans ce registre{of}."))
            self.form.hide()

    def _sort(self, order: tuple[str, ...]) -> None:
        self.order = order
        self.reload()

    def _tell(self) -> None:
        text = words.count(self.table.records.rows.count, "fiche")
        chosen = self.table.selected_count()
        if self.filters.active:
            text += f" · {words.count(self.filters.active, 'filtre')}"
        if chosen > 1:
            text += f" · {words.count(chosen, 'fiche choisie', 'fiches choisies')}"
        self.delete_button.setEnabled(chosen > 0 and not self.entity.statutory)
        self.tell(text)

    # -- the form --------------------------------------------------------------------------

    def _on_moved(self, row: Row) -> None:
        if self.form.isVisible() or self._wants_form():
            self._show(row)

    def _wants_form(self) -> bool:
        kept = str(settings.remembered(_VISIBLE, "true")) == "true"
        return kept and self.width() >= _ROOM_FOR_BOTH

    def _on_opened(self, row: Row) -> None:
        self._show(row)
        self.form.focus_first()

    def _show(self, row: Row) -> None:
        self.form.show()
        if self.form.record is None or self.form.record.id != row.id or not self.form.dirty:
            self.form.show_row(row)

    def open_record(self, record_id: str) -> None:
        """Show a record by its id, wherever it stands in the list."""
        row = self._row_of(record_id)
        if row is not None:
            self.table.select(record_id)
            self._show(row)

    def _row_of(self, record_id: str) -> Row | None:
        with self.session.store.reading() as read:
            query = Query(self.entity.key, ids=(record_id,), with_deleted=True)
            return next(iter(records.rows(read, query)), None)

    def new_record(self) -> None:
        """An empty form."""
        if self.session.may_write(self.entity):
            self.form.show()
            self.form.show_new()

    def toggle_form(self) -> None:
        """Show or hide the form."""
        if self.form.isVisible():
            self.close_form()
        else:
            settings.remember(_VISIBLE, "true")
            row = self.table.current()
            if row is not None:
                self._show(row)

    def close_form(self) -> None:
        """Hide the form; what was typed is kept as a draft."""
        self.form.keep_draft()
        self.form.hide()
        settings.remember(_VISIBLE, "false")
        self.table.setFocus()

    def save(self) -> None:
        """Save what stands in the form."""
        if self.form.isVisible():
            self.form.save()

    def _on_saved(self, record_id: str) -> None:
        self.session.say("Enregistré. Annuler (Ctrl Z)")
        self.open_record(record_id)

    # -- deleting --------------------------------------------------------------------------

    def delete_selected(self) -> None:
        """Delete the rows selected; asks first only when they are many."""
        number = self.table.selected_count()
        if number > _MANY:
            ask = QMessageBox(self)
            ask.setWindowTitle("Supprimer")
            ask.setText(words.sentence(f"Supprimer {words.count(number, 'fiche')} ?"))
            ask.setInformativeText("Elles quittent les listes ; Ctrl Z les fait revenir.")
            go = ask.addButton(
                f"Supprimer {words.count(number, 'fiche')}", QMessageBox.ButtonRole.AcceptRole
            )
            ask.addButton("Garder", QMessageBox.ButtonRole.RejectRole)
            ask.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            go.clicked.connect(self._delete)
            ask.open()
        elif number:
            self._delete()

    def _delete(self) -> None:
        found = [row.record for row in self.table.selected_rows()]
        try:
            self.session.delete(self.entity, found)
        except PreventionError as error:
            self.session.say(str(error), "bad")
            return
        what = words.count(len(found), "fiche supprimée", "fiches supprimées")
        self.session.say(f"{what}. Annuler (Ctrl Z)")

    # -- as a page -------------------------------------------------------------------------

    @property
    def stale(self) -> bool:
        """Whether the register is declared otherwise by now: the page is then made anew."""
        declared = self.session.store.catalogue.by_key.get(self.entity.key)
        return declared is None or declared.fields != self.entity.fields

    def refresh(self, registers: set[str] | None) -> None:
        """Read again what was written, unless something is being typed."""
        if self.stale:
            return
        shown = {self.entity.key, *(each.target for each in self.entity.fields if each.target)}
        if registers is not None and not registers & shown:
            return
        self.reload()
        record = self.form.record
        if record is not None and self.form.isVisible() and not self.form.dirty:
            row = self._row_of(record.id)
            if row is None or row.record.deleted:
                self.form.hide()
            else:
                self.form.show_row(row)

    def keys(self) -> Keys:
        """The keys of the list."""
        if not self.session.may_write(self.entity):
            return (("Entrée", "Ouvrir"), ("Espace", "Fiche"), ("Ctrl F", "Filtrer"))
        return (
            ("N", "Nouvelle"),
            ("Entrée", "Ouvrir"),
            ("Ctrl S", "Enregistrer"),
            ("Suppr", "Supprimer"),
            ("Ctrl F", "Filtrer"),
        )

    def focus_main(self) -> None:
        """The table has the focus, or what stands in its place."""
        (self.table if self.table.records.rows.count else self.empty).setFocus()

    def focus_filter(self) -> None:
        """The filter line has the focus, its text selected."""
        self.filters.line.setFocus()
        self.filters.line.selectAll()

    def keep_drafts(self) -> None:
        """Write what was typed."""
        self.form.keep_draft()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The form leaves its place to the table where the window is narrow."""
        super().resizeEvent(event)
        if self.form.isVisible() and not self.form.dirty and self.width() < _ROOM_FOR_BOTH:
            self.form.hide()
