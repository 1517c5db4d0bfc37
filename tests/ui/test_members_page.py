"""« Membres et droits »: what an administrator does there, through what is seen on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.vocabulary import Category, Role, RoleExtent
from prevention_app.services import circle, department_key, enrolment, role_rules
from prevention_app.storage.store import Store
from prevention_app.storage.verify import check
from prevention_app.ui.cells import PAD
from prevention_app.ui.circle_card import CircleCard
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.members_page import KEY, LIST, OTHERS, RULES, MembersPage
from prevention_app.ui.operations import Operation
from prevention_app.ui.places import HANDING, MEMBERS, SETTINGS
from prevention_app.ui.session import Session
from prevention_app.ui.two_lines import two_lines
from prevention_app.ui.workspace import Workspace
from tests.desks import TODAY, Desk, MakeDesk, Use, enrol, tell
from tests.storage.acts import listed

MakePage = Callable[[Desk], MembersPage]


@pytest.fixture
def page(qapp, qtbot, use: Use) -> Iterator[MakePage]:
    """Makes the page of a desk, as its window shows it."""
    sessions: list[Session] = []
    owner = QObject()

    def make(desk: Desk) -> MembersPage:
        def opened() -> Store:
            use(desk.folder)
            return Store(desk.folder / "espace.prevention", declared_catalogue(), lambda: TODAY)

        session = Session(opened(), opened)
        sessions.append(session)

        def start(name: str, work: Any, *given: Any, writes: bool = True) -> Operation:
            use(desk.folder)
            operation = Operation(name, work, *given, parent=owner)
            if writes:
                operation.ended.connect(session.refresh)
            return operation

        made = MembersPage(session, start)
        qtbot.addWidget(made)
        made.resize(1200, 800)
        made.show()
        return made

    yield make
    owner.deleteLater()
    for each in sessions:
        each.store.close()


def choose(parent: QWidget, place: Path) -> None:
    """Choose a file or a folder in the dialog that a button opened."""
    (dialog,) = (each for each in parent.findChildren(QFileDialog) if each.isVisible())
    dialog.fileSelected.emit(str(place))
    dialog.filesSelected.emit([str(place)])
    dialog.close()


def lines(table: Any) -> list[list[str]]:
    """What a table shows."""
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def row_of(table: Any, text: str) -> int:
    """The row in which something stands."""
    return next(at for at, line in enumerate(lines(table)) if any(text in each for each in line))


def idle(qtbot, pane: Any) -> None:
    """Wait until what was begun is done."""
    qtbot.waitUntil(lambda: not pane.working)


# -- who sees what -----------------------------------------------------------------------------


def test_who_administers_nothing_sees_who_belongs_and_the_way_back(desk: MakeDesk, page) -> None:
    ana, luc = desk("45", "Ana"), desk("45", "Luc")
    enrol(ana, luc)
    shown = page(luc)
    assert [each.possible() for each in shown.deeds()] == [True, *[False] * 4, True]
    assert {line[1] for line in lines(shown.members.table)} == {"Ana", "Luc"}
    assert not shown.members.revoke_button.isVisible()
    shown.segments.choose(KEY)
    assert not shown.rescue.print_button.isVisible()
    assert shown.rescue.typed.isVisible()


def test_a_lone_adviser_finds_it_behind_one_button_of_the_settings(
    desk: MakeDesk, page, qtbot
) -> None:
    ana = desk("45", "Ana")
    shown = page(ana)
    card = CircleCard(shown.session, lambda *_: None)
    qtbot.addWidget(card)
    with qtbot.waitSignal(card.members_asked):
        card.members_button.click()
    assert card.banner.text == ""
    assert not shown.members.hand_button.isEnabled()
    shown.segments.choose(HANDING)
    assert not shown.handing.look_button.isEnabled()
    assert "personne à qui passer la main" in shown.handing.banner.text


# -- computers ---------------------------------------------------------------------------------


def test_roles_have_the_room_that_is_left_the_strongest_first(desk: MakeDesk, page) -> None:
    ana, luc = desk("45", "Ana"), desk("45", "Luc")
    enrol(ana, luc, Role.ADVISER, Role.ASSISTANT, Role.ADMINISTRATOR)
    shown = page(ana)
    table = shown.members.table
    roles = lines(table)[row_of(table, "Luc")][2]
    assert roles.startswith("Administrateur, ")
    fit = two_lines(roles, "cell_first_line", table.columnWidth(2) - 2 * PAD)
    assert " ".join(fit) == roles


def test_rights_are_taken_back_and_given_back(desk: MakeDesk, page, qtbot) -> None:
    ana, luc = desk("45", "Ana"), desk("45", "Luc")
    enrol(ana, luc)
    tell(luc, ana)
    pane = page(ana).members
    pane.table.selectRow(row_of(pane.table, "Ana"))
    assert not pane.revoke_button.isEnabled(), "nobody takes back their own rights"
    pane.table.selectRow(row_of(pane.table, "Luc"))
    pane.revoke_button.click()
    assert "Retirer ses droits à «\u00a0PC de Luc\u00a0»" in pane.step.said.text()
    pane.step.drop_button.click()
    assert not pane.step.isVisible()
    pane.revoke_button.click()
    assert int(pane.last.text()) > 0, "all that was written until now stays, unless one says less"
    pane.reason.setText("Départ à la retraite")
    pane.last.setText("1")
    pane.step.go_button.click()
    idle(qtbot, pane)
    (taken,) = listed(ana.store, "revocation")
    assert (taken.after, taken.reason) == (1, "Départ à la retraite")
    qtbot.waitUntil(lambda: "Droits retirés" in lines(pane.table)[row_of(pane.table, "Luc")])

    pane.table.selectRow(row_of(pane.table, "Luc"))
    assert not pane.revoke_button.isEnabled()
    pane.lift_button.click()
    pane.step.go_button.click()
    idle(qtbot, pane)
    qtbot.waitUntil(lambda: "Conseiller" in lines(pane.table)[row_of(pane.table, "Luc")][2])


# -- a list ------------------------------------------------------------------------------------


def test_a_list_is_read_before_anybody_is_admitted(
    desk: MakeDesk, page, qtbot, tmp_path: Path
) -> None:
    ana, luc, eve = desk("45", "Ana"), desk("45", "Luc"), desk("45", "Ève")
    requests, out = tmp_path / "demandes", tmp_path / "réponses"
    requests.mkdir()
    out.mkdir()
    code = enrolment.request(luc.store, requests / "luc.prevention-demande")
    enrolment.request(eve.store, requests / "eve.prevention-demande")
    listing = tmp_path / "liste.csv"
    listing.write_text("Nom;Site;Rôle;Jusqu’au\nLuc;;;31/08/2027\nÈve;Gymnase;;\n", "utf-8")
    shown = page(ana)
    shown.segments.choose(LIST)
    pane = shown.listed
    pane.model_button.click()
    choose(pane, tmp_path)
    assert load_workbook(tmp_path / "liste-a-admettre.xlsx")["Personnes"]["A1"].value == "Nom"
    assert not pane.admit_button.isVisible()

    pane.list_button.click()
    choose(pane, listing)
    pane.folder_button.click()
    choose(pane, requests)
    idle(qtbot, pane)
    first, second = lines(pane.preview)
    assert first[:2] == ["2", "Luc, sera admis"]
    assert first[3:] == ["Assistant de prévention", "31\u00a0août\u00a02027", code]
    assert "Gymnase" in second[1]
    assert pane.admit_button.text().strip() == "Admettre 1\u00a0personne…"
    assert list(out.iterdir()) == []

    pane.admit_button.click()
    choose(pane, out)
    idle(qtbot, pane)
    (file,) = out.iterdir()
    answer = next(line for line in lines(pane.answers) if "Luc" in line[1])
    assert answer[3] == code
    assert answer[4] == enrolment.read_admission(luc.store, file).code
    assert not pane.admit_button.isVisible()
    pane.save_button.click()
    choose(pane, tmp_path)
    rows = [*load_workbook(tmp_path / "reponses-a-remettre.xlsx")["Réponses"].values]
    assert rows[1][4] == answer[4]
    enrolment.join(luc.store, file, code=answer[4])


def test_a_list_that_is_none_is_told_in_its_place(
    desk: MakeDesk, page, qtbot, tmp_path: Path
) -> None:
    shown = page(desk("45", "Ana"))
    shown.segments.choose(LIST)
    pane = shown.listed
    (tmp_path / "autre.csv").write_text("Couleur;Prix\nbleu;3\n", "utf-8")
    pane.take(tmp_path / "autre.csv")
    pane.look_in(tmp_path)
    idle(qtbot, pane)
    assert pane.banner.bad
    assert "colonne «\u00a0Nom\u00a0»" in pane.banner.text
    assert not pane.admit_button.isVisible()


# -- roles -------------------------------------------------------------------------------------


def test_what_a_role_may_do_is_changed_by_keys_alone(window: Workspace, qtbot) -> None:
    """Arrows to the cell, Entrée to the choice, Tab to « Appliquer », Espace."""
    window.go(MEMBERS)
    shown = window.pages[MEMBERS]
    assert isinstance(shown, MembersPage)

    def press(*keys: Qt.Key) -> None:
        for key in keys:
            focus = QApplication.focusWidget()
            assert focus is not None
            QTest.keyClick(focus, key)

    qtbot.waitUntil(lambda: shown.segments.findChild(QPushButton).isVisible())
    shown.segments.take_focus()
    press(Qt.Key.Key_Right, Qt.Key.Key_Right)
    pane = shown.rules
    assert pane.isVisible()
    assert shown.department.isVisible()
    press(Qt.Key.Key_Tab, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is pane.table
    press(Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is pane.reads
    assert pane._said.text() == "Assistant de prévention, accidents et maladies"
    assert not pane.apply_button.isEnabled()
    press(Qt.Key.Key_Down, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is pane.writes
    press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is pane.apply_button
    press(Qt.Key.Key_Space)
    idle(qtbot, pane)

    def rule() -> role_rules.Rule:
        return next(
            each
            for each in role_rules.rules(window.session.store)
            if (each.role, each.category) == (Role.ASSISTANT, Category.HEALTH)
        )

    assert (rule().reads, rule().writes) == (RoleExtent.EVERYTHING, RoleExtent.WITHOUT_NAMES)
    qtbot.waitUntil(lambda: lines(pane.table)[1][2] == "lit tout, écrit sans noms")
    assert pane.table.cells.line(1)[2].icon == "pencil"
    assert "Changé par le département" in pane._shipped.text()
    assert QApplication.focusWidget() is pane.table
    pane.back_button.click()
    idle(qtbot, pane)
    qtbot.waitUntil(lambda: lines(pane.table)[1][2] == "lit sans noms, écrit sans noms")
    assert not rule().changed


def test_who_gives_rights_is_no_choice(desk: MakeDesk, page) -> None:
    shown = page(desk("45", "Ana"))
    shown.segments.choose(RULES)
    pane = shown.rules
    pane.table.setCurrentIndex(pane.table.cells.index(len(Category) - 1, 1))
    assert not pane.reads.isEnabled()
    assert "ne se change pas" in pane._shipped.text()


# -- other departments -------------------------------------------------------------------------


def test_two_departments_recognise_each_other(
    desk: MakeDesk, page, qtbot, tmp_path: Path, use: Use
) -> None:
    ana, zoe = desk("45", "Ana"), desk("28", "Zoé")
    inviting, answering = page(ana), page(zoe)
    for each in (inviting, answering):
        each.segments.choose(OTHERS)
    one, other = inviting.others, answering.others
    use(ana.folder)
    one.invite_button.click()
    choose(one, tmp_path)
    invitation = tmp_path / "departement-45.prevention-invitation"
    assert "Code à lire au téléphone" in one.banner.text

    use(zoe.folder)
    other.read_button.click()
    choose(other, invitation)
    assert "département 45" in other.step.said.text()
    assert other.step.said.text().split()[-1].rstrip(".") in one.banner.text
    other.step.go_button.click()
    choose(other, tmp_path)
    idle(qtbot, other)
    assert "Code de votre réponse" in other.banner.text
    assert [line[0][:2] for line in lines(other.table)] == ["45"]

    use(ana.folder)
    one.read_button.click()
    choose(one, tmp_path / "departement-28.prevention-reconnaissance")
    assert one.step.said.text().split()[-1].rstrip(".") in other.banner.text
    one.step.go_button.click()
    idle(qtbot, one)
    assert [line[0][:2] for line in lines(one.table)] == ["28"]


def test_a_file_of_something_else_is_told(desk: MakeDesk, page, tmp_path: Path) -> None:
    shown = page(desk("45", "Ana"))
    shown.segments.choose(OTHERS)
    (tmp_path / "notes.txt").write_text("rien", "utf-8")
    shown.others.open_file(tmp_path / "notes.txt")
    assert shown.others.banner.bad
    assert not shown.others.step.isVisible()


# -- handing over ------------------------------------------------------------------------------


def test_who_leaves_hands_over_on_one_page(desk: MakeDesk, page, qtbot) -> None:
    ana, luc = desk("45", "Ana"), desk("45", "Luc")
    with ana.store.change("Ajouter") as work:
        work.new("planned_action", title="Poser un garde-corps", due=TODAY.replace(month=1))
    enrol(ana, luc, Role.ADMINISTRATOR)
    tell(luc, ana)
    shown = page(ana)
    shown.members.table.selectRow(row_of(shown.members.table, "Ana"))
    shown.members.hand_button.click()
    pane = shown.handing
    assert shown.segments.value == HANDING
    assert pane.leaver.currentText().startswith("Ana (PC de Ana)")
    assert pane.successor.currentText().startswith("Luc (PC de Luc)")
    assert not pane.go_button.isVisible()
    pane.look_button.click()
    idle(qtbot, pane)
    assert "Luc reçoit\u00a0: Conseiller de prévention." in pane.rights.text()
    assert "Cet ordinateur-ci n’écrira plus" in pane.rights.text()
    assert "a déjà la clé" in pane.key.text()
    assert [line[1] for line in lines(pane.table)] == ["Poser un garde-corps"]
    assert circle.administered(shown.session.store) == ["45"], "nothing was done yet"

    assert pane.go_button.text().strip() == "Passer la main à Luc"
    pane.go_button.click()
    idle(qtbot, pane)
    assert "Ana a passé la main à Luc" in pane.banner.text
    assert "À reprendre par Luc" in pane.open_said.text()
    qtbot.waitUntil(lambda: circle.administered(shown.session.store) == [])
    assert pane.isVisible(), "who just handed over still reads what was done"
    shown.segments.choose(KEY)
    shown.refresh(None)
    assert [each.possible() for each in shown.deeds()] == [True, *[False] * 4, True]
    tell(ana, luc)
    assert set(circle.administered(luc.store)) == {"45"}
    assert check(luc.store) == []


def test_who_cannot_take_over_is_told_what_to_do_first(desk: MakeDesk, page, qtbot) -> None:
    ana, luc = desk("45", "Ana"), desk("45", "Luc")
    enrol(ana, luc, Role.ASSISTANT)
    tell(luc, ana)
    shown = page(ana)
    shown.segments.choose(HANDING)
    pane = shown.handing
    pane.leaver.setCurrentIndex(pane.leaver.findText("Ana", Qt.MatchFlag.MatchStartsWith))
    pane.successor.setCurrentIndex(pane.successor.findText("Luc", Qt.MatchFlag.MatchStartsWith))
    pane.look_button.click()
    idle(qtbot, pane)
    assert "admettez d’abord «\u00a0PC de Luc\u00a0»" in pane.banner.text
    assert not pane.go_button.isVisible()


# -- the department's key ----------------------------------------------------------------------


def test_the_drill_the_administrators_computer_is_lost(
    desk: MakeDesk, page, qtbot, tmp_path: Path, use: Use
) -> None:
    """As the manual tells it: print, lose, type, take back the rights, print again, check."""
    ana, luc = desk("45", "Ana"), desk("45", "Luc")
    enrol(ana, luc)
    tell(luc, ana)
    office = page(ana)
    office.segments.choose(KEY)
    office.rescue.print_button.click()
    choose(office.rescue, tmp_path)
    assert "deux exemplaires" in office.rescue.banner._detail.text()
    paper = (tmp_path / "cle-de-secours-45.txt").read_text("utf-8-sig")
    rows = [line.partition(":")[2].strip() for line in paper.splitlines() if "Ligne" in line]

    use(luc.folder)  # the office is gone; this is what is left
    shown = page(luc)
    shown.segments.choose(KEY)
    pane = shown.rescue
    wrong = "B" if rows[0][0] == "A" else "A"
    pane.typed.setPlainText("\n".join([wrong + rows[0][1:], *rows[1:]]))
    assert "groupe 1 " in pane.said.text()
    assert not pane.rescue_button.isEnabled()
    pane.typed.setPlainText("\n".join(rows).lower())
    assert "bien recopiés" in pane.said.text()
    pane.rescue_button.click()
    idle(qtbot, pane)
    qtbot.waitUntil(lambda: circle.administered(shown.session.store) == ["45"])
    assert "est administrateur du département 45" in pane.banner.text
    assert pane.typed.toPlainText() == ""
    assert pane.print_button.isVisible()

    shown.show_part("who")
    shown.members.table.selectRow(row_of(shown.members.table, "Ana"))
    shown.members.revoke_button.click()
    shown.members.step.go_button.click()
    idle(qtbot, shown.members)
    qtbot.waitUntil(
        lambda: "Droits retirés" in lines(shown.members.table)[row_of(shown.members.table, "Ana")]
    )
    assert check(shown.session.store) == []


def test_where_the_paper_is_lost_too_the_department_is_founded_again(
    desk: MakeDesk, page, qtbot
) -> None:
    ana, luc = desk("45", "Ana"), desk("45", "Luc")
    enrol(ana, luc)
    shown = page(luc)
    shown.segments.choose(KEY)
    pane = shown.rescue
    assert not pane.found_button.isEnabled(), "nobody does this by one click"
    pane.sure.click()
    pane.found_button.click()
    idle(qtbot, pane)
    qtbot.waitUntil(lambda: department_key.is_held(shown.session.store))
    assert "nouvelle clé" in pane.banner.text
    assert circle.administered(shown.session.store) == ["45"]


# -- in the window -----------------------------------------------------------------------------


def test_the_settings_lead_there_and_back(window: Workspace) -> None:
    window.go(SETTINGS)
    settings: Any = window.pages[SETTINGS]
    settings.circle.members_button.click()
    assert window.window.page is window.pages[MEMBERS]
    shown: Any = window.pages[MEMBERS]
    assert shown.department.count() == 3, "this computer administers three departments"
    shown.buttons[0].click()
    assert window.window.page is settings


def test_a_window_that_was_left_on_the_settings_opens_there(
    window: Workspace, qtbot, open_store
) -> None:
    window.go(SETTINGS)
    window.window.close()
    again = MainWindow()
    qtbot.addWidget(again)
    opened = Workspace(again, open_store(), open_store)
    assert again.page is opened.pages[SETTINGS]
    opened.session.store.close()
