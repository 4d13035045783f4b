-- Events lie in blocks of rows of one UTC day and one import, a column each; a column holds numbers of one width, the
-- most significant byte first: length / n bytes each, none where all are 0. id = UTC day << 32 | number of the first row
-- within the day. t is in ticks of so many micros since midnight. name is a term; user, platform and channel are an id
-- plus 1, 0 for none; prop is the place, from 1, of the row's properties in texts, whose texts end at ends (4 bytes each).
-- identity has 12 bytes of the hash that identifies a row within its day. seal is a hash over all else, since pages of
-- SQLite have none. Blocks of an import that is taken back stay.
CREATE TABLE event_block (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL,
  n INTEGER NOT NULL CHECK (n BETWEEN 1 AND 16384),
  tick INTEGER NOT NULL CHECK (tick IN (1, 1000, 1000000)),
  t BLOB NOT NULL,
  name BLOB NOT NULL,
  user BLOB NOT NULL,
  platform BLOB NOT NULL,
  channel BLOB NOT NULL,
  identity BLOB NOT NULL CHECK (length(identity) = 12 * n),
  prop BLOB NOT NULL,
  ends BLOB NOT NULL,
  texts BLOB NOT NULL,
  seal INTEGER NOT NULL
) STRICT;

-- The earliest event with a channel of users, as users come to have an earlier one; the earliest of all entries counts.
-- users as in rollup, 8 bytes of micros and 4 of the touch each.
CREATE TABLE first_touch (
  seg INTEGER PRIMARY KEY,
  n INTEGER NOT NULL,
  users BLOB NOT NULL,
  at BLOB NOT NULL,
  touch BLOB NOT NULL
) STRICT;
