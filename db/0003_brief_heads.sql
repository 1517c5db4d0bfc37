-- An entry of many records has a leaf table of megabytes. SQLite reads a row of a table without
-- row numbers to its end whenever it looks for one; and what lies behind a large value is reached
-- by walking through it. What is read with each leaf therefore stands first, in a table with them.
CREATE TABLE head_anew (
    station TEXT NOT NULL,
    number INTEGER NOT NULL,
    clock INTEGER NOT NULL,
    author TEXT NOT NULL,
    vector TEXT NOT NULL,
    message TEXT NOT NULL,
    undoes INTEGER,
    hash BLOB NOT NULL,
    signature BLOB,
    head BLOB NOT NULL,
    leaf_table BLOB NOT NULL,
    PRIMARY KEY (station, number)
);
INSERT INTO head_anew
    SELECT station, number, clock, author, vector, message, undoes, hash, signature, head, leaf_table
    FROM head ORDER BY station, number;
DROP TABLE head;
ALTER TABLE head_anew RENAME TO head;
