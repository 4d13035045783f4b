CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Newest commit number in which a part changed; caches read only what is newer than what they hold.
CREATE TABLE change (part TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE day_change (day INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
CREATE INDEX day_change_seq ON day_change (seq);

CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
  zone TEXT,
  ended INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1))
) STRICT;

-- Where the columns of a header shape go; opaque text of the ingest layer.
CREATE TABLE mapping (
  fingerprint INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source (id),
  columns TEXT NOT NULL
) STRICT;

CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES source (id),
  file TEXT NOT NULL,
  began INTEGER NOT NULL,
  committed INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
  read INTEGER NOT NULL DEFAULT 0,
  inserted INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0,
  duplicate INTEGER NOT NULL DEFAULT 0,
  conflict INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  blank INTEGER NOT NULL DEFAULT 0,
  newest INTEGER,
  through INTEGER,
  rows INTEGER NOT NULL DEFAULT 0,
  digest BLOB NOT NULL DEFAULT x'00000000000000000000000000000000'
) STRICT;

CREATE TABLE stream_offset (
  source INTEGER NOT NULL REFERENCES source (id),
  file TEXT NOT NULL,
  offset INTEGER NOT NULL CHECK (offset >= 0),
  PRIMARY KEY (source, file)
) STRICT, WITHOUT ROWID;

CREATE TABLE term (
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4),
  id INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (kind, id),
  UNIQUE (kind, text)
) STRICT, WITHOUT ROWID;

-- Dense ids from 0. first_day is the first active day in the workspace zone; touch is the earliest event with a channel.
CREATE TABLE user (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  first_day INTEGER,
  touch_at INTEGER,
  touch_channel INTEGER
) STRICT;

-- id = UTC day << 32 | number within the day, so that a day is one range and late rows need no other index.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL,
  t INTEGER NOT NULL CHECK (t BETWEEN 0 AND 86399999999),
  name INTEGER NOT NULL,
  user INTEGER,
  channel INTEGER,
  platform INTEGER,
  props TEXT
) STRICT;

CREATE TABLE event_undone (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL,
  t INTEGER NOT NULL,
  name INTEGER NOT NULL,
  user INTEGER,
  channel INTEGER,
  platform INTEGER,
  props TEXT
) STRICT;

-- Sorted entries of 16 bytes: 12 of the identity hash, 4 of the number within the day.
CREATE TABLE identity (
  day INTEGER NOT NULL,
  batch INTEGER NOT NULL REFERENCES batch (id),
  seg INTEGER NOT NULL,
  rows BLOB NOT NULL,
  PRIMARY KEY (day, batch, seg)
) STRICT, WITHOUT ROWID;

-- state: 0 in the numbers, 1 replaced by a later import, 2 taken back with its import.
CREATE TABLE revenue (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batch (id),
  source INTEGER NOT NULL REFERENCES source (id),
  key BLOB NOT NULL,
  content BLOB NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
  order_id TEXT,
  order_key INTEGER,
  line TEXT,
  user INTEGER,
  at INTEGER NOT NULL,
  stream INTEGER,
  amount INTEGER NOT NULL CHECK (abs(amount) <= 1000000000000000),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  refund_of TEXT,
  undated INTEGER NOT NULL DEFAULT 0,
  props TEXT
) STRICT;
CREATE UNIQUE INDEX revenue_live ON revenue (source, key) WHERE state = 0;
CREATE INDEX revenue_key ON revenue (source, key);
CREATE INDEX revenue_at ON revenue (at) WHERE state = 0;
CREATE INDEX revenue_batch ON revenue (batch);

CREATE TABLE spend (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batch (id),
  source INTEGER NOT NULL REFERENCES source (id),
  key BLOB NOT NULL,
  content BLOB NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
  day INTEGER NOT NULL,
  channel INTEGER,
  campaign INTEGER,
  amount INTEGER NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  impressions INTEGER,
  clicks INTEGER
) STRICT;
CREATE UNIQUE INDEX spend_live ON spend (source, key) WHERE state = 0;
CREATE INDEX spend_key ON spend (source, key);
CREATE INDEX spend_batch ON spend (batch);

CREATE TABLE reject (
  id INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batch (id),
  line INTEGER NOT NULL,
  code TEXT NOT NULL,
  detail TEXT NOT NULL,
  raw TEXT NOT NULL,
  key BLOB NOT NULL UNIQUE
) STRICT;
CREATE INDEX reject_batch ON reject (batch);

-- kind: 0 active users, 1 by platform, 2 by event name. users: ascending dense ids as delta varints.
CREATE TABLE rollup (
  day INTEGER NOT NULL,
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
  key INTEGER NOT NULL,
  seg INTEGER NOT NULL,
  users BLOB NOT NULL,
  PRIMARY KEY (day, kind, key, seg)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_count (
  day INTEGER NOT NULL,
  name INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (day, name)
) STRICT, WITHOUT ROWID;

CREATE VIEW v_event AS
  SELECT (e.id >> 32) * 86400000000 + e.t AS at_micros, u.name AS user, n.text AS event, c.text AS channel,
    p.text AS platform, e.props AS props, e.batch AS batch
  FROM event e LEFT JOIN user u ON u.id = e.user JOIN term n ON n.kind = 0 AND n.id = e.name
    LEFT JOIN term c ON c.kind = 1 AND c.id = e.channel LEFT JOIN term p ON p.kind = 2 AND p.id = e.platform;

CREATE VIEW v_revenue AS
  SELECT r.at AS at_micros, r.order_id AS order_id, u.name AS user, s.text AS stream, r.amount AS amount_micros,
    r.currency AS currency, r.refund_of AS refund_of, r.batch AS batch
  FROM revenue r LEFT JOIN user u ON u.id = r.user LEFT JOIN term s ON s.kind = 3 AND s.id = r.stream
  WHERE r.state = 0;

CREATE VIEW v_spend AS
  SELECT x.day AS day, c.text AS channel, k.text AS campaign, x.amount AS amount_micros, x.currency AS currency,
    x.impressions AS impressions, x.clicks AS clicks, x.batch AS batch
  FROM spend x LEFT JOIN term c ON c.kind = 1 AND c.id = x.channel LEFT JOIN term k ON k.kind = 4 AND k.id = x.campaign
  WHERE x.state = 0;
