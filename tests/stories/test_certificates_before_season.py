"""« Which certificates run out before the season in Loiret? »"""

from __future__ import annotations

from datetime import date, timedelta

from prevention_app.domain.certificates import season_start
from prevention_app.storage.query import Query
from prevention_app.storage.store import Store
from tests.stories.desk import Desk

SEASON = season_start(date.today())  # noqa: DTZ011  (as the program sees the wall clock)
HOLDERS = (
    ("45", "ANCEAU", SEASON - timedelta(days=1)),
    ("45", "BRUNEL", SEASON - timedelta(days=40)),
    ("45", "CASTEL", SEASON),
    ("45", "DUMONT", SEASON + timedelta(days=900)),
    ("41", "EVRARD", SEASON - timedelta(days=12)),
    ("28", "FABRE", SEASON - timedelta(days=3)),
)
"""Department, name, day on which the certificate ends."""


def people_hold_certificates(store: Store) -> None:
    with store.reading() as read:
        types = read.records(Query("credential_type"))
    certiphyto = next(each.id for each in types if "certiphyto" in each.name.casefold())
    with store.change("Ajouter des certificats") as work:
        for department, name, end in HOLDERS:
            person = work.new("person", owner=department, last_name=name, first_name="Jo")
            work.new(
                "credential",
                owner=department,
                person=person.id,
                credential_type=certiphyto,
                obtained=end - timedelta(days=1800),
                expires=end,
            )


def ask_which_end_before_the_season(desk: Desk) -> None:
    desk.go_to("Certiphyto et produits")
    desk.press_button("Fin avant")
    desk.choose("La saison")


def names_listed(desk: Desk) -> list[str]:
    return [row[0].split()[0] for row in desk.shown_in(desk.page.certificates)]


def test_what_ends_before_the_season_in_loiret_is_three_clicks_away(sit_down, yesterday) -> None:
    people_hold_certificates(yesterday)
    desk = sit_down()
    ask_which_end_before_the_season(desk)
    desk.wait(lambda: len(names_listed(desk)) == 2)
    assert (desk.clicks, desk.keys) == (3, 0)
    assert names_listed(desk) == ["BRUNEL", "ANCEAU"]
    assert desk.sees_button("Fin avant : la saison")
