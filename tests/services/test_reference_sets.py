"""Editions of the national catalogue: brought in, compared, made again from the kept file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from prevention_app import paths
from prevention_app.catalogue.values import Unreadable
from prevention_app.errors import Refused
from prevention_app.services import records, reference_sets, safety
from prevention_app.services.binding.matcher import Outcome
from prevention_app.storage.query import Condition, Op, Query
from prevention_app.storage.search import Within
from prevention_app.storage.store import Store

SNAPSHOT = paths.resource("reference") / "ephy" / "ephy.zip"
HEADINGS = "type produit;numero AMM;nom produit;Etat d’autorisation;Date de retrait du produit;"


def published(folder: Path, name: str, *lines: str) -> Path:
    file = folder / name
    file.write_text("\r\n".join([HEADINGS, *lines, ""]), encoding="utf-8")
    return file


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return published(
        tmp_path,
        "produits_20250923_utf8.csv",
        "PPP;100;ALPHA;AUTORISE;;",
        "PPP;200;BETA;AUTORISE;;",
        "PPP;300;GAMMA;AUTORISE;;",
    )


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return published(
        tmp_path,
        "produits_20260201_utf8.csv",
        "PPP;100;ALPHA;AUTORISE;;",
        "PPP;200;BETA;RETIRE;31/12/2025;",
        "PPP;400;DELTA;AUTORISE;;",
    )


def products(store: Store) -> dict[str, str]:
    with store.reading() as read:
        return {each.amm: each.state for each in read.records(Query("plant_protection_product"))}


def test_an_edition_replaces_the_one_before_and_says_what_changed(
    store: Store, first: Path, second: Path
) -> None:
    reference_sets.import_ephy(store, (first,))
    plan = reference_sets.import_ephy(store, (second,))
    assert plan.editions == {"produits": {"rows": 3, "new": 1, "gone": 1, "withdrawn": 1}}
    assert products(store) == {"100": "authorised", "200": "withdrawn", "400": "authorised"}
    assert [plan.count(outcome) for outcome in Outcome] == [1, 1, 1, 0]


def test_a_product_that_is_gone_stays_readable_for_what_names_it(
    store: Store, first: Path, second: Path
) -> None:
    reference_sets.import_ephy(store, (first,))
    reference_sets.import_ephy(store, (second,))
    with store.reading() as read:
        assert read.titles("plant_protection_product", ["300"]) == {"300": "GAMMA · 300"}
        assert read.search([["gamma"]], Within(limit=9)) == []
        (found,) = read.search([["delta"]], Within(limit=9))
    assert (found.register, found.record) == ("plant_protection_product", "400")


def test_the_edition_is_a_record_and_the_rows_come_back_from_its_file(
    store: Store, first: Path
) -> None:
    reference_sets.import_ephy(store, (first,))
    with store.reading() as read:
        [edition] = read.records(Query("reference_edition"))
    assert str(edition.edition_date) == "2025-09-23"
    before = products(store)
    with store.connecting() as connection:
        connection.exec_driver_sql("DELETE FROM r_plant_protection_product")
    assert products(store) == {}
    assert reference_sets.reload(store) == 1
    assert products(store) == before


def test_the_same_edition_again_changes_nothing(store: Store, first: Path) -> None:
    reference_sets.import_ephy(store, (first,))
    plan = reference_sets.import_ephy(store, (first,))
    assert plan.editions == {"produits": {"rows": 3, "new": 0, "gone": 0, "withdrawn": 0}}
    assert [plan.count(outcome) for outcome in Outcome] == [0, 0, 3, 0]
    assert plan.done is None
    with store.reading() as read:
        assert read.count(Query("reference_edition")) == 1
        assert read.count(Query("attachment")) == 1


def test_an_earlier_edition_comes_back_when_another_was_put_in_its_place(
    store: Store, first: Path, second: Path
) -> None:
    reference_sets.import_ephy(store, (first,))
    before = products(store)
    reference_sets.import_ephy(store, (second,))
    reference_sets.import_ephy(store, (first,))
    assert products(store) == before


def test_making_the_tables_again_makes_those_of_the_catalogue_too(
    store: Store, first: Path, second: Path
) -> None:
    reference_sets.import_ephy(store, (first,))
    reference_sets.import_ephy(store, (second,))
    before = products(store)
    with store.connecting() as connection:
        connection.exec_driver_sql("DELETE FROM r_plant_protection_product")
    assert safety.rebuild(store) >= 2
    assert products(store) == before
    assert reference_sets.import_ephy(store, (second,)).done is None


def test_a_product_is_named_by_a_number_of_the_catalogue(
    store: Store, first: Path, second: Path
) -> None:
    number = store.catalogue["stock_line"].by_key["product"]
    with store.reading() as read:
        assert records.resolve(read, number, "999") == "999"
    reference_sets.import_ephy(store, (first,))
    reference_sets.import_ephy(store, (second,))
    with store.reading() as read:
        assert records.resolve(read, number, "400") == "400"
        assert records.resolve(read, number, "300") == "300"
        with pytest.raises(Unreadable, match="n’est pas dans le catalogue"):
            records.resolve(read, number, "999")


def test_a_trial_changes_nothing(store: Store, first: Path) -> None:
    plan = reference_sets.import_ephy(store, (first,), dry_run=True)
    assert plan.editions["produits"]["new"] == 3
    assert products(store) == {}


def test_putting_a_catalogue_in_service_is_not_undone(store: Store, first: Path) -> None:
    reference_sets.import_ephy(store, (first,))
    with pytest.raises(Refused, match="ne s’annule pas"):
        store.undo()


@pytest.mark.untraced
def test_the_shipped_state_lands_whole(store: Store) -> None:
    plan = reference_sets.import_ephy(store, (SNAPSHOT,))
    assert plan.editions["produits"]["rows"] == 15_052
    assert plan.count(Outcome.REFUSED) == 0
    with store.reading() as read:
        found = read.records(
            Query("plant_protection_product", where=(Condition("state", Op.IS, "withdrawn"),)),
            limit=5,
        )
    assert len(found) == 5


def test_an_archive_of_something_else_is_refused(store: Store, tmp_path: Path) -> None:
    wrong = tmp_path / "photos.zip"
    with zipfile.ZipFile(wrong, "w") as archive:
        archive.writestr("a.csv", "x;y\n1;2\n")
    with pytest.raises(Exception, match="photos"):
        reference_sets.import_ephy(store, (wrong,))
