-- A check-in that was gone through to its end; of a day and a person the last one.
CREATE TABLE checkin (
  day TEXT NOT NULL,
  actor TEXT NOT NULL,
  finished_at TEXT NOT NULL,
  seconds INTEGER NOT NULL CHECK (seconds >= 0),
  focus TEXT NOT NULL,
  brief TEXT NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (day, actor)
) STRICT, WITHOUT ROWID;
