-- What a person puts off: the cause by its key, until a day.
CREATE TABLE snooze (
  cause TEXT PRIMARY KEY CHECK (cause <> ''),
  until TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- An operation type that is not done on purpose.
CREATE TABLE aside (
  op_type TEXT PRIMARY KEY
    CHECK (op_type IN ('product', 'user', 'activity', 'market', 'content', 'commercial', 'channel')),
  reason TEXT NOT NULL CHECK (reason <> '')
) STRICT, WITHOUT ROWID;
