from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from prevention_app.catalogue.description import Field, Kind, Option
from prevention_app.catalogue.registers import declared_catalogue
from prevention_app.catalogue.values import Unreadable, to_stored
from prevention_app.ui.editors import editor_for
from prevention_app.ui.record_form import RecordForm

VALUES = {
    Kind.TEXT: "Atelier mécanique",
    Kind.LONG_TEXT: "Sol glissant\ndevant la plonge",
    Kind.INTEGER: 12,
    Kind.DECIMAL: Decimal("2.5"),
    Kind.MONEY: Decimal("1234.50"),
    Kind.DATE: date(2026, 11, 9),
    Kind.DATETIME: datetime(2026, 11, 9, 14, 5),
    Kind.YES_NO: False,
    Kind.CHOICE: "b",
    Kind.COLOUR: "#2456C6",
    Kind.ATTACHMENT: "0192-fichier",
}
OPTIONS = (Option("a", "Première", "First"), Option("b", "Seconde", "Second"))


def field_of(kind: Kind, **given) -> Field:
    return Field("essai", "Essai", "Trial", kind, options=OPTIONS, **given)


def site(session, name="Atelier mécanique") -> str:
    entity = session.store.catalogue["site"]
    return session.add(entity, {"name": name}).id


@pytest.mark.parametrize("kind", VALUES, ids=str)
def test_a_value_comes_back_as_it_was_shown(qtbot, session, kind) -> None:
    editor = editor_for(field_of(kind), session)
    qtbot.addWidget(editor)
    heard = []
    editor.changed.connect(lambda: heard.append(1))
    editor.show_value(VALUES[kind])
    assert editor.value() == VALUES[kind]
    editor.show_value(None)
    assert editor.value() is None
    assert heard == []


@pytest.mark.parametrize("kind", list(Kind), ids=str)
def test_every_kind_of_field_has_an_editor_with_a_name(qtbot, session, kind) -> None:
    field = replace(field_of(kind), target="site")
    editor = editor_for(field, session)
    qtbot.addWidget(editor)
    assert editor.inner.accessibleName() == "Essai"


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.LONG_TEXT], ids=str)
def test_accents_are_typed(qtbot, session, type_text, kind) -> None:
    editor = editor_for(field_of(kind), session)
    qtbot.addWidget(editor)
    type_text(editor.inner, "Évaluation – œuvre, à l’été")
    assert editor.value() == "Évaluation – œuvre, à l’été"


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Kind.INTEGER, "1 234", 1234),
        (Kind.DECIMAL, "3,75", Decimal("3.75")),
        (Kind.MONEY, "1 250,50 €", Decimal("1250.5")),
        (Kind.DATE, "9/11/2026", date(2026, 11, 9)),
        (Kind.DATETIME, "9/11/2026 14:05", datetime(2026, 11, 9, 14, 5)),
        (Kind.COLOUR, "#a0b1c2", "#A0B1C2"),
    ],
)
def test_what_is_typed_is_read_as_people_write_it(qtbot, session, type_text, kind, typed, value):
    editor = editor_for(field_of(kind), session)
    qtbot.addWidget(editor)
    type_text(editor.inner, typed)
    assert editor.value() == value


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        (Kind.INTEGER, "douze", "n’est pas un nombre"),
        (Kind.DATE, "31/02/2026", "Le 31 février 2026 n’existe pas."),
        (Kind.COLOUR, "bleu", "n’est pas une couleur"),
    ],
)
def test_what_is_no_value_is_said_in_french(qtbot, session, type_text, kind, typed, said) -> None:
    editor = editor_for(field_of(kind), session)
    qtbot.addWidget(editor)
    type_text(editor.inner, typed)
    with pytest.raises(Unreadable, match=said):
        editor.value()


def test_leaving_a_date_writes_out_what_was_understood(qtbot, session, type_text) -> None:
    editor = editor_for(field_of(Kind.DATE), session)
    qtbot.addWidget(editor)
    type_text(editor.inner, "3 août 2026")
    editor.left.emit()
    assert editor.inner.text() == "03/08/2026"


def test_a_reference_is_found_by_a_part_of_its_title(qtbot, session, type_text) -> None:
    wanted = site(session)
    site(session, "Collège du Val-Fleuri")
    editor = editor_for(replace(field_of(Kind.REFERENCE), target="site"), session)
    qtbot.addWidget(editor)
    editor.show()
    editor.setFocus()
    type_text(editor.inner, "mecan")
    qtbot.waitUntil(lambda: editor._names.stringList() == ["Atelier mécanique"])
    qtbot.keyClick(editor._popup, Qt.Key.Key_Down)
    qtbot.keyClick(editor._popup, Qt.Key.Key_Return)
    assert editor.value() == wanted
    assert editor.inner.text() == "Atelier mécanique"


def test_a_reference_typed_in_full_is_taken_when_the_field_is_left(qtbot, session, type_text):
    wanted = site(session)
    editor = editor_for(replace(field_of(Kind.REFERENCE), target="site"), session)
    qtbot.addWidget(editor)
    type_text(editor.inner, "atelier mecanique")
    assert editor.value() == wanted


def test_an_unknown_reference_is_refused(qtbot, session, type_text) -> None:
    editor = editor_for(replace(field_of(Kind.REFERENCE), target="site"), session)
    qtbot.addWidget(editor)
    type_text(editor.inner, "Atelier central")
    with pytest.raises(Unreadable, match="aucune fiche « Atelier central »"):
        editor.value()


def test_a_withheld_value_is_said_to_be_so_and_comes_back_after(qtbot, session) -> None:
    for kind in VALUES:
        editor = editor_for(field_of(kind), session)
        qtbot.addWidget(editor)
        before = getattr(editor.inner, "placeholderText", str)()
        editor.lock("non communiqué")
        assert not editor.inner.isEnabled()
        assert editor.inner.placeholderText() == "non communiqué"
        editor.unlock()
        assert editor.inner.isEnabled()
        assert editor.inner.placeholderText() == before


def declarations(catalogue):
    """One declaration that has the most kinds of fields, or all of them in the long run."""
    richest = max(catalogue.registers, key=lambda each: len({f.kind for f in each.fields}))
    return [
        pytest.param(each.key, id=each.key, marks=() if each is richest else pytest.mark.long)
        for each in catalogue.registers
    ]


@pytest.mark.parametrize("register", declarations(declared_catalogue()))
def test_a_form_gives_back_the_defaults_of_its_declaration(qtbot, session, register) -> None:
    entity = session.store.catalogue[register]
    form = RecordForm(session, entity)
    qtbot.addWidget(form)
    form.show_new()
    defaults = entity.new()
    for field in entity.fields:
        held = form.boxes[field.key].editor.value()
        assert to_stored(field, held) == to_stored(field, getattr(defaults, field.key)), field.key
