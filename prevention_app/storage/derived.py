"""What this station keeps beside the journal and can always tell again from it."""

from __future__ import annotations

from prevention_app.storage import journal
from prevention_app.storage.engine import Connection


def counters_given(connection: Connection) -> dict[tuple[str, str], int]:
    """(owner, register code) → the last number that this station gave, as its leaves tell."""
    rows = connection.exec_driver_sql(
        "SELECT owner, register, max(json_extract(CAST(body AS TEXT), '$.c')) FROM leaf "
        "WHERE station = ? AND kind = 'p' AND body IS NOT NULL "
        "AND json_valid(CAST(body AS TEXT)) GROUP BY owner, register",
        (journal.get_meta(connection, "station"),),
    )
    return {
        (str(owner), str(register)): int(last)
        for owner, register, last in rows
        if isinstance(last, int)
    }


def tell_again(connection: Connection) -> None:
    """Count references and know the stations' codes as the journal and its records say."""
    connection.exec_driver_sql("DELETE FROM counter")
    given = counters_given(connection)
    if given:
        connection.exec_driver_sql(
            "INSERT INTO counter VALUES (?, ?, ?)", [(*key, last) for key, last in given.items()]
        )
    connection.exec_driver_sql(
        f"DELETE FROM station_code WHERE {_UNFOUNDED}", (journal.get_meta(connection, "station"),)
    )
    learn_codes(connection)


_CODES = (
    "SELECT station_code AS code, station_id AS station, _id, 1 AS now FROM r_station "
    "WHERE station_id IS NOT NULL AND station_code IS NOT NULL "
    "UNION ALL SELECT code.value, station_id, _id, 0 FROM r_station, "
    "json_each('[' || replace(json_quote(earlier_codes), ' ', '\",\"') || ']') AS code "
    "WHERE station_id IS NOT NULL AND earlier_codes IS NOT NULL"
)
"""The codes that records of stations tell, the earlier ones too."""
_UNFOUNDED = f"station <> ? AND (code, station) NOT IN (SELECT code, station FROM ({_CODES}))"
"""A station has its code before its record is written: its own code is never unfounded."""


def codes_are_wrong(connection: Connection) -> bool:
    """Whether a known code belongs to no station record, or a station's code is not known."""
    unfounded = connection.exec_driver_sql(
        f"SELECT EXISTS (SELECT 1 FROM station_code WHERE {_UNFOUNDED})",
        (journal.get_meta(connection, "station"),),
    ).scalar()
    unknown = connection.exec_driver_sql(
        f"SELECT EXISTS (SELECT 1 FROM ({_CODES}) WHERE (code, station) NOT IN "
        "(SELECT code, station FROM station_code))"
    ).scalar()
    return bool(unfounded or unknown)


def learn_codes(connection: Connection) -> None:
    """Know the codes of stations whose records are here, each station's present one as its last."""
    rows = connection.exec_driver_sql(f"SELECT code, station FROM ({_CODES}) ORDER BY _id, now")
    for code, station in list(rows):
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO station_code "
            "VALUES (?, ?, (SELECT coalesce(max(since), -1) + 1 FROM station_code))",
            (code, station),
        )
