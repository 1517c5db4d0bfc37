"""The page of any register: filters and table, with the form of the current record beside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from prevention_app.catalogue.description import Entity
from prevention_app.errors import NotFound
from prevention_app.services import records
from prevention_app.services.record_groups import groupable
from prevention_app.services.records import Row
from prevention_app.storage.query import Query
from prevention_app.ui import icons, settings, table_groups, theme, words
from prevention_app.ui.bulk_deeds import BulkDeeds
from prevention_app.ui.filters import FilterBar
from prevention_app.ui.page import Deed, EmptyState, Keys, Page, button, listen
from prevention_app.ui.places import CONFLICTS
from prevention_app.ui.record_columns import Column
from prevention_app.ui.record_form import RecordForm
from prevention_app.ui.record_model import RecordModel
from prevention_app.ui.record_table import DENSITIES, RecordTable
from prevention_app.ui.review_strip import ReviewStrip
from prevention_app.ui.selection_sums import SelectionSums
from prevention_app.ui.session import Session
from prevention_app.ui.views import EVERYTHING, View, ViewButton, Views, read_view

_ROOM_FOR_BOTH = 880
_VISIBLE = "form/visible"


class RecordPage(Page):
    """One register: what is written in it, and the form to read and write a record."""

    page_asked = Signal(str, object)

    def __init__(self, session: Session, entity: Entity) -> None:
        """Show a register from its declaration, as it was looked at last."""
        super().__init__()
        self.session = session
        self.entity = entity
        self.register = entity.key
        self.title = entity.label_fr
        self.crumb = entity.group_fr
        self.tag = "Registre légal" if entity.statutory else ""
        self.order: tuple[str, ...] = ()
        self.group = ""
        self._behind = False
        """Something was written while the page could not be seen."""
        self.filters = FilterBar(entity, session)
        self.table = RecordTable(session, RecordModel(session, entity))
        self.strip = ReviewStrip()
        self.bulk = BulkDeeds(session, self.table, self.strip)
        self.sums = SelectionSums(self.table)
        self.form = RecordForm(session, entity)
        self.empty = EmptyState()
        self.views = Views(entity.key)
        self.view_button = ViewButton(self.views, self.current_view)
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._open_as_last_time()

    # -- what it is made of ----------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.new_button = button("Nouvelle fiche", "plus", "primary")
        self.new_button.setToolTip("Nouvelle fiche (N)")
        self.new_button.clicked.connect(self.new_record)
        importing = button("Importer…", "upload")
        importing.clicked.connect(lambda: self.import_asked.emit(self.entity.key))
        exporting = button("Exporter…", "download")
        exporting.clicked.connect(lambda: self.export_asked.emit(self.entity.key))
        self.buttons = [exporting]
        if self.session.may_write(self.entity):
            self.buttons = [importing, exporting, self.new_button]

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(20, 14, 10, 0)
        column.setSpacing(10)
        column.addWidget(self.filters)
        self.filters.add_tool(self.view_button)
        self.filters.add_tool(self._make_gear())
        column.addWidget(self.strip)
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

    def _make_gear(self) -> QToolButton:
        gear = QToolButton()
        gear.setIcon(icons.icon("settings"))
        gear.setAccessibleName("Affichage du tableau")
        gear.setToolTip("Colonnes, groupes, hauteur des lignes")
        gear.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._gear_menu = QMenu(gear)
        self._gear_menu.aboutToShow.connect(self._fill_gear)
        gear.setMenu(self._gear_menu)
        return gear

    def _fill_gear(self) -> None:
        menu = self._gear_menu
        menu.clear()
        columns = self.table.arrangement.menu()
        columns.setParent(menu, columns.windowFlags())
        menu.addMenu(columns)
        table_groups.fill_menu(menu.addMenu("Grouper par"), self.entity, self.group, self.group_by)
        heights = menu.addMenu("Hauteur des lignes")
        for name, label in DENSITIES.items():
            action = heights.addAction(label, partial(self._use_density, name))
            action.setCheckable(True)
            action.setChecked(name == self.table.density)

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
        self.table.order_asked.connect(self._sort)
        self.table.filter_asked.connect(self._filter_column)
        self.table.selected.connect(self._on_selected)
        self.table.arrangement.changed.connect(self._remember)
        self.table.records.moved.connect(self._show_found)
        self.table.make_menu = self._fill_context_menu
        self.sums.told.connect(self._tell)
        self.view_button.chosen.connect(self.show_view)
        self.view_button.deleted.connect(self._on_view_deleted)
        self.form.saved.connect(self._on_saved)
        self.form.closed.connect(self.close_form)
        self.form.settle_asked.connect(partial(self.page_asked.emit, CONFLICTS))
        self.session.owners_changed.connect(partial(self.refresh, None))
        self.session.changed.connect(self.refresh)
        listen(self.deeds(), self.table)
        listen([each for each in self.deeds() if each.key in ("new", "filter")], self.empty)
        down = QShortcut(QKeySequence("Down"), self.filters.line)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        down.activated.connect(self.focus_main)

    # -- what can be done ------------------------------------------------------------------

    def deeds(self) -> Sequence[Deed]:
        """All of it, with its keys; single letters act while the table has the focus."""
        shown = self.form.isVisible
        writable = partial(self.session.may_write, self.entity)
        return (
            Deed("new", "Nouvelle fiche", "N", self.new_record, writable),
            Deed("save", "Enregistrer la fiche", "Ctrl+S", self.save, shown),
            Deed("next", "Enregistrer et continuer", "Ctrl+Return", self.save_and_new, shown),
            Deed("edit", "Modifier la cellule", "F2", self.table.edit_cell, self._in_table),
            Deed("copy", "Copier les cellules", "Ctrl+C", self.bulk.copy, self._in_table),
            Deed("paste", "Coller…", "Ctrl+V", self._paste, self._may_paste),
            Deed(
                "fill",
                "Recopier vers le bas, dupliquer",
                "Ctrl+D",
                self._fill_or_duplicate,
                writable,
            ),
            Deed("delete", "Supprimer", "Delete", self.delete_selected, writable),
            Deed("detail", "Montrer ou cacher la fiche", "Space", self.toggle_form),
            Deed("below", "Fiche suivante", "Ctrl+PgDown", partial(self.step, 1)),
            Deed("above", "Fiche précédente", "Ctrl+PgUp", partial(self.step, -1)),
            Deed("filter", "Filtrer la liste", "/", self.focus_filter),
            Deed("column_filter", "Filtrer cette colonne", "Ctrl+Shift+L", self._filter_here),
            Deed("ascending", "Trier par cette colonne", "Ctrl+Up", self._sort_up, self._in_table),
            Deed("descending", "Trier à rebours", "Ctrl+Down", self._sort_down, self._in_table),
            Deed("group", "Grouper par cette colonne", "Ctrl+G", self._group_here),
            Deed("fold", "Replier ou déplier les groupes", "Ctrl+Shift+G", self._turn_groups),
        )

    def _in_table(self) -> bool:
        """Whether work goes on in the table, be it that a menu or the palette is open just now."""
        return self.focusWidget() is self.table

    def _may_paste(self) -> bool:
        here = self.focusWidget() in (self.table, self.empty) or self._in_files()
        return here and self.session.may_write(self.entity)

    def _in_files(self) -> bool:
        return self.form.attachments.isAncestorOf(self.focusWidget() or self)

    def _paste(self) -> None:
        (self.form.attachments if self._in_files() else self.bulk).paste()

    def _fill_or_duplicate(self) -> None:
        if self._in_table():
            self.bulk.fill()
        else:
            self.bulk.duplicate()

    def _fill_context_menu(self, menu: QMenu) -> None:
        for each in self.deeds():
            action = menu.addAction(each.words, each.act)
            action.setShortcut(QKeySequence(each.keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setShortcutVisibleInContextMenu(True)
            action.setEnabled(each.possible())

    def keys(self) -> Keys:
        """The keys of the list."""
        if not self.session.may_write(self.entity):
            return (("Entrée", "Ouvrir"), ("Espace", "Fiche"), ("Ctrl F", "Filtrer"))
        return (
            ("N", "Nouvelle"),
            ("F2", "Modifier"),
            ("Entrée", "Ouvrir"),
            ("Ctrl D", "Recopier"),
            ("Ctrl F", "Filtrer"),
        )

    def panes(self) -> Sequence[QWidget]:
        """The filter line, the list, the form."""
        stands = self.empty if self._stack.currentIndex() else self.table
        return (self.filters.line, stands, self.form.tabs)

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
        self._behind = False
        self.strip.close_quietly()
        self.table.show_rows(self._query(), self.group)
        self.table.show_order(self.order or self.entity.order)
        self._show_found()
        self._remember()

    def _show_found(self) -> None:
        rows = self.table.records.rows
        found = rows.total
        self._stack.setCurrentIndex(1 if rows.known and not found else 0)
        if rows.known and not found:
            self._explain_empty()
        elif not self.table.currentIndex().isValid() and not self.form.isVisible():
            self.table.step(1)
        kind = words.count(found, "fiche") if rows.known else "fiches"
        self.filters.line.setPlaceholderText(f"Filtrer ces {kind}")
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
            of = f" pour «\u00a0{where}\u00a0»" if self.session.owners(self.entity) else ""
            self.empty.show_text(words.sentence(f"Aucune fiche dans ce registre{of}."))
            self.form.hide()

    def _on_selected(self) -> None:
        self.sums.add_up()
        self._tell()

    def _tell(self) -> None:
        rows = self.table.records.rows
        parts = [words.count(rows.total, "fiche") if rows.known else "Lecture de la liste…"]
        chosen = self.table.selected_count()
        if self.filters.active:
            parts.append(words.count(self.filters.active, "filtre"))
        if chosen > 1:
            parts.append(words.count(chosen, "fiche choisie", "fiches choisies"))
        if self.sums.text:
            parts.append(self.sums.text)
        self.tell(" · ".join(parts))

    # -- order, groups, views --------------------------------------------------------------

    def _sort(self, order: tuple[str, ...]) -> None:
        self.order = order
        self.reload()

    def _sort_up(self) -> None:
        self.table.sort_here(descending=False)

    def _sort_down(self) -> None:
        self.table.sort_here(descending=True)

    def _filter_here(self) -> None:
        self._filter_column(self.table.current_column())

    def _filter_column(self, column: Column | None) -> None:
        """Open the filter of a column; the reference is looked for in the filter line."""
        if column is not None and column.field in self.filters.fields:
            self.filters.open(column.field)  # pyright: ignore[reportArgumentType]
        else:
            self.focus_filter()

    def group_by(self, key: str) -> None:
        """Group the list by a field, or no longer with an empty key."""
        self.group = key
        self.reload()
        self.table.setFocus()

    def _group_here(self) -> None:
        column = self.table.current_column()
        fits = column is not None and column.field in groupable(self.entity)
        if self.group and (not fits or column is None or column.key == self.group):
            self.group_by("")
        elif fits and column is not None:
            self.group_by(column.key)
        else:
            self.session.say("Cette colonne ne se groupe pas.", "info")

    def _turn_groups(self) -> None:
        rows = self.table.records.rows
        folded = any(not rows.folded(at) for at in rows.headings())
        self.table.fold_all(folded=folded)

    def _use_density(self, name: str) -> None:
        self.table.use_density(name)
        self._remember()

    def current_view(self) -> View:
        """How the table is looked at now, but for the words being looked for."""
        model = self.table.records
        return View(
            self.filters.kept,
            () if model.as_declared else tuple(model.keys),
            self.order,
            self.group,
            self.table.density,
        )

    def show_view(self, name: str) -> None:
        """Look at the table as it was kept under a name."""
        self._look(self.views.get(name))
        self.view_button.show_name(name)
        self.table.setFocus()

    def _look(self, view: View) -> None:
        known = self.entity.by_key
        names = {each.key for each in self.table.records.available}
        self.order = tuple(each for each in view.order if each.removeprefix("-") in names)
        self.group = view.group if view.group in known else ""
        self.table.use_density(view.density)
        columns = [each for each in view.columns if each in names]
        if columns != ([] if self.table.records.as_declared else self.table.records.keys):
            self.table.arrangement.show_or_declared(columns)
        self.filters.restore("", view.filters)

    def _on_view_deleted(self, name: str, view: View) -> None:
        again = ("Rétablir la vue", partial(self.view_button.bring_back, name, view))
        self.session.say(f"Vue «\u00a0{name}\u00a0» supprimée.", "good", (again,))

    def _last_key(self) -> str:
        return f"last_view/{self.entity.key}"

    def _open_as_last_time(self) -> None:
        """With the view that was chosen for it, else as it was left."""
        if self.views.first != EVERYTHING:
            self._look(self.views.get(self.views.first))
            self.view_button.show_name(self.views.first)
            return
        try:
            last = read_view(json.loads(str(settings.remembered(self._last_key(), "{}"))))
        except (ValueError, TypeError, AttributeError):
            last = View()
        # Its height of rows the table remembers itself.
        self._look(replace(last, density=""))

    def _remember(self) -> None:
        kept = json.dumps(asdict(self.current_view()), ensure_ascii=False)
        settings.remember(self._last_key(), kept)
        self.view_button.refresh()

    # -- the form --------------------------------------------------------------------------

    def _on_moved(self, row: Row) -> None:
        """The form follows the cursor; while someone writes in it, it was the list that moved."""
        writing = self.form.isAncestorOf(self.window().focusWidget() or self)
        if not writing and (self.form.isVisible() or self._wants_form()):
            self._show(row)

    def _wants_form(self) -> bool:
        kept = settings.remembered_flag(_VISIBLE, True)
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

    def step(self, rows: int) -> None:
        """Show the next record down or up; the focus stays where it is."""
        row = self.table.step(rows)
        if row is not None and self.form.isVisible():
            self._show(row)

    def toggle_form(self) -> None:
        """Show or hide the form."""
        if self.form.isVisible():
            self.close_form()
        else:
            settings.remember_flag(_VISIBLE, True)
            row = self.table.current()
            if row is not None:
                self._show(row)

    def close_form(self) -> None:
        """Hide the form; what was typed is kept as a draft."""
        self.form.keep_draft()
        self.form.hide()
        settings.remember_flag(_VISIBLE, False)
        self.table.setFocus()

    def save(self) -> None:
        """Save what stands in the form."""
        if self.form.isVisible():
            self.form.save()

    def save_and_new(self) -> None:
        """Save what stands in the form, and go on with an empty one."""
        if self.form.isVisible() and self.form.save():
            self.form.show_new()

    def _on_saved(self, record_id: str) -> None:
        self.session.say("Enregistré. Annuler (Ctrl Z)")
        self.open_record(record_id)

    def delete_selected(self) -> None:
        """Delete the records selected; in a block of cells, empty these."""
        if self.table.shades_cells:
            self.bulk.clear()
        else:
            self.bulk.delete()

    # -- as a page -------------------------------------------------------------------------

    @property
    def stale(self) -> bool:
        """Whether the register is declared otherwise by now: the page is then made anew."""
        declared = self.session.store.catalogue.by_key.get(self.entity.key)
        return declared is None or declared.fields != self.entity.fields

    def refresh(self, registers: set[str] | None) -> None:
        """Read again what was written, unless something is being typed."""
        shown = {self.entity.key, *(each.target for each in self.entity.fields if each.target)}
        if self.stale or (registers is not None and not registers & shown):
            return
        if not self.isVisible():
            self._behind = True
            return
        self.reload()
        record = self.form.record
        if record is None or not self.form.isVisible():
            return
        row = self._row_of(record.id)
        if not self.form.dirty and (row is None or row.record.deleted):
            self.form.hide()
        elif row is not None and self.form.is_written_in(row.record):
            self.form.show_row(row)

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was written while it could not be seen."""
        super().showEvent(event)
        if self._behind:
            self.refresh(None)

    def focus_main(self) -> None:
        """The table has the focus, or what stands in its place."""
        (self.empty if self._stack.currentIndex() else self.table).setFocus()

    def focus_filter(self) -> None:
        """The filter line has the focus, its text selected."""
        self.filters.line.setFocus()
        self.filters.line.selectAll()

    def keep_drafts(self) -> None:
        """Write what was typed: into the cell, and the draft of the form."""
        self.table.editing.commit()
        self.table.editing.keep_draft()
        self.form.keep_draft()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The form leaves its place to the table where the window is narrow."""
        super().resizeEvent(event)
        if self.form.isVisible() and not self.form.dirty and self.width() < _ROOM_FOR_BOTH:
            self.form.hide()
