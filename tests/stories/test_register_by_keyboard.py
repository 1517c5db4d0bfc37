"""An entry of the health-and-safety register, without touching the mouse."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QApplication

from prevention_app.storage.store import Store
from tests.stories.desk import Desk

SAID = "Éclairage du parking en panne, risque de chute le soir"


def the_sites_are_known(store: Store) -> None:
    with store.change("Ajouter des sites") as work:
        for name in ("Atelier mécanique", "Musée du château"):
            work.new("site", name=name)


def open_the_register(desk: Desk) -> None:
    desk.find("registre de sante")
    desk.wait(lambda: desk.title == "Registre de santé et sécurité au travail")


def tab_to(desk: Desk, name: str) -> None:
    for _ in range(30):
        focus = QApplication.focusWidget()
        if focus is not None and focus.accessibleName().startswith(name):
            return
        desk.press("Tab")
    raise AssertionError(f"« {name} » is not reached by Tab")


def write_what_was_said(desk: Desk) -> None:
    desk.press("N")
    desk.wait(desk.page.form.isVisible)
    tab_to(desk, "Site")
    desk.type("atelier")
    desk.wait(QApplication.activePopupWidget)
    desk.press("Down")
    desk.press("Return")
    tab_to(desk, "Date")
    desk.type("02/11/2026")
    tab_to(desk, "Observation")
    desk.type(SAID)
    desk.press("Ctrl+S")


def test_an_entry_is_written_by_keyboard_alone(sit_down, yesterday) -> None:
    the_sites_are_known(yesterday)
    desk = sit_down()
    open_the_register(desk)
    write_what_was_said(desk)
    desk.wait(lambda: SAID in _first_row(desk))
    assert desk.clicks == 0
    assert "Atelier mécanique" in _first_row(desk)
    assert desk.notice.startswith("Enregistré.")
    (entry,) = desk.stored("health_safety_entry")
    assert (entry.observation, entry.reported_on) == (SAID, date(2026, 11, 2))


def _first_row(desk: Desk) -> str:
    return " | ".join(next(iter(desk.shown_in(desk.page.table)), []))


def test_several_records_are_written_one_after_the_other(sit_down, yesterday) -> None:
    desk = sit_down()
    desk.find("sites et locaux")
    desk.wait(lambda: desk.title == "Sites et locaux")
    names = ["Atelier", "Hangar", "Musée", "Zénith"]
    desk.press("N")
    for name in names:
        desk.type(name[:3])
        desk.wait(lambda: not desk.page.table._settle.isActive())
        desk.type(name[3:])
        desk.press("Ctrl+Return")
    assert sorted(each.name for each in desk.stored("site")) == names
    assert desk.page.form.record is None
    assert desk.clicks == 0
