"""Campaigns of the document unique: started, followed unit by unit, closed (P1).

Legal source: code du travail R4121-2: a yearly update, and one whenever something new is learnt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, cast

from prevention_app.catalogue.campaign import Campaign, CampaignUnit, UnitState
from prevention_app.catalogue.description import Value
from prevention_app.catalogue.organisation import WorkUnit
from prevention_app.errors import NotFound, Refused
from prevention_app.i18n import count
from prevention_app.services import records
from prevention_app.storage.query import Condition, Op, Query, Reader
from prevention_app.storage.store import Store
from prevention_app.storage.work import Changes, Work

START, EXTEND, SET_STATE, CLOSE = (
    "Commencer une campagne",
    "Ajouter des unités à la campagne",
    "Changer l’état d’unités de la campagne",
    "Clore la campagne",
)
"""Names of the changes made here, as undo and history call them."""
ANSWER_DAYS: Final = 30
"""What a sheet is given to come back (house rule)."""
_DATE_OF: Final[Mapping[UnitState, str]] = {
    UnitState.ON_SITE: "visited_on",
    UnitState.RATED: "rated_on",
    UnitState.VALIDATED: "validated_on",
}
"""State of a unit → the date that it is reached on."""


def campaigns(read: Reader, owners: tuple[str, ...] = ()) -> list[Campaign]:
    """The campaigns of some departments (of all when empty), the newest first."""
    found = read.records(Query("update_campaign", owners=owners))
    return [cast("Campaign", each) for each in found]


def current(read: Reader, owner: str) -> Campaign | None:
    """The campaign of a department that is under way; None where none is."""
    return next((each for each in campaigns(read, (owner,)) if each.closed_on is None), None)


def find(read: Reader, owner: str, named: str = "") -> Campaign:
    """The campaign that a person names by reference, name or year; without one, the current.

    Raises NotFound with what is there.
    """
    known = campaigns(read, (owner,))
    wanted = [each for each in known if named in (each.reference, each.name, str(each.year))]
    if named and wanted:
        return wanted[0]
    found = None if named else current(read, owner)
    if found is None:
        there = ", ".join(f"{each.reference} ({each.name})" for each in known) or "aucune"
        what = f"Aucune campagne « {named} »" if named else "Aucune campagne en cours"
        raise NotFound(f"{what} dans le département {owner}. Campagnes : {there}.")
    return found


def open_units(read: Reader, owner: str, today: date) -> list[WorkUnit]:
    """The work units of a department that exist on a day."""
    found = [cast("WorkUnit", each) for each in read.records(Query("work_unit", owners=(owner,)))]
    return [
        each
        for each in found
        if (each.valid_until is None or each.valid_until >= today)
        and (each.valid_from is None or each.valid_from <= today)
    ]


def start(
    store: Store,
    owner: str,
    units: Sequence[str] = (),
    *,
    name: str = "",
    year: int = 0,
    answers_until: date | None = None,
) -> Changes:
    """Start a campaign for all work units of a department, or for those named, in one act.

    Raises Refused where one is under way already, or where there is no unit.
    """
    today = store.today()
    with store.reading() as read:
        under_way = current(read, owner)
        if under_way is not None:
            raise Refused(
                f"La campagne « {under_way.name} » est en cours : ajoutez-y des unités, "
                "ou closez-la d’abord."
            )
        chosen = units_named(read, owner, units, today)
    with store.change(START) as work:
        begin(work, owner, chosen, today, name=name, year=year, answers_until=answers_until)
    return records.written(work)


def begin(
    work: Work,
    owner: str,
    units: Sequence[WorkUnit],
    today: date,
    *,
    name: str = "",
    year: int = 0,
    answers_until: date | None = None,
) -> Campaign:
    """The same inside an open change: who sends sheets without a campaign starts one."""
    year = year or today.year
    made = work.new(
        "update_campaign",
        owner=owner,
        name=name.strip() or f"Campagne {year}",
        year=year,
        started_on=today,
        answers_until=answers_until or today + timedelta(days=ANSWER_DAYS),
    )
    for each in units:
        work.new("campaign_unit", owner=owner, campaign=made.id, work_unit=each.id)
    return cast("Campaign", made)


def extend(store: Store, campaign: Campaign, units: Sequence[str]) -> Changes:
    """Add work units to a campaign; raises Refused where all of them are in it already."""
    with store.reading() as read:
        held = {each.work_unit for each in members(read, campaign.id)}
        chosen = units_named(read, campaign.owner, units, store.today())
    with store.change(EXTEND) as work:
        for each in chosen:
            if each.id not in held:
                work.new(
                    "campaign_unit", owner=campaign.owner, campaign=campaign.id, work_unit=each.id
                )
    return records.written(work)


def units_named(read: Reader, owner: str, named: Sequence[str], today: date) -> list[WorkUnit]:
    """Work units by reference, id or name; all open ones of the department where none is named.

    Raises NotFound or Unreadable for what is no unit, Refused for one of another department.
    """
    if not named:
        found = open_units(read, owner, today)
        if not found:
            raise Refused(f"Le département {owner} n’a aucune unité de travail.")
        return found
    target = read.catalogue["campaign_unit"].by_key["work_unit"]
    ids = dict.fromkeys(records.resolve(read, target, each) for each in named)
    units = [cast("WorkUnit", read.get("work_unit", each)) for each in ids]
    foreign = [each.name for each in units if each.owner != owner]
    if foreign:
        raise Refused(f"« {foreign[0]} » n’est pas une unité du département {owner}.")
    return units


def members(read: Reader, campaign: str) -> list[CampaignUnit]:
    """The units of a campaign."""
    where = (Condition("campaign", Op.IS, campaign),)
    found = read.records(Query("campaign_unit", where=where, order=("reference",)))
    return [cast("CampaignUnit", each) for each in found]


def set_state(
    store: Store,
    ids: Sequence[str],
    state: UnitState,
    *,
    on: date | None = None,
    participants: str | None = None,
) -> Changes:
    """Say how far units of a campaign are, several at once, with the day and who took part.

    A unit that goes back loses the dates of what it has no longer reached.
    """
    with store.reading() as read:
        found = [
            cast("CampaignUnit", each)
            for each in read.records(Query("campaign_unit", ids=tuple(ids), order=("reference",)))
        ]
    if not found:
        raise NotFound("Aucune de ces unités n’est dans une campagne.")
    with store.change(SET_STATE) as work:
        for each in found:
            values = _state_values(each, state, on or store.today())
            if participants is not None:
                values["participants"] = participants.strip() or None
            work.write_over("campaign_unit", each, values)
    return records.written(work)


def _state_values(unit: CampaignUnit, state: UnitState, on: date) -> dict[str, Value]:
    states = list(UnitState)
    values: dict[str, Value] = {"state": state}
    for reached, key in _DATE_OF.items():
        if states.index(reached) > states.index(state):
            values[key] = None
        elif reached is state and getattr(unit, key) is None:
            values[key] = on
    return values


def close(store: Store, campaign: Campaign) -> Changes:
    """Close a campaign; what did not come back by then may still be read."""
    if campaign.closed_on is not None:
        raise Refused(f"« {campaign.name} » est déjà close.")
    with store.change(CLOSE) as work:
        work.amend("update_campaign", campaign, closed_on=store.today())
    return records.written(work)


def progress_words(units: Sequence[CampaignUnit]) -> str:
    """« 12 unités : 3 à faire, 4 sur place, 2 cotées, 3 validées »."""
    parts = [
        f"{number} {_state_words(each, number)}"
        for each in UnitState
        if (number := sum(unit.state == each for unit in units))
    ]
    return f"{count(len(units), 'unité')} : {', '.join(parts)}" if units else "Aucune unité"


def _state_words(state: UnitState, number: int) -> str:
    agreed = number > 1 and state in (UnitState.RATED, UnitState.VALIDATED)
    return state.label_fr.lower() + ("s" if agreed else "")
