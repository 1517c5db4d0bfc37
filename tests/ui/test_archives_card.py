"""What advisers and administrators erase for good in the settings: foreseen, agreed, done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.storage.store import Store
from prevention_app.ui.archives_card import ArchivesCard
from prevention_app.ui.operations import Operation
from prevention_app.ui.session import Session
from tests.storage.acts import add, add_accident, get
from tests.workspaces import NewWorkspaces

SECRET = "Zapotèque"


@pytest.fixture
def card(qapp, qtbot, tmp_path: Path, new_workspace: NewWorkspaces) -> Iterator[ArchivesCard]:
    """The card at an adviser's computer."""
    folder = new_workspace(tmp_path / "a.prevention", name="Bureau", user="Claire Marchand")
    owner = QObject()

    def opened() -> Store:
        return Store(folder, declared_catalogue())

    session = Session(opened(), opened)
    made = ArchivesCard(
        session, lambda words, work, *given, **_: Operation(words, work, *given, parent=owner)
    )
    qtbot.addWidget(made)
    made.show()
    yield made
    owner.deleteLater()
    session.store.close()


def test_names_go_once_it_was_said_what_is_lost(card: ArchivesCard, qtbot) -> None:
    store = card._session.store
    accident = add_accident(store, person_name=SECRET)
    card.references.setText(accident.reference)
    card.erase_button.click()
    assert "motif" in card.banner.text
    card.reason.setText("Demande de la personne")
    card.erase_button.click()
    qtbot.waitUntil(card.step.isVisible, timeout=20_000)
    assert accident.reference in card.step.said.text()
    assert "Aucune annulation" in card.step.said.text()
    assert get(store, "accident", accident.id).person_name == SECRET
    qtbot.waitUntil(card.isEnabled, timeout=20_000)
    card.step.go_button.click()
    qtbot.waitUntil(lambda: not card.references.text(), timeout=20_000)
    assert get(store, "accident", accident.id).person_name == "effacé"


def test_a_list_is_prepared_has_its_visa_and_is_executed(
    card: ArchivesCard, qtbot, tmp_path: Path
) -> None:
    store = card._session.store
    site = add(store, "site", name="Atelier")
    record = add(
        store,
        "health_safety_entry",
        site=site.id,
        reported_on=date(2010, 1, 1),
        observation=SECRET,
    )

    def shown(words: str) -> None:
        qtbot.waitUntil(
            lambda: card.isEnabled() and any(words in each.state for each in card.rows),
            timeout=20_000,
        )

    card.read_button.click()
    shown("Échu")
    assert not card.execute_button.isEnabled()
    card.prepare_into(tmp_path)
    shown("Bordereau préparé")
    assert [each.suffix for each in tmp_path.glob("Bordereau*")] == [".xlsx"]
    card.table.selectRow(len(card.rows) - 1)
    card.number.setText("AD45-12")
    card.day.setText("01/10/2026")
    card.visa_button.click()
    shown("visa AD45-12")
    card.table.selectRow(len(card.rows) - 1)
    card.execute_button.click()
    qtbot.waitUntil(card.step.isVisible, timeout=20_000)
    qtbot.waitUntil(card.isEnabled, timeout=20_000)
    card.step.go_button.click()
    shown("Bordereau exécuté")
    assert get(store, "health_safety_entry", record.id).deleted
