"""Two lone advisers become colleagues in the window: a demand, an answer, two codes read aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.vocabulary import Role
from prevention_app.services import circle, enrolment
from prevention_app.storage.circle import Part, given
from prevention_app.storage.store import Store
from prevention_app.ui.circle_card import CircleCard
from prevention_app.ui.operations import Operation
from prevention_app.ui.session import Session
from tests.storage.acts import add, add_accident

MakeCard = Callable[..., CircleCard]


@pytest.fixture
def lone(qapp, qtbot, tmp_path: Path) -> Iterator[MakeCard]:
    """Makes the card of an adviser who works alone."""
    sessions: list[Session] = []
    owner = QObject()

    def make(name: str, user: str, department: str = "45") -> CircleCard:
        folder = tmp_path / f"{name}.prevention"
        Store.create(
            folder, declared_catalogue(), department=department, name=name, user=user
        ).close()

        def opened() -> Store:
            return Store(folder, declared_catalogue())

        sessions.append(Session(opened(), opened))
        card = CircleCard(
            sessions[-1],
            lambda words, work, *arguments: Operation(words, work, *arguments, parent=owner),
        )
        qtbot.addWidget(card)
        card.show()
        return card

    yield make
    owner.deleteLater()
    for each in sessions:
        each.store.close()


def only_file(folder: Path, ending: str) -> Path:
    (found,) = folder.glob(f"*.prevention-{ending}")
    return found


def test_a_demand_and_an_answer_make_two_computers_one_service(lone, qtbot, tmp_path) -> None:
    key = tmp_path / "clé"
    key.mkdir()
    admin, newcomer = lone("Bureau", "Claire Marchand"), lone("Portable", "Sophie Nogueira")
    add_accident(admin._session.store, activity="Élagage")
    depot = add(admin._session.store, "site", name="Dépôt de Gien")
    newcomer.ask(key)
    assert "Code à lire" in newcomer.banner.text

    admin.open_request(only_file(key, "demande"))
    assert "Portable" in admin.said.text()
    assert "Sophie Nogueira" in admin.said.text()
    assert not admin.go_button.isEnabled(), "no role is given unless somebody chooses it"
    admin.role.setCurrentIndex(admin.role.findData(Role.ASSISTANT))
    admin.part.setCurrentIndex(admin.part.findText("Dépôt de Gien (site)"))
    admin.until.show_value(date(2027, 6, 30))
    assert admin.go_button.isEnabled()
    admin.admit(key)
    qtbot.waitUntil(lambda: "est admis" in admin.banner.text)

    newcomer.open_answer(only_file(key, "reponse"))
    assert "Claire Marchand" in newcomer.said.text()
    newcomer.go_button.click()
    qtbot.waitUntil(
        lambda: (
            ("Portable", Role.ASSISTANT)
            in {(each.name, *each.roles) for each in circle.members(newcomer._session.store)}
        )
    )

    (member,) = [each for each in circle.members(admin._session.store) if each.name == "Portable"]
    assert member.until == date(2027, 6, 30)
    held = given(admin._session.store, "45", member.station_id)
    assert held == [(Role.ASSISTANT, Part(site=depot.id))]


def test_who_joins_another_department_is_told_before_what_disappears(lone, tmp_path) -> None:
    admin, newcomer = lone("Bureau", "Claire Marchand"), lone("Portable", "Bruno Petit", "28")
    add(newcomer._session.store, "site", name="Dépôt de Dreux")
    asked, answer = tmp_path / "demande", tmp_path / "reponse"
    enrolment.request(newcomer._session.store, asked, "45")
    enrolment.admit(admin._session.store, asked, [Role.ADVISER], answer)
    newcomer.open_answer(answer)
    assert "1\u00a0fiche d’un autre département que le 45" in newcomer.said.text()


def test_an_administrator_is_one_of_the_whole_department(lone, tmp_path) -> None:
    admin, newcomer = lone("Bureau", "Claire Marchand"), lone("Portable", "Sophie Nogueira")
    add(admin._session.store, "site", name="Dépôt de Gien")
    newcomer.ask(tmp_path)
    admin.open_request(only_file(tmp_path, "demande"))
    admin.part.setCurrentIndex(1)
    admin.role.setCurrentIndex(admin.role.findData(Role.ADMINISTRATOR))
    assert admin.part.currentData() == Part()
    assert not admin.part.isEnabled()


def test_a_file_that_is_something_else_is_told(lone, tmp_path) -> None:
    card = lone("Bureau", "Claire Marchand")
    wrong = tmp_path / "notes.txt"
    wrong.write_text("rien", encoding="utf-8")
    card.open_request(wrong)
    assert card.banner.bad
    assert card.go_button.isHidden()
