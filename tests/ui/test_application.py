from __future__ import annotations

import gc
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QObject

from prevention_app.errors import Refused
from prevention_app.storage.query import Query
from prevention_app.ui import application, failures, style, theme
from prevention_app.ui.home_page import HomePage
from prevention_app.ui.main_window import MainWindow
from prevention_app.ui.opening import Opening
from prevention_app.ui.workspace import Workspace


@pytest.fixture
def frame(qapp, qtbot):
    made = MainWindow()
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_workspace_is_made_at_the_first_opening(frame, qtbot, tmp_path) -> None:
    place = tmp_path / "nouveau.prevention"
    Opening(frame, place).open()
    page = frame.page
    page.department.setCurrentIndex(page.department.findData("28"))
    page.name.setText("")
    page.create_button.click()
    assert "Donnez un nom" in page.banner.text
    page.name.setText("28-PRÉV-01")
    page.person.setText("C. Marchand")
    page.create_button.click()
    workspace = frame.findChild(Workspace)
    assert isinstance(frame.page, HomePage)
    assert workspace.session.store.department == "28"
    assert workspace.session.station == "28-PRÉV-01"
    assert (place / "data.db").exists()
    with workspace.session.store.reading() as read:
        assert read.count(Query("department")) == 3
    workspace.session.store.close()


def test_a_folder_that_is_no_workspace_is_said_so(frame, qtbot, tmp_path) -> None:
    (tmp_path / "autre.txt").write_text("autre chose", encoding="utf-8")
    Opening(frame, tmp_path).open()
    assert "Aucun espace de travail" in frame.page.why.text()
    assert frame.page.retry_button.isEnabled()
    assert [each.name for each in tmp_path.iterdir()] == ["autre.txt"]


def test_what_breaks_is_told_in_plain_french_and_logged_without_data(
    qapp, monkeypatch, tmp_path
) -> None:
    monkeypatch.setattr(failures, "log_file", lambda: tmp_path / "journal.log")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    told: list[str] = []
    failures.start_log()
    failures.catch(lambda text, _report: told.append(text))
    try:
        raise KeyError("Mme Dupont")
    except KeyError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    sys.excepthook(Refused, Refused("Le disque est plein."), None)
    assert told[0].startswith("Une panne du programme")
    assert told[1] == "Le disque est plein."
    logged = (tmp_path / "journal.log").read_text(encoding="utf-8")
    assert "KeyError" in logged
    assert "test_application.py" in logged
    for handler in list(failures._LOG.handlers):
        failures._LOG.removeHandler(handler)
        handler.close()


def test_qt_itself_speaks_french(qapp) -> None:
    assert qapp.translate("QPlatformTheme", "Cancel") == "Annuler"
    assert QLocale().toString(1234.5, "f", 1) == "1\u202f234,5"


@pytest.mark.parametrize("name", [theme.LIGHT, theme.DARK])
def test_both_themes_dress_the_window(qapp, name) -> None:
    gc.collect()  # windows of tests before this one would all be dressed too
    theme.use(name)
    try:
        style.apply(qapp)
        assert theme.theme(name)["window"] in qapp.styleSheet()
        assert "$" not in qapp.styleSheet()
        assert qapp.palette().window().color().name().upper() == theme.theme(name)["window"]
    finally:
        theme.use(theme.LIGHT)
        style.apply(qapp)


def contrast(ink: str, ground: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(ink), light(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", [theme.LIGHT, theme.DARK])
def test_texts_can_be_read_on_their_ground(name) -> None:
    current = theme.theme(name)
    for ink in ("text", "text_secondary", "text_tertiary"):
        for ground in ("surface", "window", "surface_sunken", "selection"):
            assert contrast(current[ink], current[ground]) >= 4.5, (ink, ground)
    for state, colours in current.states.items():
        assert contrast(colours.text, colours.fill) >= 4.5, state
    assert contrast(current["on_accent"], current["accent"]) >= 4.5
    assert contrast(current["field_border"], current["surface"]) >= 3


def test_every_icon_that_is_named_is_shipped() -> None:
    from prevention_app import paths
    from prevention_app.catalogue.registers import declared_catalogue
    from prevention_app.ui import places, states

    named = {each.icon for each in places.places(declared_catalogue()) if not each.heading}
    named |= {state.icon for state in (*states._OF_CODE.values(), *states.OF_DUE.values())}
    named |= set(theme.tokens()["hazard_icons"].values())
    shipped = {file.stem for file in paths.resource("icons").glob("*.svg")}
    assert named <= shipped


def test_shown_texts_have_the_spaces_of_french_typography() -> None:
    import ast

    wrong = []
    for file in sorted(Path(application.__file__).parent.glob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        wrong += [
            (file.name, node.lineno, node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and any(mark in node.value for mark in ("« ", " »", " :", " ;", " ?", " !"))
        ]
    assert wrong == []


def test_the_frame_is_a_window_of_its_own(qapp, qtbot, frame) -> None:
    frame.fill()
    assert isinstance(frame, QObject)
    assert frame.minimumWidth() == 910
    assert frame.minimumHeight() == 500
