-- What an event name means. Every name with an event has a row; guessed: from the name, until somebody says otherwise.
CREATE TABLE role (
  name INTEGER PRIMARY KEY,
  role TEXT,
  passive INTEGER NOT NULL CHECK (passive IN (0, 1)),
  guessed INTEGER NOT NULL CHECK (guessed IN (0, 1))
) STRICT;

-- What users came through: the channel text of an event and its medium, '' where it has none.
CREATE TABLE touch (
  id INTEGER PRIMARY KEY,
  channel INTEGER NOT NULL,
  medium TEXT NOT NULL,
  UNIQUE (channel, medium)
) STRICT;
INSERT INTO touch (id, channel, medium) SELECT id, id, '' FROM term WHERE kind = 1;
ALTER TABLE user RENAME COLUMN touch_channel TO touch;

-- Where raw channels go. source and medium stand trimmed and folded; medium '' is any.
CREATE TABLE channel_rule (
  source TEXT NOT NULL CHECK (source <> ''),
  medium TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel <> ''),
  PRIMARY KEY (source, medium)
) STRICT, WITHOUT ROWID;
