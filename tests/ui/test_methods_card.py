"""Choosing by which method risks are rated, in the settings; then rating by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from prevention_app.catalogue.description import Record
from prevention_app.services import methods, risk_document
from prevention_app.storage.query import Query
from prevention_app.ui.methods_card import MethodsCard
from prevention_app.ui.rating_panel import RatingPanel
from prevention_app.ui.session import Session


@pytest.fixture
def card(qtbot, session: Session) -> MethodsCard:
    made = MethodsCard(session)
    qtbot.addWidget(made)
    made.read()
    made.show()
    return made


@pytest.fixture
def risk(session: Session) -> Record:
    catalogue = session.store.catalogue
    unit = session.add(catalogue["work_unit"], {"name": "Atelier", "unit_code": "ATE"})
    return session.add(catalogue["risk"], {"work_unit": unit.id, "situation": "Chute"})


def pick(card: MethodsCard, code: str) -> None:
    """Choose a method in the list, as the mouse does."""
    card.method.setCurrentIndex(card.method.findData(code))
    card.method.activated.emit(card.method.currentIndex())


def pick_family(card: MethodsCard, name: str) -> None:
    card.family.setCurrentIndex(card.family.findText(name))
    card.family.activated.emit(card.family.currentIndex())


def test_the_usual_method_is_shown_with_its_scales(card: MethodsCard) -> None:
    assert card.method.currentData() == "gfm-1"
    assert "Maîtrise\u00a0: 1 très bonne" in card.scales.text()
    assert "critique à partir de 12" in card.scales.text()


def test_a_family_may_have_a_method_of_its_own(card: MethodsCard, session: Session) -> None:
    pick(card, "gf-1")
    pick_family(card, "Chute de hauteur")
    assert card.method.currentData() == "gf-1"
    pick(card, "kinney-1")
    pick_family(card, "Risques psychosociaux")
    assert card.method.currentData() == "rps-1", "never multiplied, unless decided"
    with session.store.reading() as read:
        chosen = {each.family: each.code for each in methods.choices(read)}
    assert chosen == {"": "gf-1", "Chute de hauteur": "kinney-1"}


def test_the_panel_asks_for_what_the_method_wants(
    qtbot, card: MethodsCard, session: Session, risk: Record
) -> None:
    pick(card, "five-1")
    panel = RatingPanel(session, card)
    with session.store.reading() as read:
        panel.show_risk(risk_document.detail(read, risk.id))
    panel.show()
    assert [row.isVisibleTo(panel) for row in panel.scales] == [True] * 5
    for row in panel.scales:
        qtbot.keyClick(row, "4")
    assert set(panel.figures.values()) == {4}
    assert set(panel.figures) == {"severity", "frequency", "occurrence", "training", "protection"}
    with session.store.reading() as read:
        found = risk_document.detail(read, risk.id)
    session.tell(risk_document.rate(session.store, found, panel.figures, "Visite"))
    with session.store.reading() as read:
        assert risk_document.detail(read, risk.id).assessment.residual == 100


def test_a_method_is_saved_as_a_model_and_taken_in(card: MethodsCard, tmp_path: Path) -> None:
    pick(card, "gf-1")
    card.write_into(tmp_path)
    file = tmp_path / "methode_gf-1.json"
    assert file.is_file()
    card.add(file)
    assert "45-gf-1" in {card.method.itemData(at) for at in range(card.method.count())}
    card.add(file)
    assert card.banner.isVisibleTo(card), "the code is taken"


def test_a_file_that_is_none_says_so(card: MethodsCard, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text("rien", encoding="utf-8")
    before = card.method.count()
    card.add(file)
    assert card.banner.isVisibleTo(card)
    assert card.method.count() == before


def test_families_come_from_the_register(card: MethodsCard, session: Session) -> None:
    with session.store.reading() as read:
        names = {getattr(each, "name", "") for each in read.records(Query("hazard_family"))}
    assert names < {card.family.itemText(at) for at in range(card.family.count())}
