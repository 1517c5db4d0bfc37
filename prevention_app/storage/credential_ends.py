"""Which credentials of some kinds end when: ordered, filtered and counted inside the database.

What `domain/certificates.py` says of one credential is said here of all of them at once, in SQL, so
that a hundred thousand are listed without a loop in Python; a test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from prevention_app.domain.certificates import CertificateState
from prevention_app.storage.query import Reader


@dataclass(frozen=True, slots=True)
class KindRule:
    """What is needed of a credential type; several ids may stand for one type."""

    id: str
    stands_for: str
    months: int | None
    """How long it holds; None where it has no end."""
    ask_until: date
    """A credential that ends on or before this day is to be asked for today."""


@dataclass(frozen=True, slots=True)
class EndsWanted:
    """Which credentials are wanted; an empty tuple asks for nothing, None of `until` neither."""

    owners: tuple[str, ...] = ()
    states: tuple[CertificateState, ...] = ()
    sites: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    until: date | None = None
    """Only those whose last day is on or before this one."""
    order: str = "end"
    """« end », « person » or « kind »; « -end » for descending."""


@dataclass(frozen=True, slots=True)
class CredentialEnds:
    """The credentials found, in order, and what they amount to."""

    ids: tuple[str, ...]
    people: int
    states: Mapping[CertificateState, int]


def credential_ends(
    read: Reader, kinds: Sequence[KindRule], wanted: EndsWanted, today: date
) -> CredentialEnds:
    """The credentials of people who are there; of several of one kind, the one that ends last."""
    counts = ", ".join(
        f"count(*) FILTER (WHERE standing = '{each.value}')" for each in CertificateState
    )
    # One text of ids, not a row for each: the database works while Python does something else.
    statement = (
        f"{_STANDING} SELECT group_concat(id, ',' ORDER BY {_order(wanted.order)}), "
        f"count(DISTINCT person), {counts} FROM latest WHERE {_conditions(wanted)}"
    )
    found = read.connection.execute(sa.text(statement), _values(kinds, wanted, today)).one()
    return CredentialEnds(
        tuple(str(found[0]).split(",")) if found[0] else (),
        int(found[1]),
        {each: int(found[at]) for at, each in enumerate(CertificateState, 2)},
    )


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds a valid credential at a place: how many people, and one of them."""

    people: int
    one: str
    """Id of a person."""


def valid_holders(
    read: Reader, kinds: Sequence[KindRule], owners: tuple[str, ...], today: date
) -> dict[tuple[str, str], Holders]:
    """(owner, site) → people with a credential that holds today; "" for those without a site."""
    valid = (CertificateState.VALID, CertificateState.TO_ASK)
    wanted = EndsWanted(owners, valid)
    statement = (
        f"{_STANDING} SELECT owner, coalesce(site, ''), count(DISTINCT person), min(person) "
        f"FROM latest WHERE {_conditions(wanted)} GROUP BY 1, 2"
    )
    rows = read.connection.execute(sa.text(statement), _values(kinds, wanted, today))
    return {(str(row[0]), str(row[1])): Holders(int(row[2]), str(row[3])) for row in rows}


def _values(kinds: Sequence[KindRule], wanted: EndsWanted, today: date) -> dict[str, Any]:
    ranks = {each: at for at, each in enumerate(dict.fromkeys(each.stands_for for each in kinds))}
    rules = [
        [each.id, ranks[each.stands_for], each.months, each.ask_until.isoformat()] for each in kinds
    ]
    return {
        "kinds": json.dumps(rules),
        "today": today.isoformat(),
        "owners": _list(wanted.owners),
        "states": _list(wanted.states),
        "sites": _list(wanted.sites),
        "units": _list(wanted.units),
        "until": wanted.until.isoformat() if wanted.until else "",
    }


def _list(values: Iterable[str]) -> str:
    return json.dumps([str(each) for each in values])


def _conditions(wanted: EndsWanted) -> str:
    asked = [
        f"{name} IN (SELECT value FROM json_each(:{values}))"
        for name, values, given in (
            ("owner", "owners", wanted.owners),
            ("standing", "states", wanted.states),
            ("site", "sites", wanted.sites),
            ("unit", "units", wanted.units),
        )
        if given
    ]
    if wanted.until:
        asked.append("last_day <= :until")
    return " AND ".join(asked) or "TRUE"


def _order(wanted: str) -> str:
    side = " DESC" if wanted.startswith("-") else ""
    ways = {
        "end": f"last_day IS NULL, last_day{side}",
        "person": f"(SELECT fold(last_name || ' ' || coalesce(first_name, '')) FROM r_person "
        f"WHERE _id = person){side}",
        "kind": f"rank{side}, last_day IS NULL, last_day",
    }
    return f"{ways[wanted.removeprefix('-')]}, id"


_STANDING = """
WITH kind AS (
    SELECT value ->> 0 AS id, value ->> 1 AS rank, nullif(value ->> 2, 0) AS months,
           value ->> 3 AS ask_until
    FROM json_each(:kinds)
),
held AS (
    SELECT credential._id AS id, credential._owner AS owner, credential.state,
           credential.obtained, credential.category, kind.rank, kind.months, kind.ask_until,
           coalesce(other._id, person._id) AS person,
           iif(other._id IS NULL, person.site, other.site) AS site,
           iif(other._id IS NULL, person.org_unit, other.org_unit) AS unit,
           nullif(max(
               coalesce(
                   credential.expires,
                   date(credential.obtained, '+' || kind.months || ' months', 'floor'),
                   ''
               ),
               coalesce(credential.extended_until, '')
           ), '') AS last_day
    FROM kind
    JOIN r_credential AS credential ON credential.credential_type = kind.id
    JOIN r_person AS person ON person._id = credential.person
    LEFT JOIN r_person AS other ON other._id = person.same_as
    WHERE credential._deleted = 0 AND credential.same_as IS NULL
      AND iif(other._id IS NULL, person._deleted, other._deleted) = 0
      AND coalesce(iif(other._id IS NULL, person.left_on, other.left_on), :today) >= :today
),
judged AS (
    SELECT id, owner, person, site, unit, rank, coalesce(category, '') AS category, last_day, CASE
        WHEN state = 'not_applicable' THEN 'not_applicable'
        WHEN last_day < :today THEN 'expired'
        WHEN last_day <= ask_until THEN 'to_ask'
        WHEN last_day IS NOT NULL THEN 'valid'
        WHEN state = 'planned' THEN 'to_obtain'
        WHEN months IS NULL AND obtained IS NOT NULL THEN 'valid'
        ELSE 'unknown'
    END AS standing
    FROM held
),
latest AS (
    -- Beside max() the other columns are those of the row that holds the greatest value.
    SELECT *, max(coalesce(last_day, '') || id) FROM judged GROUP BY person, rank, category
)
"""
