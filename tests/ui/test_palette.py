from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QPlainTextEdit

from prevention_app.ui import recent, settings
from prevention_app.ui.commands import Command
from prevention_app.ui.palette import Palette
from prevention_app.ui.palette_rows import Kind, Row, places_of
from prevention_app.ui.places import places
from prevention_app.ui.session import Session


class Desk:
    """A window with something to write in, the palette over it, and what was asked for."""

    def __init__(self, session: Session, qtbot: Any, type_text: Callable[..., None]) -> None:
        self.session = session
        self.qtbot = qtbot
        self.type_text = type_text
        self.done: list[object] = []
        self.window = QMainWindow()
        self.page = QPlainTextEdit()
        self.window.setCentralWidget(self.page)
        self.window.resize(1180, 700)
        qtbot.addWidget(self.window)
        self.commands = [
            Command(words, keys, lambda words=words: self.done.append(words))
            for words, keys in (
                ("Recoter…", "E"),
                ("Ajouter une action…", "M"),
                ("Exporter…", "Ctrl E"),
                ("Dupliquer", "Ctrl D"),
                ("Élargir ou réduire les pages", "Ctrl B"),
            )
        ]
        self.palette = Palette(
            self.window,
            session,
            lambda: self.commands,
            lambda: places(session.store.catalogue),
        )
        self.palette.open_asked.connect(self._note_record)
        self.palette.page_asked.connect(self.done.append)
        self.palette.everything_asked.connect(self.done.append)
        self.window.show()
        self.window.activateWindow()
        self.page.setFocus()
        self.palette.summon()

    def _note_record(self, register: str, record: str) -> None:
        self.done.append((register, record))

    def add(self, register: str, **values: Any) -> str:
        return self.session.add(self.session.store.catalogue[register], values).id

    def type(self, text: str) -> None:
        """Type in place of what stood there, and wait for the records."""
        self.palette.line.selectAll()
        self.type_text(self.palette.line, text)
        self.qtbot.waitUntil(lambda: not self.palette.waiting())

    def press(self, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
        modifiers = held[0] if held else Qt.KeyboardModifier.NoModifier
        self.qtbot.keyClick(self.palette.line, key, modifiers)

    @property
    def rows(self) -> list[Row]:
        return [row for row in self.palette.list.rows.rows if row.act is not None]

    def texts(self, kind: Kind) -> list[str]:
        return [row.text for row in self.rows if row.kind is kind]


@pytest.fixture
def desk(session: Session, qtbot: Any, type_text: Callable[..., None]) -> Desk:
    return Desk(session, qtbot, type_text)


def test_a_misspelt_name_finds_the_person_and_entree_opens_the_record(desk: Desk) -> None:
    person = desk.add("person", last_name="Lemaire", first_name="Zoé", staff_number="4512")
    desk.type("lemiare")
    assert desk.texts(Kind.RECORD) == ["Lemaire Zoé"]
    assert "Agent" in desk.rows[0].detail
    desk.press(Qt.Key.Key_Return)
    assert desk.done == [("person", person)]
    assert not desk.palette.isVisible()


def test_entree_pressed_before_the_answer_waits_for_it(desk: Desk) -> None:
    person = desk.add("person", last_name="Lemaire", first_name="Zoé", staff_number="4512")
    desk.type_text(desk.palette.line, "lemaire")
    desk.press(Qt.Key.Key_Return)
    assert desk.done == []
    desk.qtbot.waitUntil(lambda: desk.done == [("person", person)])


def test_what_was_typed_first_is_given_up_for_what_is_typed_now(desk: Desk) -> None:
    desk.add("site", name="Brouetterie")
    desk.add("site", name="Xylothèque")
    desk.type_text(desk.palette.line, "brouetterie")
    desk.qtbot.wait(90)
    desk.type("xylotheque")
    assert desk.texts(Kind.RECORD) == ["Xylothèque"]


@pytest.mark.parametrize("typed", ["exporter", "EXPROTER", ">exportre", "> elargir", "élragir"])
def test_actions_are_found_without_accents_and_with_an_error(desk: Desk, typed: str) -> None:
    desk.type(typed)
    desk.press(Qt.Key.Key_Return)
    assert desk.done == ["Exporter…" if "x" in typed.lower() else "Élargir ou réduire les pages"]


def test_actions_say_their_keys_and_pages_theirs(desk: Desk) -> None:
    desk.type("exporter")
    assert desk.rows[0].spoken == "Action\u00a0: Exporter…, Ctrl E"
    desk.type("echeanses")
    (page,) = [row for row in desk.rows if row.text == "Échéances"]
    assert (page.kind, page.keys) == (Kind.PAGE, "G puis E")
    desk.palette.list.setCurrentIndex(
        desk.palette.list.rows.index(list(desk.palette.list.rows.rows).index(page))
    )
    desk.press(Qt.Key.Key_Return)
    assert desk.done == ["due"]


def test_prefixes_narrow_to_people_sites_and_numbers(desk: Desk) -> None:
    desk.add("site", name="Brouetterie")
    desk.add("person", last_name="Brouette", first_name="Zoé", staff_number="1")
    desk.add("job", name="Brouettier")
    desk.type("brouet")
    assert len(desk.texts(Kind.RECORD)) == 3
    desk.type("@brouet")
    assert desk.texts(Kind.RECORD) == ["Brouette Zoé"]
    desk.type("/brouettreie")
    assert desk.texts(Kind.RECORD) == ["Brouetterie"]
    desk.type("#1")
    assert {"Brouetterie", "Brouette Zoé", "Brouettier"} <= set(desk.texts(Kind.RECORD))
    assert all("-1" in row.detail for row in desk.rows if row.kind is Kind.RECORD)
    desk.type(">brouet")
    assert desk.rows == []


def test_records_of_other_departments_are_not_listed(desk: Desk) -> None:
    with desk.session.store.change("Ajouter") as work:
        work.new("site", owner="41", name="Brouetterie du Loir-et-Cher")
    desk.add("site", name="Brouetterie du Loiret")
    desk.type("brouetterie")
    assert desk.texts(Kind.RECORD) == ["Brouetterie du Loiret"]
    desk.session.look_at("")
    desk.type("brouetteri")
    assert len(desk.texts(Kind.RECORD)) == 2


def test_nine_rows_at_most_and_the_way_to_all_results(desk: Desk) -> None:
    for number in range(15):
        desk.add("job", name=f"Exportateur {number}")
    desk.type("export")
    assert len(desk.rows) == 9
    assert [row.kind for row in desk.rows][-2:] == [Kind.ACTION, Kind.ACTION]
    assert desk.texts(Kind.ACTION) == ["Voir les 15 résultats", "Exporter…"]
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.done == ["export"]


def test_arrows_go_round_and_the_row_is_told_to_screen_readers(desk: Desk) -> None:
    desk.type(">")
    desk.press(Qt.Key.Key_Up)
    last = desk.palette.list.row()
    assert last is not None
    assert last.text == desk.rows[-1].text
    assert desk.palette.line.accessibleDescription() == last.spoken
    desk.press(Qt.Key.Key_Down)
    assert desk.palette.list.row() == desk.rows[0]


def test_echap_closes_and_the_focus_is_where_it_was(desk: Desk) -> None:
    assert desk.palette.line.hasFocus()
    desk.type("export")
    desk.press(Qt.Key.Key_Escape)
    assert not desk.palette.isVisible()
    assert desk.page.hasFocus()
    assert desk.done == []


def test_tab_lists_what_can_be_done_with_the_record(desk: Desk) -> None:
    site = desk.add("site", name="Brouetterie")
    unit = desk.add("work_unit", name="Xylothèque", site=site)
    desk.type("xylotheque")
    desk.press(Qt.Key.Key_Tab)
    desk.qtbot.waitUntil(lambda: any("Brouetterie" in row.text for row in desk.rows))
    assert desk.rows[0].text == "Ouvrir la fiche"
    assert desk.palette.line.text() == ""
    desk.press(Qt.Key.Key_Escape)
    assert desk.palette.line.text() == "xylotheque"
    assert desk.texts(Kind.RECORD) == ["Xylothèque"]
    desk.press(Qt.Key.Key_Tab)
    desk.type("copier")
    desk.press(Qt.Key.Key_Return)
    with desk.session.store.reading() as read:
        assert QGuiApplication.clipboard().text() == read.get("work_unit", unit).reference
    desk.palette.summon("xylotheque")
    desk.type("xylotheque")
    desk.press(Qt.Key.Key_Tab)
    desk.type("brouetterie")
    desk.press(Qt.Key.Key_Return)
    assert desk.done == [("site", site)]


def test_one_can_open_a_record_and_go_on_with_the_actions_of_its_page(desk: Desk) -> None:
    site = desk.add("site", name="Brouetterie")
    desk.type("brouetterie")
    desk.press(Qt.Key.Key_Tab)
    desk.type("choisir une action")
    desk.press(Qt.Key.Key_Return)
    assert desk.done == [("site", site)]
    desk.qtbot.waitUntil(lambda: desk.palette.line.text() == ">")
    assert desk.palette.isVisible()
    assert desk.texts(Kind.ACTION) == [each.words for each in desk.commands]


def test_nothing_typed_offers_records_opened_last_and_useful_actions(desk: Desk) -> None:
    sites = [desk.add("site", name=f"Site {number}") for number in range(7)]
    for each in sites:
        recent.note_opened(desk.session, "site", each)
    recent.note_opened(desk.session, "site", sites[4])
    desk.type(">dupliquer")
    desk.press(Qt.Key.Key_Return)
    desk.palette.summon()
    desk.qtbot.waitUntil(lambda: len(desk.texts(Kind.RECORD)) == 5)
    assert desk.texts(Kind.RECORD) == ["Site 4", "Site 6", "Site 5", "Site 3", "Site 2"]
    assert desk.texts(Kind.ACTION)[0] == "Dupliquer"
    assert len(desk.texts(Kind.ACTION)) == 4
    kept = settings.settings()
    told = str([kept.value(key) for key in kept.allKeys()])
    assert "Site 4" not in told
    assert sites[4] in told


def test_what_is_not_found_is_said(desk: Desk) -> None:
    desk.type("zzzzz")
    assert desk.rows == []
    (said,) = desk.palette.list.rows.rows
    assert said.text == "Rien ne répond à «\u00a0zzzzz\u00a0»."
    desk.press(Qt.Key.Key_Return)
    assert desk.palette.isVisible()


def test_a_click_on_a_row_does_it_and_one_beside_closes(desk: Desk) -> None:
    desk.type("exporter")
    view = desk.palette.list
    at = view.visualRect(view.currentIndex()).center()
    desk.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert desk.done == ["Exporter…"]
    desk.palette.summon()
    desk.qtbot.mouseClick(desk.palette, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not desk.palette.isVisible()


def test_the_page_behind_is_not_painted_again_while_one_types(desk: Desk) -> None:
    class Watch(QObject):
        painted = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            self.painted += event.type() is QEvent.Type.Paint
            return super().eventFilter(watched, event)

    desk.type("exp")
    desk.qtbot.wait(50)
    watch = Watch()
    desk.page.viewport().installEventFilter(watch)
    for text in ("export", "dupliquer", "x", ">"):
        desk.type(text)
        desk.qtbot.wait(20)
    assert watch.painted == 0


@pytest.mark.parametrize(
    ("marked", "text", "bold"),
    [
        (["echelle"], "Chute d’échelle", ["échelle"]),
        (["oeuvre", "hot"], "Hôtel de l’Œuvre", ["Hôt", "Œuvre"]),
        (["gien"], "Hygiène à Gien", ["Gien"]),
        (["lyc"], "Collège", []),
        ([], "Collège", []),
    ],
)
def test_what_answers_is_bold_in_the_text_as_it_is_written(
    marked: list[str], text: str, bold: list[str]
) -> None:
    found = places_of(marked, text)
    assert [text[first : first + length] for first, length in found] == bold
