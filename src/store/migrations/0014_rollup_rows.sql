-- Sets of users as rows with an index of their keys: in a tree that holds whole rows SQLite reads a row to its end to
-- compare its key, which for a set of users is pages of ids. Columns are those of before, and the sets are made anew.
DROP TABLE rollup;
CREATE TABLE rollup (
  day INTEGER NOT NULL,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
  key INTEGER NOT NULL,
  seg INTEGER NOT NULL,
  users BLOB NOT NULL,
  UNIQUE (day, kind, key, seg)
) STRICT;
