from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QMenu

from prevention_app.storage.query import Condition, Op, Query
from prevention_app.ui import theme
from prevention_app.ui.cells import CELL
from prevention_app.ui.plant_protection_page import CREDENTIAL, EPHY, STOCK, PlantProtectionPage
from prevention_app.ui.validity_bar import Validity, paint_validity

AGENT, CATEGORY, BAR, END, STATE, ADVICE = range(6)


def kind_id(session, code: str) -> str:
    with session.store.reading() as read:
        wanted = Query("credential_type", (Condition("type_code", Op.IS, code),))
        return read.records(wanted)[0].id


def add_certificate(session, name: str, expires: date, code: str = "CERTIPHYTO-OPE") -> str:
    catalogue = session.store.catalogue
    person = session.add(catalogue["person"], {"last_name": name})
    values = {
        "person": person.id,
        "credential_type": kind_id(session, code),
        "expires": expires,
    }
    return session.add(catalogue[CREDENTIAL], values).id


def add_product(session, name: str, **given) -> str:
    catalogue = session.store.catalogue
    site = session.add(catalogue["site"], {"name": f"Site de {name}"})
    room = session.add(catalogue["store_room"], {"name": "Local phyto", "site": site.id})
    values = {"store_room": room.id, "name_as_written": name, **given}
    return session.add(catalogue[STOCK], values).id


@pytest.fixture
def filled(session) -> dict[str, str]:
    return {
        "lemaire": add_certificate(session, "Lemaire", date(2026, 11, 18)),
        "nogueira": add_certificate(session, "Nogueira", date(2027, 2, 2), "CERTIPHYTO-DENSA"),
        "besnard": add_certificate(session, "Besnard", date(2028, 10, 30)),
        "savon": add_product(session, "Savon noir", stock_class="basic_substance"),
        "vieux": add_product(session, "Vieux bidon", use_by=date(2020, 1, 1)),
        "inconnu": add_product(session, "Bidon blanc"),
    }


@pytest.fixture
def page(qtbot, session) -> PlantProtectionPage:
    made = PlantProtectionPage(session)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    return made


@pytest.fixture
def shown(qtbot, filled, page) -> PlantProtectionPage:
    page.show()
    page.activateWindow()
    qtbot.waitUntil(lambda: len(page.stock.lines.ids) == 3)
    qtbot.waitUntil(lambda: len(page.certificates.certificates.ids) == 3)
    page.focus_main()
    return page


def column(table, at: int) -> list[str]:
    model = table.model()
    return [model.index(row, at).data(CELL).text for row in range(model.rowCount())]


def trigger(menu: QMenu, words: str) -> None:
    menu.aboutToShow.emit()
    next(each for each in menu.actions() if words in each.text()).trigger()


def test_certificates_say_where_they_stand_and_what_to_do(shown) -> None:
    assert column(shown.certificates, AGENT) == ["Lemaire", "Nogueira", "Besnard"]
    assert column(shown.certificates, CATEGORY) == ["Opérateur", "Décideur", "Opérateur"]
    assert column(shown.certificates, STATE) == ["Expiré", "À demander", "Valide"]
    assert column(shown.certificates, ADVICE)[0] == "ne peut plus appliquer"
    bar = shown.certificates.model().index(0, BAR)
    assert bar.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Valide du 18/11/2021 au 18/11/2026, à demander entre le 18/02/2026 et le 18/08/2026"
    )
    assert shown.status == "3\u00a0certificats · 3\u00a0produits"


def test_which_certificates_run_out_before_the_season_is_one_choice(qtbot, shown) -> None:
    trigger(shown.filters.end.menu(), "La saison (1er\u00a0mars\u00a02027)")
    qtbot.waitUntil(lambda: len(shown.certificates.certificates.ids) == 2)
    assert column(shown.certificates, AGENT) == ["Lemaire", "Nogueira"]
    assert shown.filters.end.text().strip() == "Fin avant\u00a0: la saison"
    shown.filters.clear()
    qtbot.waitUntil(lambda: len(shown.certificates.certificates.ids) == 3)


