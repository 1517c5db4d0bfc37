"""What this station keeps beside the journal and can always tell again from it."""

from __future__ import annotations

from prevention_app.storage import journal, station_keys
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
    learn_codes(connection)


def _codes_known(connection: Connection) -> set[tuple[str, str]]:
    rows = connection.exec_driver_sql("SELECT code, station FROM station_code")
    return {(str(code), str(station)) for code, station in rows}


def _codes_told(connection: Connection) -> list[tuple[str, str]]:
    """(code, station) as the records of stations tell, each station's present one as its last."""
    rows = connection.exec_driver_sql(
        "SELECT _id, _owner, station_id, station_code, earlier_codes FROM r_station "
        "WHERE station_id IS NOT NULL ORDER BY _id"
    )
    records = [
        (str(station), str(earlier or "").split(), code)
        for record, owner, station, code, earlier in rows
        if station_keys.may_speak(str(record), str(owner), str(station))
    ]
    earlier = [(each, station) for station, codes, _ in records for each in codes]
    return earlier + [(str(code), station) for station, _, code in records if code]


def codes_are_wrong(connection: Connection) -> bool:
    """Whether a known code belongs to no station record, or a station's code is not known.

    A station has its code before its record is written: its own code is never unfounded.
    """
    told, known = set(_codes_told(connection)), _codes_known(connection)
    own = journal.get_meta(connection, "station")
    return not told <= known or any(each[1] != own for each in known - told)


def learn_codes(connection: Connection) -> None:
    """Know the codes of stations as their records tell them now."""
    told, own = _codes_told(connection), journal.get_meta(connection, "station")
    for code, station in _codes_known(connection) - set(told):
        if station != own:
            connection.exec_driver_sql(
                "DELETE FROM station_code WHERE code = ? AND station = ?", (code, station)
            )
    for code, station in told:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO station_code "
            "VALUES (?, ?, (SELECT coalesce(max(since), -1) + 1 FROM station_code))",
            (code, station),
        )
