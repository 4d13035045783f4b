-- Live rows of revenue as a start reads them, a column each like those of events: one row a run of 4,096 ids, by time and
-- id. Times, in ticks of micros, and amounts count from the least of the run; users and streams count from 1, 0 is none;
-- currencies are places in the list of codes. A row of revenue that changes takes the copy of its run away, and then the
-- rows themselves are read.
CREATE TABLE money_block (
  id INTEGER PRIMARY KEY,
  n INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  tick INTEGER NOT NULL,
  least_amount INTEGER NOT NULL,
  currencies TEXT NOT NULL,
  at BLOB NOT NULL,
  user BLOB NOT NULL,
  stream BLOB NOT NULL,
  no_order BLOB NOT NULL,
  order_key BLOB NOT NULL,
  amount BLOB NOT NULL,
  currency BLOB NOT NULL
) STRICT;
CREATE TRIGGER money_block_changed AFTER UPDATE ON revenue BEGIN
  DELETE FROM money_block WHERE id = old.id >> 12;
END;
CREATE TRIGGER money_block_gone AFTER DELETE ON revenue BEGIN
  DELETE FROM money_block WHERE id = old.id >> 12;
END;