def test_chips_filter_by_state_and_kind_and_are_kept(qtbot, session, shown) -> None:
    trigger(shown.filters.state.menu(), "Valide")
    qtbot.waitUntil(lambda: column(shown.certificates, AGENT) == ["Besnard"])
    again = PlantProtectionPage(session)
    qtbot.addWidget(again)
    assert again.filters.active == 1
    again.show()
    qtbot.waitUntil(lambda: column(again.certificates, AGENT) == ["Besnard"])
    shown.filters.clear()
    trigger(shown.filters.kind.menu(), "Certiphyto décideur")
    qtbot.waitUntil(lambda: column(shown.certificates, AGENT) == ["Nogueira"])


def test_a_filter_that_finds_nothing_says_so_and_can_be_taken_away(qtbot, shown) -> None:
    trigger(shown.filters.state.menu(), "À obtenir")
    qtbot.waitUntil(shown._no_certificates.isVisible)
    assert "ce filtre" in shown._no_certificates.accessibleName()
    qtbot.mouseClick(shown._clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(shown.certificates.isVisible)


def test_a_heading_sorts_and_the_order_is_remembered(qtbot, session, shown) -> None:
    shown.certificates.horizontalHeader().sectionClicked.emit(AGENT)
    qtbot.waitUntil(lambda: column(shown.certificates, AGENT)[0] == "Besnard")
    shown.certificates.horizontalHeader().sectionClicked.emit(AGENT)
    qtbot.waitUntil(lambda: column(shown.certificates, AGENT)[0] == "Nogueira")
    again = PlantProtectionPage(session)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: column(again.certificates, AGENT)[:1] == ["Nogueira"])
    header = again.certificates.horizontalHeader()
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (
        AGENT,
        Qt.SortOrder.DescendingOrder,
    )


def test_the_store_says_what_may_be_used_and_why(shown) -> None:
    assert column(shown.stock, 0) == ["Vieux bidon", "Bidon blanc", "Savon noir"]
    assert column(shown.stock, 3) == ["Périmé", "À classer", "Utilisable"]
    assert column(shown.stock, 4)[0] == "Périmé depuis le 01/01/2020. Isoler, ne pas utiliser."


def test_segments_count_and_choose(qtbot, shown) -> None:
    shown.segments.choose("stop")
    qtbot.waitUntil(lambda: column(shown.stock, 0) == ["Vieux bidon"])
    shown.segments.choose("go")
    qtbot.waitUntil(lambda: column(shown.stock, 0) == ["Savon noir"])


