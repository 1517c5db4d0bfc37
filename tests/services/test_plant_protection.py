"""The store room judged by the catalogue that is held here, and by who may apply."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from prevention_app.catalogue.vocabulary import StockState
from prevention_app.services import reference_sets
from prevention_app.services.plant_protection import StockJudge, catalogue_held, stock_ids
from prevention_app.storage.query import Condition, Op, Query

TODAY = date(2026, 11, 24)
HEADINGS = (
    "type produit;numero AMM;nom produit;mentions autorisees;gamme usage;Etat d’autorisation;"
    "Date de retrait du produit;"
)


@pytest.fixture
def catalogue(store, tmp_path: Path) -> None:
    file = tmp_path / "produits_20261117_utf8.csv"
    rows = (
        "PPP;2110056;FINALSAN;Liste biocontrôle;Professionnel;AUTORISE;;",
        "PPP;9800201;PAVANETT EV;;Professionnel;RETIRE;17/12/2021;",
    )
    file.write_text("\r\n".join([HEADINGS, *rows, ""]), encoding="utf-8")
    reference_sets.import_ephy(store, (file,))


@pytest.fixture
def room(store) -> dict[str, str]:
    with store.change("Un local") as work:
        site = work.new("site", name="Parc de la Source")
        room = work.new("store_room", name="Local phyto", site=site.id)
    return {"site": site.id, "room": room.id}


def put(store, room, name: str, **given) -> str:
    with store.change("Un produit") as work:
        return work.new("stock_line", store_room=room["room"], name_as_written=name, **given).id


def judged(store, owners=()):
    with store.reading() as read:
        judge = StockJudge(read, TODAY, owners)
        return judge.judge(read, stock_ids(read, owners))


def give_certificate(store, site: str, expires: date) -> None:
    with store.reading() as read:
        wanted = Query("credential_type", (Condition("type_code", Op.IS, "CERTIPHYTO-OPE"),))
        kind = read.records(wanted)[0]
    with store.change("Un certificat") as work:
        person = work.new("person", last_name="Haddad", first_name="Karim", site=site)
        work.new("credential", person=person.id, credential_type=kind.id, expires=expires)


def test_before_any_edition_the_catalogue_is_missing_and_old(store) -> None:
    with store.reading() as read:
        held = catalogue_held(read, TODAY)
    assert (held.edition, held.products, held.old) == (None, 0, True)


@pytest.mark.usefixtures("catalogue")
def test_an_edition_of_more_than_thirty_days_is_old(store) -> None:
    with store.reading() as read:
        assert not catalogue_held(read, date(2026, 12, 17)).old
        assert catalogue_held(read, date(2026, 12, 18)).old
        assert catalogue_held(read, TODAY).products == 2


@pytest.mark.usefixtures("catalogue")
def test_lines_are_judged_where_they_lie(store, room) -> None:
    put(store, room, "Finalsan", product="2110056", stock_class="low_concern")
    put(store, room, "Pavanett EV", product="9800201", stock_class="plant_protection")
    give_certificate(store, room["site"], date(2028, 1, 1))
    usable, gone = judged(store)
    assert (usable.site, usable.room) == ("Parc de la Source", "Local phyto")
    assert usable.decision.label == "Utilisable"
    assert usable.decision.then == "Opérateur valide sur ce site : Haddad Karim"
    assert gone.decision.label == "À vérifier"
    assert "17/12/2021" in gone.decision.why


@pytest.mark.usefixtures("catalogue")
def test_an_expired_certificate_lets_nobody_apply(store, room) -> None:
    put(store, room, "Finalsan", product="2110056", stock_class="low_concern")
    give_certificate(store, room["site"], date(2026, 11, 23))
    assert [each.decision.label for each in judged(store)] == ["Opérateur"]


def test_what_has_left_the_room_is_not_listed(store, room) -> None:
    put(store, room, "Collecté", state=StockState.COLLECTED)
    put(store, room, "Mis à part", state=StockState.SET_ASIDE)
    assert [each.line.name_as_written for each in judged(store)] == ["Mis à part"]
    assert judged(store, ("41",)) == []
