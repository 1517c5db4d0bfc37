"""Rights that were taken back: since when, and who can say more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from prevention_app.domain.rights import Rights
from prevention_app.storage import journal
from prevention_app.storage.engine import Connection
from prevention_app.storage.query import Reader

_NAMED: Final = 3
"""So many administrators are named at the most."""


def days(connection: Connection, rights: Rights) -> dict[tuple[str, str], date]:
    """(department, station) → the day on which the rights that count no more were taken back."""
    rows = connection.exec_driver_sql(
        "SELECT r._owner, r.station_id, r.after, min(h.clock) FROM r_revocation r "
        "JOIN leaf l ON l.record = r._id JOIN head h USING (station, number) "
        "WHERE l.register = 'REVO' AND r._deleted = 0 GROUP BY r._id ORDER BY 4 DESC"
    )
    return {
        (str(owner), str(station)): datetime.fromtimestamp(journal.clock_time(clock)).date()  # noqa: DTZ006  (on the wall)
        for owner, station, after, clock in rows
        if rights.limits.get((str(owner), str(station))) == int(after)
    }


def why_no_role(read: Reader, rights: Rights, station: str, department: str) -> str:
    """Why a station may write nothing in a department, as a French sentence, and whom to ask."""
    if (department, station) not in rights.limits:
        return f"Cet ordinateur n’a pas de rôle dans le département {department}."
    day = days(read.connection, rights).get((department, station))
    since = f" le {day:%d/%m/%Y}" if day else ""
    return (
        f"Les droits de cet ordinateur dans le département {department} ont été retirés{since} : "
        f"il n’y écrit plus. {_whom_to_ask(read, rights, station, department)}"
    )


def _whom_to_ask(read: Reader, rights: Rights, station: str, department: str) -> str:
    authors: Mapping[str, str] = {
        str(holder): str(author)
        for holder, author in read.connection.exec_driver_sql(
            "SELECT h.station, h.author FROM chain c "
            "JOIN head h ON h.station = c.station AND h.number = c.last"
        )
    }
    standing = [
        authors[holder]
        for owner, holder in rights.grants
        if owner == department
        and holder in authors
        and holder != station
        and (owner, holder) not in rights.limits
        and rights.is_administrator(owner, holder)
    ]
    names = sorted({each for each in read.titles("user", standing).values() if each})
    asked = f" ({', '.join(names[:_NAMED])})" if names else ""
    return f"Adressez-vous à un administrateur du département{asked}."
