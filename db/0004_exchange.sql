-- What stations that exchange their work need beside the journal. All of it is of this station alone.

-- Leaves that their writer had no right to write: kept, shown, never applied. Derived from the
-- rights entries, and from nothing else.
CREATE TABLE aside (
    station TEXT NOT NULL,
    number INTEGER NOT NULL,
    position INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (station, number, position)
) WITHOUT ROWID;
-- The acts by which rights are given and taken are few, and read together.
CREATE INDEX leaf_act ON leaf (register)
    WHERE register IN ('RACI', 'DROI', 'REVO', 'LEVE', 'ADMI', 'REGL', 'SORT');

-- What each other station said that it holds, in the last package or at the hub: its vector and
-- its absent leaves. Nothing counts as sent before it is in there.
CREATE TABLE peer (
    station TEXT PRIMARY KEY, vector TEXT NOT NULL, absent TEXT NOT NULL, told TEXT NOT NULL
) WITHOUT ROWID;

-- What came, looked through like a mail inbox.
CREATE TABLE arrival (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, source TEXT NOT NULL, station TEXT NOT NULL,
    summary TEXT NOT NULL, seen INTEGER NOT NULL
);

-- Two histories under one identity, and what else must be looked at by a person.
CREATE TABLE alarm (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, station TEXT NOT NULL,
    text TEXT NOT NULL, seen INTEGER NOT NULL
);

-- Two stations may have drawn the same code before they knew each other: the one that was admitted
-- later goes on with another, and its references of before are still found by the earlier one.
CREATE TABLE station_code_of (
    code TEXT NOT NULL, station TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (code, station)
) WITHOUT ROWID;
INSERT INTO station_code_of SELECT code, station, since FROM station_code;
DROP TABLE station_code;
ALTER TABLE station_code_of RENAME TO station_code;
