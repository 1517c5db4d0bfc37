"""A person whose name one has only heard."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from prevention_app.storage.store import Store

PEOPLE = (
    ("LEFEBVRE", "Hélène"),
    ("LEFORT", "Hervé"),
    ("FERRAND", "Hélène"),
    ("NGUYEN", "Thierry"),
    ("MARCHAND", "Claire"),
)


def people_work_here(store: Store) -> None:
    with store.change("Ajouter des agents") as work:
        for last, first in PEOPLE:
            work.new("person", last_name=last, first_name=first)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("lefevbre", "LEFEBVRE"), ("helene lefebre", "LEFEBVRE"), ("nguien", "NGUYEN")],
)
def test_a_person_is_found_by_a_misspelt_name(sit_down, yesterday, typed, meant) -> None:
    people_work_here(yesterday)
    desk = sit_down()
    desk.find(typed)
    desk.wait(lambda: desk.title == "Agents")
    desk.wait(desk.page.form.isVisible)
    assert desk.page.form.record.last_name == meant
    assert desk.page.form.boxes["last_name"].editor.inner.text() == meant
    assert desk.clicks == 0
    QTest.qWait(300)  # the list behind the form is read to its end
