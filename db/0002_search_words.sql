-- Derived: the words of the search texts, by which a misspelt word is understood. `sound` is how a
-- word sounds, `backwards` the same from its end: an error leaves one of the two ends as it is.
CREATE TABLE search_word (
    word TEXT PRIMARY KEY, sound TEXT NOT NULL, backwards TEXT NOT NULL, count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX search_word_sound ON search_word (sound);
CREATE INDEX search_word_backwards ON search_word (backwards);

-- What is called by the words searched is found before what only mentions them.
CREATE INDEX search_start ON search_text (register, substr(text, 1, 12));

-- The tables are made again at the next opening, and the words with them.
DELETE FROM meta WHERE key = 'tables';
