from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from prevention_app.errors import Busy, Damaged, NewerFormat, PreventionError
from prevention_app.ui import file_choice
from prevention_app.ui.first_opening import ClosedWorkspace, FirstOpening


@pytest.fixture
def page(qapp, qtbot):
    made = FirstOpening()
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    made.activateWindow()
    made.name.setText("45-PRÉV-03")
    made.person.setText("C. Marchand")
    made.told: list[tuple[str, object]] = []
    made.files_given.connect(lambda files: made.told.append(("files", files)))
    made.create_asked.connect(lambda *given: made.told.append(("create", given)))
    made.demo_asked.connect(lambda: made.told.append(("demo", None)))
    return made


@pytest.fixture
def choosing(monkeypatch):
    """What would be told of the files that a person chooses, instead of the system's dialog."""
    takers = []
    monkeypatch.setattr(
        file_choice, "choose_files", lambda _parent, _title, take: takers.append(take)
    )
    return takers


def test_everything_asked_for_is_filled_in_already(qapp, qtbot) -> None:
    made = FirstOpening()
    qtbot.addWidget(made)
    assert made.department.currentData() == "45"
    assert made.name.text()
    assert made.person.text()
    made.department.setCurrentIndex(made.department.findData("28"))
    assert "de l’Eure-et-Loir commence" in made._title.text()


def test_files_chosen_are_told_before_the_workspace_is_made(page, choosing) -> None:
    page.choose_files()
    (take,) = choosing
    take([Path("/données/duerp.xlsx")])
    assert page.told == [
        ("files", [Path("/données/duerp.xlsx")]),
        ("create", ("45", "45-PRÉV-03", "C. Marchand")),
    ]


def test_files_may_be_dropped(page, tmp_path) -> None:
    file = tmp_path / "organigramme.xlsx"
    file.touch()
    held = QMimeData()
    held.setUrls([QUrl.fromLocalFile(str(file))])
    given = (Qt.DropAction.CopyAction, held, Qt.MouseButton.LeftButton)
    place = QPointF(300, 300)
    entered = QDragEnterEvent(place.toPoint(), *given, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(page, entered)
    assert entered.isAccepted()
    assert page._ways[0].property("over") == "true"
    dropped = QDropEvent(
        place, Qt.DropAction.CopyAction, held, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(page, dropped)
    assert page.told[0] == ("files", [file])
    assert page._ways[0].property("over") == "false"


@pytest.mark.parametrize("typed", ["2", "é"])
def test_the_second_key_starts_empty_on_any_keyboard(page, type_text, typed) -> None:
    page.focus_main()
    type_text(page, typed)
    assert page.told == [("files", []), ("create", ("45", "45-PRÉV-03", "C. Marchand"))]


def test_the_third_key_opens_the_example(page, type_text) -> None:
    type_text(page, "3")
    assert page.told == [("demo", None)]


def test_a_digit_in_a_field_is_text(page, qtbot) -> None:
    qtbot.keyClicks(page.name, "2")
    assert page.name.text().endswith("2")
    assert page.told == []


@pytest.mark.parametrize(("field", "said"), [("name", "à cet ordinateur"), ("person", "votre nom")])
def test_what_is_missing_is_said_in_place(page, field, said) -> None:
    getattr(page, field).setText("  ")
    page.create_button.click()
    assert said in page.banner.text
    assert page.told == []
    assert getattr(page, field).hasFocus()


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (Busy("Occupé."), "Attendez"),
        (NewerFormat("Plus récent."), "Mettez cette application à jour"),
        (PreventionError("Refusé."), "Vérifiez que le dossier est accessible"),
    ],
)
def test_a_workspace_that_does_not_open_says_why_and_what_to_do(
    qapp, qtbot, tmp_path, error, advice
) -> None:
    made = ClosedWorkspace(error, tmp_path)
    qtbot.addWidget(made)
    made.show()
    assert made.why.text() == str(error)
    assert advice in made.advice.text()
    assert not made.copy_button.isVisible()
    with qtbot.waitSignal(made.retry_asked):
        made.retry_button.click()


def test_a_damaged_workspace_offers_to_take_back_a_copy(qapp, qtbot, tmp_path, choosing) -> None:
    made = ClosedWorkspace(Damaged("Abîmée."), tmp_path)
    qtbot.addWidget(made)
    made.show()
    made.copy_button.click()
    (take,) = choosing
    with qtbot.waitSignal(made.copy_given) as given:
        take([tmp_path / "copie.zip"])
    assert given.args == [tmp_path / "copie.zip"]
    made.refuse("Cette copie est illisible.")
    assert made.banner.bad
