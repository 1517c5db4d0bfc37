-- The journal and what belongs to it. The tables of the registers are not here: they follow from
-- the declarations and can always be made again from the journal (storage/tables.py).

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- One row per chain; `last` and `hash` are the end of its contiguous prefix held here.
CREATE TABLE chain (
    station TEXT PRIMARY KEY,
    last INTEGER NOT NULL,
    hash BLOB NOT NULL,
    vector TEXT NOT NULL
) WITHOUT ROWID;

-- Station codes of references; a station keeps its earlier codes.
CREATE TABLE station_code (code TEXT PRIMARY KEY, station TEXT NOT NULL, since INTEGER NOT NULL)
    WITHOUT ROWID;

-- `head` and `leaf_table` are the hashed bytes; the other columns are read from them.
CREATE TABLE head (
    station TEXT NOT NULL,
    number INTEGER NOT NULL,
    head BLOB NOT NULL,
    leaf_table BLOB NOT NULL,
    hash BLOB NOT NULL,
    signature BLOB,
    clock INTEGER NOT NULL,
    author TEXT NOT NULL,
    vector TEXT NOT NULL,
    message TEXT NOT NULL,
    undoes INTEGER,
    PRIMARY KEY (station, number)
) WITHOUT ROWID;

-- A leaf without salt and body is absent, or erased when `erased` says what its writes were.
-- `arrived` numbers the delivery that brought it after its head, 0 when they came together.
CREATE TABLE leaf (
    station TEXT NOT NULL,
    number INTEGER NOT NULL,
    position INTEGER NOT NULL,
    owner TEXT NOT NULL,
    register TEXT NOT NULL,
    kind TEXT NOT NULL,
    record TEXT,
    salt BLOB,
    body BLOB,
    erased TEXT,
    arrived INTEGER NOT NULL,
    PRIMARY KEY (station, number, position)
) WITHOUT ROWID;
CREATE INDEX leaf_record ON leaf (record) WHERE record IS NOT NULL;
CREATE INDEX leaf_absent ON leaf (register, owner, kind) WHERE body IS NULL AND erased IS NULL;

-- What erasures named, with what they keep of it: counts as an erased leaf where the leaf itself
-- is absent, and takes its bytes where it arrives later. `arrived` as above, of the erasure.
CREATE TABLE erasure (
    record TEXT NOT NULL,
    kind TEXT NOT NULL,
    station TEXT NOT NULL,
    number INTEGER NOT NULL,
    owner TEXT NOT NULL,
    register TEXT NOT NULL,
    keeps TEXT NOT NULL,
    arrived INTEGER NOT NULL,
    PRIMARY KEY (record, kind, station, number)
) WITHOUT ROWID;

CREATE TABLE counter (
    owner TEXT NOT NULL, register TEXT NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (owner, register)
) WITHOUT ROWID;

-- Records shipped with the program: the values under what users changed.
CREATE TABLE shipped (
    record TEXT PRIMARY KEY, register TEXT NOT NULL, number TEXT NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID;

-- Derived: fields whose heads disagree, deletions that crossed an edit.
CREATE TABLE conflict (
    record TEXT NOT NULL, register TEXT NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL,
    PRIMARY KEY (record, kind, field)
) WITHOUT ROWID;

-- Originals of imported files, kept at this station only.
CREATE TABLE kept_original (
    digest TEXT PRIMARY KEY, name TEXT NOT NULL, until TEXT NOT NULL
) WITHOUT ROWID;

-- Derived: the search index over folded text.
CREATE TABLE search_text (
    row INTEGER PRIMARY KEY, record TEXT NOT NULL, register TEXT NOT NULL, owner TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE UNIQUE INDEX search_record ON search_text (record, register);
CREATE VIRTUAL TABLE search_index USING fts5 (
    text, content = 'search_text', content_rowid = 'row', tokenize = 'trigram', detail = 'none'
);