def test_tab_goes_between_the_tables_and_entree_opens_the_record(qtbot, filled, shown) -> None:
    qtbot.waitUntil(shown.certificates.hasFocus)
    with qtbot.waitSignal(shown.open_asked) as asked:
        qtbot.keyClick(shown.certificates, Qt.Key.Key_Return)
    assert asked.args == [CREDENTIAL, filled["lemaire"]]
    qtbot.keyClick(shown.certificates, Qt.Key.Key_Tab)
    assert shown.stock.hasFocus()
    with qtbot.waitSignal(shown.open_asked) as asked:
        qtbot.keyClick(shown.stock, Qt.Key.Key_Return)
    assert asked.args == [STOCK, filled["vieux"]]
    qtbot.keyClick(shown.stock, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert shown.certificates.hasFocus()


def test_n_writes_a_new_record_of_the_table_that_has_the_focus(qtbot, shown) -> None:
    qtbot.waitUntil(shown.certificates.hasFocus)
    with qtbot.waitSignal(shown.new_asked) as asked:
        qtbot.keyClick(shown.certificates, Qt.Key.Key_N)
    assert asked.args == [CREDENTIAL]
    shown.stock.setFocus()
    with qtbot.waitSignal(shown.new_asked) as asked:
        qtbot.keyClick(shown.stock, Qt.Key.Key_N)
    assert asked.args == [STOCK]


def said(page: PlantProtectionPage) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(each.text() for each in page.why.findChildren(QLabel))


def test_why_shows_rules_sources_and_inputs_in_place(qtbot, shown) -> None:
    qtbot.waitUntil(shown.certificates.hasFocus)
    qtbot.keyClick(shown.certificates, "?")
    assert shown.why.isVisible()
    assert "Le titre a pris fin le 18/11/2026." in said(shown)
    assert "Source\u00a0: Code rural R254-8 à R254-14" in said(shown)
    shown.stock.setFocus()
    assert "Péremption\u00a0: 01/01/2020" in said(shown)
    shown.stock.selectRow(2)
    assert "Substance de base, permise partout par la loi." in said(shown)
    assert shown.why.area in shown.panes()
    shown.why.area.setFocus()
    qtbot.keyClick(shown.why.area, Qt.Key.Key_Escape)
    assert not shown.why.isVisible()
    assert shown.stock.hasFocus()


def test_what_is_written_elsewhere_is_read_again(qtbot, session, filled, shown) -> None:
    add_certificate(session, "Arrivée", date(2026, 12, 1))
    qtbot.waitUntil(lambda: "Arrivée" in column(shown.certificates, AGENT))
    shown.certificates.selectRow(2)
    session.delete(session.store.catalogue[CREDENTIAL], [_record(session, filled["lemaire"])])
    qtbot.waitUntil(lambda: "Lemaire" not in column(shown.certificates, AGENT))
    assert shown.certificates.currentIndex().row() == 1


def _record(session, record_id: str):
    with session.store.reading() as read:
        return read.get(CREDENTIAL, record_id)


def test_another_department_has_its_own(qtbot, session, shown) -> None:
    session.look_at("41")
    qtbot.waitUntil(lambda: not shown.certificates.certificates.ids)
    qtbot.waitUntil(lambda: not shown.stock.lines.ids)
    qtbot.waitUntil(shown._no_stock.isVisible)


def test_an_empty_page_offers_the_first_act_and_an_import(qtbot, page) -> None:
    page.show()
    qtbot.waitUntil(page._no_certificates.isVisible)
    qtbot.waitUntil(page._no_stock.isVisible)
    for buttons, register in (
        (page._first_certificates, CREDENTIAL),
        (page._first_stock, STOCK),
    ):
        first, files = buttons
        with qtbot.waitSignal(page.new_asked) as asked:
            qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
        assert asked.args == [register]
        with qtbot.waitSignal(page.import_asked) as asked:
            qtbot.mouseClick(files, Qt.MouseButton.LeftButton)
        assert asked.args == [register]


def test_without_a_catalogue_the_page_says_so_and_offers_one(qtbot, shown) -> None:
    assert shown.catalogue.label.accessibleName() == "Aucun catalogue E-Phy sur cet ordinateur"
    with qtbot.waitSignal(shown.import_asked) as asked:
        shown.catalogue.update_asked.emit()
    assert asked.args == [EPHY]


@pytest.mark.parametrize("width", [700, 900, 1200])
def test_nothing_scrolls_sideways(qtbot, shown, width) -> None:
    shown.resize(width, 700)
    for table in (shown.certificates, shown.stock):
        qtbot.waitUntil(lambda table=table: table.horizontalHeader().length() <= table.width())
    assert not shown.certificates.isColumnHidden(ADVICE)


def test_the_bar_marks_today_and_the_months_to_ask() -> None:
    bar = Validity(
        "",
        start=date(2022, 1, 1),
        end=date(2027, 1, 1),
        today=date(2024, 7, 2),
        asked_from=date(2026, 4, 1),
        asked_until=date(2026, 10, 1),
        colours="good",
    )
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    paint_validity(painter, image.rect(), bar)
    painter.end()
    green, dark = theme.current().states["good"].text, theme.current()["text"]
    assert image.pixelColor(40, 20).name().upper() == green.upper()
    assert image.pixelColor(100, 20).name().upper() == dark.upper()
    assert image.pixelColor(150, 20).name().upper() == theme.current()["surface_pressed"].upper()
    white = image.pixelColor(0, 39)
    foot = [x for x in range(200) if any(image.pixelColor(x, y) != white for y in (29, 30))]
    assert 165 <= min(foot) <= 172
    assert 187 <= max(foot) <= 193
